/* The map's loads, which take no lock: what they see is of one moment, whatever a change moves
 * meanwhile.  Without the second look at the version they would miss a key that a removal moves
 * to a slot they have passed, and return one key's value for another. */
#include "model.h"

#include <goc/map.h>

enum {
    SHARD_BITS = 5,
    FIRST_SLOTS = 8,
    KEYS = 7,
    FILLING = 6 /* a seventh makes it grow */
};

/* As sync/map.c has it: the scenarios need keys that meet in one slot of one shard. */
static uint64_t hash_of(uint64_t key)
{
    uint64_t h = key;
    h = (h ^ h >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    h = (h ^ h >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ h >> 33;
}

static goc_map map;
static uintptr_t keys[KEYS];

static bool meet(uint64_t a, uint64_t b)
{
    return a >> (64 - SHARD_BITS) == b >> (64 - SHARD_BITS) &&
           a % FIRST_SLOTS == b % FIRST_SLOTS;
}

/* A map of COUNT keys, each with ten times its index for a value and one more. */
static void fill(int count)
{
    model_quiet(true);
    map = (goc_map){0};
    uintptr_t key = 1;
    for (int i = 0; i < KEYS; i++, key++) {
        while (!meet(hash_of(key), hash_of(1)))
            key++;
        keys[i] = key;
    }
    for (uintptr_t i = 0; i < (uintptr_t)count; i++)
        goc_map_store(&map, keys[i], 10 * i + 1);
    model_quiet(false);
}

static void remove_first(void *unused)
{
    (void)unused;
    goc_map_delete(&map, keys[0]);
}

/* It moves to where the first was. */
static void load_second(void *unused)
{
    (void)unused;
    uintptr_t value = 0;
    MODEL_CHECK(goc_map_load(&map, keys[1], &value));
    MODEL_CHECK(value == 11);
}

static void a_key_that_moves_is_found(void)
{
    fill(2);
    model_thread(remove_first, NULL);
    model_thread(load_second, NULL);
    model_join();
}

static void load_first(void *unused)
{
    (void)unused;
    uintptr_t value = 0;
    if (goc_map_load(&map, keys[0], &value))
        MODEL_CHECK(value == 1);
}

static void no_value_of_another_key(void)
{
    fill(2);
    model_thread(remove_first, NULL);
    model_thread(load_first, NULL);
    model_join();
}

static void load_third(void *unused)
{
    (void)unused;
    uintptr_t value = 0;
    MODEL_CHECK(goc_map_load(&map, keys[2], &value));
    MODEL_CHECK(value == 21);
}

static void one_that_moves_by_two(void)
{
    fill(3);
    model_thread(remove_first, NULL);
    model_thread(load_third, NULL);
    model_join();
}

static void add_last(void *unused)
{
    (void)unused;
    goc_map_store(&map, keys[FILLING], 10 * FILLING + 1);
}

static void all_are_found_while_it_grows(void)
{
    fill(FILLING);
    model_thread(add_last, NULL);
    model_thread(load_second, NULL);
    model_join();
}

/* Whoever sees the key sees what came before the store, too. */
static int stored; /* plain */

static void store_new(void *unused)
{
    (void)unused;
    stored = 1;
    goc_map_store(&map, keys[2], 21);
}

static void load_new(void *unused)
{
    (void)unused;
    uintptr_t value = 0;
    if (goc_map_load(&map, keys[2], &value))
        MODEL_CHECK(value == 21 && stored == 1);
}

static void a_store_before_its_load(void)
{
    fill(2);
    stored = 0;
    model_thread(store_new, NULL);
    model_thread(load_new, NULL);
    model_join();
}

static void first_store(void)
{
    fill(0);
    stored = 0;
    model_thread(store_new, NULL);
    model_thread(load_new, NULL);
    model_join();
}

static bool see(void *unused, uintptr_t key, uintptr_t value)
{
    (void)unused;
    MODEL_CHECK(key == keys[2] && value == 21);
    return true;
}

static void (*other)(void); /* what meets the first store */

static void swap(void)
{
    goc_map_compare_and_swap(&map, keys[2], 21, 21);
}

static void delete_another(void)
{
    goc_map_compare_and_delete(&map, keys[2], 11);
}

static void delete_if_there(void)
{
    goc_map_delete(&map, keys[1]);
}

static void range(void)
{
    goc_map_range(&map, see, NULL);
}

static void clear(void)
{
    goc_map_clear(&map);
}

static void store_another(void)
{
    goc_map_store(&map, keys[1], 11);
}

static void do_other(void *unused)
{
    (void)unused;
    other();
}

static void first_store_and_another_operation(void)
{
    static void (*const others[])(void) = {swap,  delete_another, delete_if_there,
                                           range, clear,          store_another};
    fill(0);
    other = others[model_choose(sizeof others / sizeof *others)];
    model_thread(store_new, NULL);
    model_thread(do_other, NULL);
    model_join();
    uintptr_t value;
    MODEL_CHECK(goc_map_load(&map, keys[2], &value) ? value == 21 : other == clear);
    MODEL_CHECK(goc_map_load(&map, keys[1], &value) == (other == store_another));
}

int main(void)
{
    model_explore("map: a key that moves", a_key_that_moves_is_found, 2, 1);
    model_explore("map: no value of another", no_value_of_another_key, 2, 1);
    model_explore("map: a store before its load", a_store_before_its_load, 2, 1);
    model_explore("map: the first store", first_store, 2, 1);
    model_explore("map: the first store and others", first_store_and_another_operation, 1,
                  1);
    model_explore("map: it grows", all_are_found_while_it_grows, 1, 1);
    model_random("map: it moves by two", one_that_moves_by_two, 5, 3000);
    model_random("map: it grows", all_are_found_while_it_grows, 5, 1000);
}
