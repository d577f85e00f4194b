/* Go's mop_test.go, from function arguments to appends: variables of every type. */
#include "map.h"
#include "slices.h"
#include "values.h"

#include <complex.h>
#include <stdlib.h>

struct point {
    long x;
    long y;
};

struct named_point {
    const char *name;
    struct point p;
};

__attribute__((__noinline__)) static void take(long x)
{
    use(x);
}

CASE(RaceFuncArgument)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        take(x);
    });
    x = 1;
    chan_recv(done);
}

CASE(RaceFuncArgument2)
{
    __block int x = 0;
    chan(bool) passed = chan_make(bool, 1);
    chan(bool) done = beside(^{
        x = 42;
    });
    go ^(int y) {
        use(y);
        chan_send(passed, true);
    }(x);
    chan_recv(done);
    chan_recv(passed);
}

CASE(RaceSprint)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        char text[16];
        snprintf(text, sizeof text, "%d", x);
        use_pointer(text);
    });
    x = 1;
    chan_recv(done);
}

struct five {
    int at[5];
};

CASE(RaceArrayCopy)
{
    __block struct five a = {{0}};
    chan(bool) done = beside(^{
        a.at[3] = 1;
    });
    a = (struct five){{1, 2, 3, 4, 5}};
    chan_recv(done);
}

typedef struct points_32 {
    struct point at[2][2][2][2][2];
} points_32;

typedef struct points_1024 {
    points_32 at[2][2][2][2][2];
} points_1024;

typedef struct points_32k {
    points_1024 at[2][2][2][2][2];
} points_32k;

typedef struct points_1m {
    points_32k at[2][2][2][2][2];
} points_1m;

CASE(RaceNestedArrayCopy)
{
    points_1m *a = calloc(1, sizeof *a);
    points_1m *b = calloc(1, sizeof *b);
    use_pointer(a);
    chan(bool) done = beside(^{
        a->at[0][1][0][1][0].at[1][0][1][0][1].at[0][1][0][1][0].at[1][0][1][0][1].y = 1;
    });
    *a = *b;
    chan_recv(done);
    use_pointer(a);
}

CASE(RaceStructRW)
{
    __block struct point p = {0, 0};
    chan(bool) done = beside(^{
        p = (struct point){1, 1};
    });
    struct point q = p;
    chan_recv(done);
    p = q;
}

CASE(RaceStructFieldRW1)
{
    __block struct point p = {0, 0};
    chan(bool) done = beside(^{
        p.x = 1;
    });
    use(p.x);
    chan_recv(done);
}

CASE(NoRaceStructFieldRW1)
{
    __block struct point p = {0, 0};
    chan(bool) done = beside(^{
        p.x = 1;
    });
    p.y = 1;
    chan_recv(done);
    use(p.x + p.y);
}

CASE(NoRaceStructFieldRW2)
{
    struct point *p = calloc(1, sizeof *p);
    chan(bool) done = beside(^{
        p->x = 1;
    });
    p->y = 1;
    chan_recv(done);
    use(p->x + p->y);
}

CASE(RaceStructFieldRW2)
{
    struct point *p = calloc(1, sizeof *p);
    chan(bool) done = beside(^{
        p->x = 1;
    });
    use(p->x);
    chan_recv(done);
}

CASE(RaceStructFieldRW3)
{
    __block struct named_point p = {"a", {0, 0}};
    chan(bool) done = beside(^{
        p.p.x = 1;
    });
    use(p.p.x);
    chan_recv(done);
}

CASE(RaceEfaceWW)
{
    __block struct value a = {NULL, {0}};
    chan(bool) done = beside(^{
        a = value_of(1);
    });
    a = value_of(2);
    chan_recv(done);
}

CASE(RaceIfaceWW)
{
    __block struct value a = {NULL, {0}};
    chan(bool) done = beside(^{
        a = value_of(1);
    });
    a = value_of(2);
    chan_recv(done);
    struct value b = a;
    a = b;
}

