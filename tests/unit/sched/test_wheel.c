/* The wheel against a list of what it holds: buckets come in order, each with all its entries,
 * whatever was inserted and removed. */
#include "base/rand.h"
#include "sched/wheel.h"
#include "unit.h"

enum { NODES = 3000, ROUNDS = 60000 };

#define BUCKET_NS (INT64_C(1) << WHEEL_SHIFT)

struct item {
    struct heap_node node; /* first: an entry's node is its item */
    int64_t key;
};

static struct item items[NODES];
static struct wheel wheel;
static struct rand dice;

static void begin(uint64_t seed)
{
    rand_seed(&dice, seed);
    while (wheel.count > 0)
        goc__wheel_take(&wheel);
    for (int i = 0; i < NODES; i++)
        heap_node_init(&items[i].node);
}

static bool insert(struct item *item, int64_t key, int64_t now)
{
    item->key = key;
    bool held = goc__wheel_insert(&wheel, key, &item->node, now);
    assert_true(heap_holds(&item->node) == held);
    if (held)
        assert_true(wheel_holds(&item->node));
    return held;
}

/* What the wheel says of itself, against the items. */
static void check(void)
{
    uint32_t count = 0;
    int64_t earliest = INT64_MAX;
    for (int i = 0; i < NODES; i++) {
        if (!heap_holds(&items[i].node))
            continue;
        count++;
        if (items[i].key < earliest)
            earliest = items[i].key;
    }
    assert_int_equal(wheel.count, count);
    if (count == 0) {
        assert_true(goc__wheel_start(&wheel) == INT64_MAX);
        assert_true(goc__wheel_earliest(&wheel) == INT64_MAX);
        return;
    }
    assert_true(goc__wheel_start(&wheel) == earliest / BUCKET_NS * BUCKET_NS);
    assert_true(goc__wheel_earliest(&wheel) <= earliest);
    assert_true(goc__wheel_earliest(&wheel) >= goc__wheel_start(&wheel));
}

/* All of the first bucket; none of them was due before, and none is left that is. */
static int64_t open_first(void)
{
    int64_t start = goc__wheel_start(&wheel);
    while (goc__wheel_start(&wheel) == start) {
        struct heap_entry entry = goc__wheel_take(&wheel);
        struct item *item = (struct item *)(void *)entry.node;
        assert_true(entry.key == item->key);
        assert_true(entry.key >= start);
        assert_true(entry.key < start + BUCKET_NS);
        assert_false(heap_holds(entry.node));
    }
    assert_true(goc__wheel_start(&wheel) > start);
    return start;
}

static void agrees_with_a_list(void **state)
{
    (void)state;
    begin(11);
    int64_t now = 5 * BUCKET_NS / 2;
    for (int round = 0; round < ROUNDS; round++) {
        struct item *item = &items[rand_below(&dice, NODES)];
        if (heap_holds(&item->node))
            goc__wheel_remove(&wheel, &item->node);
        else
            insert(item, now + rand_below(&dice, 40) * BUCKET_NS / 8, now);
        if (wheel.count > 0 && rand_below(&dice, 500) == 0)
            now = open_first() + BUCKET_NS / 2;
        if (round % 500 == 0)
            check();
    }
    while (wheel.count > 0)
        open_first();
    check();
}

/* Round the ring several times, with few entries: the next one may be anywhere. */
static void finds_the_next_bucket(void **state)
{
    (void)state;
    begin(12);
    int64_t now = 0;
    for (int round = 0; round < 2000; round++) {
        for (int i = 0; i < 3; i++) {
            struct item *item = &items[rand_below(&dice, NODES)];
            int64_t ahead = 1 + rand_below(&dice, WHEEL_BUCKETS - 2);
            if (!heap_holds(&item->node))
                insert(item, now + ahead * BUCKET_NS, now);
        }
        check();
        if (wheel.count > 0)
            now = open_first();
    }
}

static void refuses_what_is_open_or_beyond(void **state)
{
    (void)state;
    begin(13);
    int64_t now = 100 * BUCKET_NS + 7;
    assert_false(insert(&items[0], now, now));
    assert_false(insert(&items[0], now + BUCKET_NS * (WHEEL_BUCKETS + 1), now));
    assert_false(insert(&items[0], 0, now));
    assert_false(insert(&items[0], INT64_MAX - 1, now));
    assert_true(insert(&items[0], 101 * BUCKET_NS, now));
    assert_true(insert(&items[1], (101 + WHEEL_BUCKETS) * BUCKET_NS - 1, now));
    assert_true(open_first() == 101 * BUCKET_NS);
    assert_false(insert(&items[0], 101 * BUCKET_NS + 1, now));
    assert_true(open_first() == (100 + WHEEL_BUCKETS) * BUCKET_NS);
    check();
}

/* What has been taken out again leaves no memory behind: chunks are used again. */
static void uses_memory_again(void **state)
{
    (void)state;
    begin(14);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < NODES; i++)
            assert_true(insert(&items[i], (2 + i % 7) * BUCKET_NS, 0));
        for (int i = 0; i < NODES; i++)
            goc__wheel_remove(&wheel, &items[i].node);
        check();
    }
    uint32_t used = wheel.chunk_used;
    for (int i = 0; i < NODES; i++)
        assert_true(insert(&items[i], (2 + i % 7) * BUCKET_NS, 0));
    assert_int_equal(wheel.chunk_used, used);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_list),
        cmocka_unit_test(finds_the_next_bucket),
        cmocka_unit_test(refuses_what_is_open_or_beyond),
        cmocka_unit_test(uses_memory_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
