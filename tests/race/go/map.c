/* Go's map_test.go, with map.h for the map. */
#include "map.h"

#include "cases.h"

static const int one = 1;
static const int two = 2;

static struct map *int_map(void)
{
    return map_make(sizeof(int), sizeof(int));
}

static struct map *string_map(void)
{
    return map_make(8, sizeof(bool));
}

static void read_int(const struct map *m, const int *key)
{
    int value;
    map_get(m, key, &value);
    use(value);
}

static const char no_key[8] = "";
static const char key_a[8] = "a";
static const bool yes = true;

CASE(RaceMapRW)
{
    struct map *m = int_map();
    chan(bool) done = beside(^{
        read_int(m, &one);
    });
    map_put(m, &one, &one);
    chan_recv(done);
}

CASE(RaceMapRW2)
{
    struct map *m = int_map();
    chan(bool) done = beside(^{
        int value;
        use(map_get(m, &one, &value));
    });
    map_put(m, &one, &one);
    chan_recv(done);
}

CASE(RaceMapRWArray)
{
    struct map *m = map_make(sizeof(int), 2 * sizeof(int));
    chan(bool) done = beside(^{
        int values[2];
        map_get(m, &one, values);
        use(values[1]);
    });
    map_put(m, &two, (const int[]){1, 2});
    chan_recv(done);
}

CASE(NoRaceMapRR)
{
    struct map *m = int_map();
    both(
        ^{
            read_int(m, &one);
        },
        ^{
            read_int(m, &one);
        });
}

CASE(RaceMapRange)
{
    struct map *m = int_map();
    chan(bool) done = beside(^{
        use((long)map_walk(m));
    });
    map_put(m, &one, &one);
    chan_recv(done);
}

CASE(RaceMapRange2)
{
    struct map *m = int_map();
    map_put(m, &two, &two);
    chan(bool) done = beside(^{
        use((long)map_walk(m));
    });
    map_put(m, &one, &one);
    chan_recv(done);
}

CASE(NoRaceMapRangeRange)
{
    struct map *m = int_map();
    map_put(m, &one, &one);
    both(
        ^{
            use((long)map_walk(m));
        },
        ^{
            use((long)map_walk(m));
        });
}

CASE(RaceMapLen)
{
    struct map *m = string_map();
    chan(bool) done = beside(^{
        use((long)map_len(m));
    });
    map_put(m, no_key, &yes);
    chan_recv(done);
}

CASE(RaceMapDelete)
{
    struct map *m = string_map();
    chan(bool) done = beside(^{
        map_delete(m, no_key);
    });
    map_put(m, no_key, &yes);
    chan_recv(done);
}

CASE(RaceMapLenDelete)
{
    struct map *m = string_map();
    chan(bool) done = beside(^{
        map_delete(m, key_a);
    });
    use((long)map_len(m));
    chan_recv(done);
}

CASE(RaceMapVariable)
{
    __block struct map *m = int_map();
    chan(bool) done = beside(^{
        m = int_map();
    });
    m = int_map();
    chan_recv(done);
}

CASE(RaceMapVariable2)
{
    __block struct map *m = int_map();
    chan(bool) done = beside(^{
        map_put(m, &one, &one);
    });
    m = int_map();
    chan_recv(done);
}

CASE(RaceMapVariable3)
{
    __block struct map *m = int_map();
    chan(bool) done = beside(^{
        read_int(m, &one);
    });
    m = int_map();
    chan_recv(done);
}

/* A key is read as a whole, and so is a value that is stored. */

struct big {
    int32_t x[17];
};

static struct big *new_big(void)
{
    return calloc(1, sizeof(struct big));
}

static struct map *big_keys(void)
{
    return map_make(sizeof(struct big), sizeof(bool));
}

CASE(RaceMapLookupPartKey)
{
    struct big *k = new_big();
    struct map *m = big_keys();
    chan(bool) done = beside(^{
        k->x[8] = 1;
    });
    bool value;
    map_get(m, k, &value);
    use(value);
    chan_recv(done);
}