CASE(RaceIfaceCmp)
{
    __block struct value a = value_of(1);
    struct value b = {NULL, {0}};
    chan(bool) done = beside(^{
        a = value_of(1);
    });
    use(a.type == b.type && a.number == b.number);
    chan_recv(done);
}

CASE(RaceIfaceCmpNil)
{
    __block struct value a = value_of(1);
    chan(bool) done = beside(^{
        a = value_of(1);
    });
    use(a.type == NULL);
    chan_recv(done);
}

CASE(RaceEfaceConv)
{
    __block int v = 0;
    chan(bool) done = beside(^{
        go use_value(value_of(v));
    });
    v = 42;
    chan_recv(done);
}

CASE(RaceIfaceConv)
{
    static int files[2];
    __block int *f = &files[0];
    chan(bool) done = beside(^{
        go use_value(value_at(f));
    });
    f = &files[1];
    chan_recv(done);
}

CASE(RaceError)
{
    __block const char *error = NULL;
    chan(bool) done = beside(^{
        error = NULL;
    });
    use_pointer(error);
    chan_recv(done);
}

CASE(RaceIntptrRW)
{
    int x = 0;
    int *p = &x;
    chan(bool) done = beside(^{
        *p = 5;
    });
    int y = *p;
    use(y);
    x = y;
    chan_recv(done);
}

CASE(RaceStringRW)
{
    __block struct string s = STRING("");
    chan(bool) done = beside(^{
        s = STRING("abacaba");
    });
    use_pointer(s.data);
    chan_recv(done);
}

CASE(RaceStringPtrRW)
{
    struct string x = STRING("");
    struct string *p = &x;
    chan(bool) done = beside(^{
        *p = STRING("a");
    });
    use((long)p->len);
    chan_recv(done);
}

CASE(RaceFloat64WW)
{
    __block double x = 0;
    chan(bool) done = beside(^{
        x = 1.0;
    });
    x = 2.0;
    chan_recv(done);
    double y = x;
    x = y;
}

CASE(RaceComplex128WW)
{
    __block double complex x = 0;
    chan(bool) done = beside(^{
        x = 2 + 2 * I;
    });
    x = 4 + 4 * I;
    chan_recv(done);
    double complex y = x;
    x = y;
}

CASE(RaceUnsafePtrRW)
{
    static int x = 1;
    static int z = 3;
    __block void *p = &x;
    chan(bool) done = beside(^{
        p = &z;
    });
    use(*(int *)p);
    chan_recv(done);
}

static int square(int x)
{
    return x * x;
}

static int same(int x)
{
    return x;
}

CASE(RaceFuncVariableRW)
{
    __block int (*f)(int) = square;
    chan(bool) done = beside(^{
        f = same;
    });
    use(f(1));
    chan_recv(done);
}

CASE(RaceFuncVariableWW)
{
    __block int (*f)(int) = NULL;
    chan(bool) done = beside(^{
        f = same;
    });
    f = square;
    chan_recv(done);
}

static void write_recovered(int *x, int value)
{
    CHECK_STR(goc_recover(), "runtime error: integer divide by zero");
    *x = value;
}

static int divide(int dividend, int divisor)
{
    if (divisor == 0)
        goc_panic("runtime error: integer divide by zero");
    return dividend / divisor;
}

static void divide_by_zero(int *zero, int *x, int value)
{
    goc_defer write_recovered(x, value);
    *zero = divide(1, *zero);
}

CASE(RacePanic)
{
    static int zero;
    static int x;
    both(
        ^{
            divide_by_zero(&zero, &x, 1);
        },
        ^{
            divide_by_zero(&zero, &x, 2);
        });
    CHECK_EQ(zero, 0);
    use(x);
}

CASE(NoRaceBlank)
{
    __block struct five a = {{0}};
    chan(bool) done = beside(^{
        use(a.at[0]);
        use(a.at[1]);
    });
    use(a.at[2]);
    use(a.at[3]);
    chan_recv(done);
    a.at[1] = a.at[0];
}

CASE(RaceAppendRW)
{
    struct slice a = slice_make(sizeof(int), 10);
    chan(bool) done = beside(^{
        use_pointer(slice_append(a, &(int){1}, 1).data);
    });
    AT(a, 0, int) = 1;
    chan_recv(done);
}

