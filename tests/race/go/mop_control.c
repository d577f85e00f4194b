/* Go's mop_test.go, from switch to arithmetic: every memory access that a statement makes. */
#include "map.h"
#include "values.h"

static int global_x;
static int global_y;
static chan(int) global_channel;

static void copy_global(void)
{
    global_y = global_x;
    chan_send(global_channel, 1);
}

static void write_global(void)
{
    global_x = 1;
    chan_send(global_channel, 1);
}

CASE(RaceIntRWGlobalFuncs)
{
    global_channel = chan_make(int, 2);
    go copy_global();
    go write_global();
    chan_recv(global_channel);
    chan_recv(global_channel);
    use(global_y);
}

CASE(RaceIntRWClosures)
{
    __block int x = 0;
    __block int y = 0;
    both(
        ^{
            y = x;
        },
        ^{
            x = 1;
        });
}

CASE(NoRaceIntRWClosures)
{
    __block int x = 0;
    __block int y = 0;
    chan_recv(beside(^{
        y = x;
    }));
    chan_recv(beside(^{
        x = 1;
    }));
}

CASE(RaceInt32RWClosures)
{
    __block int32_t x = 0;
    __block int32_t y = 0;
    both(
        ^{
            y = x;
        },
        ^{
            x = 1;
        });
}

CASE(NoRaceCase)
{
    __block int y = 0;
    for (int x = -1; x <= 1; x++) {
        if (x < 0)
            y = -1;
        else if (x == 0)
            y = 0;
        else
            y = 1;
    }
    y++;
    use(y);
}

CASE(RaceCaseCondition)
{
    __block int x = 0;
    both(
        ^{
            x = 2;
        },
        ^{
            switch ((int)(x < 2)) {
            case 1:
                x = 1;
            }
        });
}

CASE(RaceCaseCondition2)
{
    __block int x = 0;
    both(
        ^{
            x = 2;
        },
        ^{
            switch ((int)(x < 2)) {
            case 1:
                x = 1;
                break;
            case 0:
                x = 5;
                break;
            }
        });
}

CASE(RaceCaseBody)
{
    __block int x = 0;
    __block int y = 0;
    both(
        ^{
            y = x;
        },
        ^{
            switch (x) {
            default:
                x = 1;
                break;
            case 100:
                x = -x;
                break;
            }
        });
}

CASE(NoRaceCaseFallthrough)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 1;
    both(
        ^{
            y = x;
        },
        ^{
            switch (z) {
            case 1:
                break;
            case 2:
                x = 2;
                break;
            }
        });
}

CASE(RaceCaseFallthrough)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 1;
    both(
        ^{
            y = x;
        },
        ^{
            switch (z) {
            case 1:
                __attribute__((__fallthrough__));
            case 2:
                x = 2;
                break;
            }
        });
}

CASE(RaceCaseIssue6418)
{
    static const char a[2] = "a";
    static const char b[2] = "b";
    static const char x[2] = "x";
    struct map *inner = map_make(sizeof b, 1);
    struct map *m = map_make(sizeof a, sizeof inner);
    map_put(inner, b, "c");
    map_put(m, a, &inner);
    chan(bool) done = beside(^{
        struct map **found = map_find(m, a);
        map_put(*found, x, "y");
    });
    char value;
    struct map **found = map_find(m, a);
    map_get(*found, b, &value);
    switch (value) {
    case 'c':
        use(value);
    }
    chan_recv(done);
}

CASE(RaceCaseType)
{
    __block struct value i = value_of(0);
    chan(bool) done = beside(^{
        if (i.type == NULL)
            use(0);
        else if (i.type == &int_type)
            use(1);
    });
    i = value_of(1);
    chan_recv(done);
}

static void write_through(struct value i, int y)
{
    if (i.type == &pointer_type)
        *(int *)i.place = y;
}

CASE(RaceCaseTypeBody)
{
    __block int x = 0;
    __block int y = 0;
    int *place = &x;
    struct value i = value_at(place);
    chan(bool) done = beside(^{
        write_through(i, y);
    });
    *place = y;
    chan_recv(done);
}

CASE(RaceCaseTypeIssue5890)
{
    static const int zero = 0;
    static const int one = 1;
    __block int x = 0;
    struct map *inner = map_make(sizeof(int), sizeof(struct value));
    struct map *m = map_make(sizeof(int), sizeof inner);
    map_put(m, &zero, &inner);
    chan(bool) done = beside(^{
        struct map **found = map_find(m, &zero);
        struct value i;
        map_get(*found, &one, &i);
        write_through(i, x);
    });
    struct map **found = map_find(m, &zero);
    struct value y = value_of(0);
    map_put(*found, &one, &y);
    chan_recv(done);
}

CASE(NoRaceRange)
{
    chan(int) c = chan_make(int, 3);
    __block int a[] = {1, 2, 3};
    for (int i = 0; i < 3; i++)
        chan_send(c, a[i]);
    chan_close(c);
}

/* The element that the walk assigns to is one of another array. */
CASE(NoRaceRangeIssue5446)
{
    chan(int) c = chan_make(int, 3);
    __block int a[] = {1, 2, 3};
    __block int b[] = {4};
    int i = 1;
    for (int k = 0; k < 1; k++) {
        a[i] = b[k];
        i = k;
        chan_send(c, i);
    }
    chan_close(c);
}