CASE(RaceMapLookupPartKey2)
{
    struct big *k = new_big();
    struct map *m = big_keys();
    chan(bool) done = beside(^{
        k->x[8] = 1;
    });
    bool value;
    use(map_get(m, k, &value));
    chan_recv(done);
}

CASE(RaceMapDeletePartKey)
{
    struct big *k = new_big();
    struct map *m = big_keys();
    chan(bool) done = beside(^{
        k->x[8] = 1;
    });
    map_delete(m, k);
    chan_recv(done);
}

CASE(RaceMapInsertPartKey)
{
    struct big *k = new_big();
    struct map *m = big_keys();
    chan(bool) done = beside(^{
        k->x[8] = 1;
    });
    map_put(m, k, &yes);
    chan_recv(done);
}

CASE(RaceMapInsertPartVal)
{
    struct big *v = new_big();
    struct map *m = map_make(sizeof(int), sizeof *v);
    chan(bool) done = beside(^{
        v->x[8] = 1;
    });
    map_put(m, &one, v);
    chan_recv(done);
}

struct connection {
    int number;
    const char *error;
};

static struct connection connect_one(void)
{
    return (struct connection){42, NULL};
}

CASE(RaceMapAssignMultipleReturn)
{
    struct map *connections = map_make(sizeof(int), sizeof(int *));
    int *numbers = calloc(1, sizeof *numbers);
    map_put(connections, &one, &numbers);
    __block const char *error = NULL;
    chan(bool) done = beside(^{
        struct connection made = connect_one();
        int **place = map_find(connections, &one);
        (*place)[0] = made.number;
        error = made.error;
    });
    int **place = map_find(connections, &one);
    use((*place)[0]);
    chan_recv(done);
    use_pointer(error);
}

typedef struct big_key {
    int *x[1000];
} big_key;

struct big_value {
    int x;
    int *y[1000];
};

static struct map *biggest_keys(void)
{
    return map_make(sizeof(big_key), sizeof(int));
}

CASE(RaceMapBigKeyAccess1)
{
    struct map *m = biggest_keys();
    __block big_key k = {{0}};
    chan(bool) done = beside(^{
        int value;
        map_get(m, &k, &value);
        use(value);
    });
    k.x[30] = calloc(1, sizeof(int));
    chan_recv(done);
}

CASE(RaceMapBigKeyAccess2)
{
    struct map *m = biggest_keys();
    __block big_key k = {{0}};
    chan(bool) done = beside(^{
        int value;
        use(map_get(m, &k, &value));
    });
    k.x[30] = calloc(1, sizeof(int));
    chan_recv(done);
}

CASE(RaceMapBigKeyInsert)
{
    struct map *m = biggest_keys();
    __block big_key k = {{0}};
    chan(bool) done = beside(^{
        map_put(m, &k, &one);
    });
    k.x[30] = calloc(1, sizeof(int));
    chan_recv(done);
}

CASE(RaceMapBigKeyDelete)
{
    struct map *m = biggest_keys();
    __block big_key k = {{0}};
    chan(bool) done = beside(^{
        map_delete(m, &k);
    });
    k.x[30] = calloc(1, sizeof(int));
    chan_recv(done);
}

static struct map *big_values(void)
{
    return map_make(sizeof(int), sizeof(struct big_value));
}

CASE(RaceMapBigValInsert)
{
    struct map *m = big_values();
    __block struct big_value v = {0};
    chan(bool) done = beside(^{
        map_put(m, &one, &v);
    });
    v.y[30] = calloc(1, sizeof(int));
    chan_recv(done);
}

CASE(RaceMapBigValAccess1)
{
    struct map *m = big_values();
    __block struct big_value v = {0};
    chan(bool) done = beside(^{
        map_get(m, &one, &v);
    });
    v.y[30] = calloc(1, sizeof(int));
    chan_recv(done);
}

CASE(RaceMapBigValAccess2)
{
    struct map *m = big_values();
    __block struct big_value v = {0};
    chan(bool) done = beside(^{
        use(map_get(m, &one, &v));
    });
    v.y[30] = calloc(1, sizeof(int));
    chan_recv(done);
}