CASE(RaceAppendLenRW)
{
    __block struct slice a = slice_make(sizeof(int), 0);
    chan(bool) done = beside(^{
        a = slice_append(a, &(int){1}, 1);
    });
    use((long)a.len);
    chan_recv(done);
}

CASE(RaceAppendCapRW)
{
    __block struct slice a = slice_make(sizeof(int), 0);
    chan(bool) done = beside(^{
        a = slice_append(a, &(int){1}, 1);
    });
    use((long)a.cap);
    chan_recv(done);
}

CASE(NoRaceFuncArgsRW)
{
    chan(char) c = chan_make(char, 1);
    __block char x = 0;
    go ^(char y) {
        use(y);
        chan_send(c, 0);
    }(x);
    x = 1;
    chan_recv(c);
}

CASE(RaceFuncArgsRW)
{
    chan(char) c = chan_make(char, 1);
    char x = 0;
    go ^(const char *y) {
        use(*y);
        chan_send(c, 0);
    }(&x);
    x = 1;
    chan_recv(c);
}

static struct map *seen;
static goc_waitgroup crawlers;
static chan(int) crawled;

static void crawl(const char *url, int depth)
{
    static const char *const urls[] = {"a", "b", "c"};
    int started = 0;
    map_put(seen, &url, &(bool){true});
    for (int i = 0; depth > 0 && i < 3; i++) {
        if (map_find(seen, &urls[i]))
            continue;
        goc_waitgroup_add(&crawlers, 1);
        go crawl(urls[i], depth - 1);
        started++;
    }
    goc_waitgroup_done(&crawlers);
    chan_send(crawled, started);
}

CASE(RaceCrawl)
{
    seen = map_make(sizeof(char *), sizeof(bool));
    crawled = chan_make(int, 100);
    goc_waitgroup_add(&crawlers, 1);
    go crawl("dummyurl", 3);
    goc_waitgroup_wait(&crawlers);
}

CASE(RaceIndirection)
{
    static int y;
    int *x = &y;
    chan(bool) done = beside(^{
        *x = 1;
    });
    *x = 2;
    chan_recv(done);
    use(*x);
}

CASE(RaceRune)
{
    __block int32_t x = 0;
    chan(bool) done = beside(^{
        x = 1;
    });
    use(x);
    chan_recv(done);
}

CASE(RaceEmptyInterface1)
{
    __block struct value x = {NULL, {0}};
    chan(bool) done = beside(^{
        x = (struct value){NULL, {0}};
    });
    use_value(x);
    chan_recv(done);
}

CASE(RaceEmptyInterface2)
{
    static struct point point;
    __block struct value x = {NULL, {0}};
    chan(bool) done = beside(^{
        x = value_at(&point);
    });
    use_value(x);
    chan_recv(done);
}

CASE(RaceTLS)
{
    chan(int *) c = chan_make(int *, 0);
    both(
        ^{
            int x = 0;
            chan_send(c, &x);
            x = 1;
            x = *chan_recv(c);
            use(x);
        },
        ^{
            int *p = chan_recv(c);
            *p = 2;
            chan_send(c, p);
        });
}

static void write_short_lived(void)
{
    int *x = malloc(sizeof *x);
    *x = 1;
    use_pointer(x);
    free(x);
}

CASE(NoRaceHeapReallocation)
{
    static struct barrier gate;
    both(
        ^{
            write_short_lived();
            barrier_arrive(&gate);
        },
        ^{
            see(&gate, 1);
            write_short_lived();
        });
}

CASE(NoRaceTinyAlloc)
{
    enum { PARTIES = 4, ROUNDS = 10000 };
    chan(bool) done[PARTIES];
    for (int p = 0; p < PARTIES; p++)
        done[p] = beside(^{
            for (int i = 0; i < ROUNDS; i++) {
                char *b = malloc(1);
                use_pointer(b);
                *b = 42;
                free(b);
            }
        });
    for (int p = 0; p < PARTIES; p++)
        chan_recv(done[p]);
}
