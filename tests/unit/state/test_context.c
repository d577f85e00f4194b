/* Contexts: the same calls are the same number, for several threads at once; deep recursion
 * folds. */
#include "state/context.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4, PATHS = 20000, DEPTH = 6 };

static int boot(void **state)
{
    (void)state;
    race__context_init();
    return 0;
}

static const void *pc(uintptr_t number)
{
    return (const void *)(0x400000 + number);
}

static void stacks_come_back(void **state)
{
    (void)state;
    uint32_t node = RACE_CONTEXT_ROOT;
    const void *pcs[8];
    for (uintptr_t i = 0; i < 5; i++)
        node = race__context_child(node, pc(i));
    assert_int_equal(race__context_stack(node, pcs, 8), 5);
    for (uintptr_t i = 0; i < 5; i++)
        assert_ptr_equal(pcs[i], pc(4 - i));
    assert_int_equal(race__context_stack(node, pcs, 2), 2);
    assert_int_equal(race__context_stack(RACE_CONTEXT_ROOT, pcs, 8), 0);
}

static void the_same_is_the_same(void **state)
{
    (void)state;
    uint32_t a = race__context_child(RACE_CONTEXT_ROOT, pc(1));
    uint32_t b = race__context_child(RACE_CONTEXT_ROOT, pc(2));
    uint32_t under_a = race__context_child(a, pc(3));
    uint32_t count = race__context_count();
    assert_int_equal(race__context_child(RACE_CONTEXT_ROOT, pc(1)), a);
    assert_int_equal(race__context_child(a, pc(3)), under_a);
    assert_int_equal(race__context_count(), count);
    assert_int_not_equal(race__context_child(b, pc(3)), under_a);
}

/* Path NUMBER of the calls that all threads make. */
static uint32_t walk(uintptr_t number)
{
    uint32_t node = RACE_CONTEXT_ROOT;
    for (int level = 0; level < DEPTH; level++) {
        node = race__context_child(node, pc(1000 + number % 7));
        number /= 7;
    }
    return node;
}

static void *walk_all(void *leaves)
{
    for (uintptr_t i = 0; i < PATHS; i++)
        ((uint32_t *)leaves)[i] = walk(i);
    return NULL;
}

static void threads_agree(void **state)
{
    static uint32_t leaves[THREADS][PATHS];
    pthread_t threads[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, walk_all, leaves[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 1; i < THREADS; i++)
        assert_memory_equal(leaves[i], leaves[0], sizeof leaves[0]);
}

static long resident(void)
{
    char line[256];
    char *pages;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        abort();
    fclose(file);
    (void)strtol(line, &pages, 10); // of address space
    return strtol(pages, NULL, 10) * sysconf(_SC_PAGESIZE);
}

/* A context takes 32 bytes, and the table a little more than its first ones. */
static void few_contexts_take_little_memory(void **state)
{
    enum { PARENTS = 200, CHILDREN = 100, EACH = 32, MORE = 1 << 20 };
    (void)state;
    long before = resident();
    for (uintptr_t i = 0; i < PARENTS; i++) {
        uint32_t parent = race__context_child(RACE_CONTEXT_ROOT, pc(100000 + 17 * i));
        for (uintptr_t j = 0; j < CHILDREN; j++)
            race__context_child(parent, pc(200000 + 13 * (j * i)));
    }
    assert_true(resident() - before < (long)PARENTS * CHILDREN * EACH + MORE);
}

static void recursion_folds_when_the_tree_is_large(void **state)
{
    (void)state;
    uint32_t outer = race__context_child(RACE_CONTEXT_ROOT, pc(7));
    uint32_t inner = race__context_child(outer, pc(8));
    uint32_t deeper = race__context_child(inner, pc(7));
    assert_int_not_equal(deeper, outer);
    uint32_t count = race__context_count();
    race__context_fold = count;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(race__context_child(inner, pc(8)), inner);
        assert_int_equal(race__context_child(deeper, pc(8)), inner);
    }
    assert_int_equal(race__context_count(), count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_contexts_take_little_memory), // before others fill the table
        cmocka_unit_test(stacks_come_back),
        cmocka_unit_test(the_same_is_the_same),
        cmocka_unit_test(threads_agree),
        cmocka_unit_test(recursion_folds_when_the_tree_is_large),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