CASE(RaceRange)
{
    enum { COUNT = 2 };
    int a[COUNT] = {0};
    __block int v = 0;
    __block int x = 0;
    __block int y = 0;
    chan(bool) done = chan_make(bool, COUNT);
    for (int i = 0; i < COUNT; i++) {
        v = a[i];
        go ^(int index) {
            if (index == 0)
                x = v;
            else
                y = v;
            chan_send(done, true);
        }(i);
        goc_yield();
    }
    for (int i = 0; i < COUNT; i++)
        chan_recv(done);
}

CASE(RaceForInit)
{
    chan(int) c = chan_make(int, 0);
    __block int x = 0;
    go ^{
        chan_send(c, x);
    }();
    for (x = 42; chan_cap(c) > 0;)
        goc_yield();
    chan_recv(c);
}

/* Run CHANGE for each element of C. */
static chan(bool) change_for_each(chan(bool) c, void (^change)(void))
{
    return beside(^{
        chan_range(elem, c)
        {
            use(elem);
            change();
}
});
}

CASE(NoRaceForInit)
{
    chan(bool) c = chan_make(bool, 0);
    __block int x = 0;
    chan(bool) done = change_for_each(c, ^{
        x++;
    });
    int i = 0;
    for (x = 42; i < 10; i++)
        chan_send(c, true);
    chan_close(c);
    chan_recv(done);
}

CASE(RaceForTest)
{
    chan(bool) c = chan_make(bool, 0);
    __block bool stop = false;
    chan(bool) done = change_for_each(c, ^{
        stop = true;
    });
    while (!stop)
        chan_send(c, true);
    chan_close(c);
    chan_recv(done);
}

CASE(RaceForIncr)
{
    chan(bool) c = chan_make(bool, 0);
    __block int x = 0;
    chan(bool) done = change_for_each(c, ^{
        x++;
    });
    for (int i = 0; i < 10; x++) {
        i++;
        chan_send(c, true);
    }
    chan_close(c);
    chan_recv(done);
}

CASE(NoRaceForIncr)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        x++;
    });
    for (size_t i = 1; i < chan_cap(done); x++)
        i++;
    chan_recv(done);
}

CASE(RacePlus)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    both(
        ^{
            y = x + z;
        },
        ^{
            y = x + z + z;
        });
}

CASE(RacePlus2)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    both(
        ^{
            x = 1;
        },
        ^{
            y = +x + z;
        });
}

CASE(NoRacePlus)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    __block int f = 0;
    both(
        ^{
            y = x + z;
        },
        ^{
            f = z + x;
        });
}

CASE(RaceComplement)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    both(
        ^{
            x = ~y;
        },
        ^{
            y = ~z;
        });
}

CASE(RaceDiv)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    both(
        ^{
            x = y / (z + 1);
        },
        ^{
            y = z;
        });
}

CASE(RaceDivConst)
{
    __block uint32_t x = 0;
    __block uint32_t y = 0;
    __block uint32_t z = 0;
    both(
        ^{
            x = y / 3;
        },
        ^{
            y = z;
        });
}

CASE(RaceMod)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    both(
        ^{
            x = y % (z + 1);
        },
        ^{
            y = z;
        });
}

CASE(RaceModConst)
{
    __block int x = 0;
    __block int y = 0;
    __block int z = 0;
    both(
        ^{
            x = y % 3;
        },
        ^{
            y = z;
        });
}

CASE(RaceRotate)
{
    __block uint32_t x = 0;
    __block uint32_t y = 0;
    __block uint32_t z = 0;
    both(
        ^{
            x = y << 12 | y >> 20;
        },
        ^{
            y = z;
        });
}

CASE(NoRaceEnoughRegisters)
{
    __block double s = 3.1415;
    __block double sum = 0;
    sum = 1 + s * (1 + s * (2 + s * (3 + s * (4 + s * (5 + s * (6 + s * (7 + s * 8)))))));
    s = sum;
    use((long)s);
}

/* && and || read their right side only where the left does not decide. */

static chan(bool) write_one(int *place)
{
    return beside(^{
        *place = 1;
    });
}

#define SHORT_CIRCUIT(WRITTEN, CONDITION)                                                \
    __block int x = 0;                                                                   \
    __block int y = 0;                                                                   \
    use_pointer(&x);                                                                     \
    use_pointer(&y);                                                                     \
    chan(bool) done = write_one(&(WRITTEN));                                             \
    if (CONDITION)                                                                       \
        use(1);                                                                          \
    chan_recv(done)

CASE(RaceAnd)
{
    SHORT_CIRCUIT(x, x == 1 && y == 1);
}

CASE(RaceAnd2)
{
    SHORT_CIRCUIT(x, y == 0 && x == 1);
}

CASE(NoRaceAnd)
{
    SHORT_CIRCUIT(x, y == 1 && x == 1);
}

CASE(RaceOr)
{
    SHORT_CIRCUIT(x, x == 1 || y == 1);
}

CASE(RaceOr2)
{
    SHORT_CIRCUIT(x, y == 1 || x == 1);
}

CASE(NoRaceOr)
{
    SHORT_CIRCUIT(x, y == 0 || x == 1);
}

CASE(NoRaceShortCalc)
{
    SHORT_CIRCUIT(y, x == 0 || y == 0);
}

CASE(NoRaceShortCalc2)
{
    SHORT_CIRCUIT(y, x == 1 && y == 0);
}
