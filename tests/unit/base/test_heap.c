/* The heap against sorting: whatever is inserted and removed, keys come out in order. */
#include "base/heap.h"
#include "base/rand.h"
#include "unit.h"

enum { NODES = 500, ROUNDS = 200 };

struct item {
    struct heap_node node; /* first: an entry's node is its item */
    int64_t key;
};

static struct item items[NODES];
static struct heap_entry entries[NODES];
static struct heap heap = {.entries = entries, .capacity = NODES};

static void check_invariants(void)
{
    for (uint32_t i = 0; i < heap.count; i++) {
        assert_int_equal(entries[i].node->index, i);
        if (i > 0)
            assert_true(entries[(i - 1) / HEAP_ARITY].key <= entries[i].key);
    }
}

static void insert(struct item *item, int64_t key)
{
    item->key = key;
    heap_insert(&heap, key, &item->node);
}

static void setup_items(void)
{
    heap.count = 0;
    for (int i = 0; i < NODES; i++)
        heap_node_init(&items[i].node);
}

static void comes_out_in_order(void **state)
{
    (void)state;
    struct rand rand;
    rand_seed(&rand, 7);
    setup_items();
    for (int i = 0; i < NODES; i++)
        insert(&items[i], rand_below(&rand, NODES / 4)); /* with ties */
    check_invariants();
    int64_t last = -1;
    while (heap.count > 0) {
        struct heap_entry top = entries[0];
        assert_true(top.key >= last);
        assert_int_equal(((struct item *)(void *)top.node)->key, top.key);
        last = top.key;
        heap_remove(&heap, top.node);
        assert_false(heap_holds(top.node));
    }
}

static void removes_from_anywhere(void **state)
{
    (void)state;
    struct rand rand;
    rand_seed(&rand, 8);
    setup_items();
    for (int round = 0; round < ROUNDS * NODES / 10; round++) {
        struct item *item = &items[rand_below(&rand, NODES)];
        if (heap_holds(&item->node))
            heap_remove(&heap, &item->node);
        else
            insert(item, (int64_t)rand_next(&rand));
        if (round % NODES == 0)
            check_invariants();
    }
    check_invariants();
}

static void holds_one(void **state)
{
    (void)state;
    setup_items();
    insert(&items[0], INT64_MIN);
    assert_true(heap_holds(&items[0].node));
    heap_remove(&heap, &items[0].node);
    assert_int_equal(heap.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_out_in_order),
        cmocka_unit_test(removes_from_anywhere),
        cmocka_unit_test(holds_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
