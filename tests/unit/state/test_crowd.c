/* Crowds: a hundred thousand readers of a word are all found, by them and by others. */
#include "base/assert.h"
#include "state/cell.h"
#include "state/slab.h"
#include "unit.h"

enum { READERS = 100000, WRITERS = 50 };

static struct race__crowd crowd;

static uint64_t epoch(uint32_t slot)
{
    return race__epoch_make(slot, 3).raw;
}

static bool holds(uint32_t slot, uint64_t need, uint64_t avoid)
{
    race__run run = {.first = {epoch(slot)}, .last = {epoch(slot)}};
    return race__crowd_holds(crowd, run, need, avoid);
}

static void open_with_one(void **state)
{
    (void)state;
    crowd = race__crowd_open();
    race__crowd_put(&crowd, epoch(2), RACE_TAG_BYTES);
    race__assert(crowd.head != NULL);
    assert_int_equal(crowd.head->live, 1);
    assert_int_equal(crowd.head->bytes[RACE_KIND_READ], 0xff);
    assert_true(holds(2, RACE_TAG_BYTES, RACE_TAG_ATOMIC));
    assert_false(holds(1, RACE_TAG_BYTES, RACE_TAG_ATOMIC));
}

static void a_link_leads_to_its_crowd(void **state)
{
    (void)state;
    struct race__crowd linked = race__crowd_of_link(race__crowd_link(crowd));
    assert_ptr_equal(linked.head, crowd.head);
    assert_int_equal(linked.half, crowd.half);
    assert_true(race__cell_is_link(race__crowd_link(crowd)));
}

static void all_readers_are_found(void **state)
{
    (void)state;
    for (uint32_t slot = 3; slot <= READERS; slot++)
        race__crowd_put(&crowd, epoch(slot), race__tag_bytes(slot % 8, 1));
    assert_int_equal(crowd.head->live, READERS - 1);
    for (uint32_t slot = 3; slot <= READERS; slot++) {
        assert_true(holds(slot, race__tag_bytes(slot % 8, 1), 0));
        assert_false(holds(slot, race__tag_bytes((slot + 1) % 8, 1), 0));
    }
}

static void writers_stand_in_a_row(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < WRITERS; i++)
        race__crowd_put(&crowd, epoch(READERS + 1 + i), RACE_TAG_BYTES | RACE_TAG_WRITE);
    assert_int_equal(crowd.head->writes, WRITERS);
    assert_true(holds(READERS + WRITERS, RACE_TAG_BYTES | RACE_TAG_WRITE, RACE_TAG_FREE));
}

/* Whoever is gone makes room: the block does not grow with what has come and gone. */
static void places_are_used_again(void **state)
{
    (void)state;
    uint32_t half = crowd.half;
    for (uint32_t round = 0; round < 10; round++) {
        struct race__mark *hashed = race__crowd_hashed(crowd);
        uint32_t gone = 0;
        for (uint32_t i = 0; i < crowd.half; i++) {
            bool every_other = race__epoch_slot((race__epoch){hashed[i].epoch}) % 2 != 0;
            if (hashed[i].epoch == 0 || !every_other)
                continue;
            race__crowd_trim(crowd, &hashed[i], RACE_TAG_BYTES);
            gone++;
        }
        for (uint32_t i = 0; i < gone; i++)
            race__crowd_put(&crowd, epoch(1000000 + round * READERS + i), RACE_TAG_BYTES);
    }
    assert_true(crowd.half <= half);
}

/* While a mark is being put, and after, nobody takes what he saw before for what is. */
static void a_version_is_never_the_same_again(void **state)
{
    (void)state;
    uint64_t before = crowd.head->version;
    race__crowd_put(&crowd, epoch(5), RACE_TAG_BYTES);
    assert_true(crowd.head->version > before);
    assert_true(crowd.head->version % 2 == 0);
    crowd.head->version++;
    assert_false(holds(5, RACE_TAG_BYTES, 0));
    crowd.head->version++;
    assert_true(holds(5, RACE_TAG_BYTES, 0));
}

static void closing_gives_all_back(void **state)
{
    (void)state;
    race__crowd_close(crowd);
    assert_int_equal(race__slab_in_use(), 0);
}

/* Three of any kind are a line of the cache; a fourth makes it large, and it is small again
 * when what is left and a new one have room there. */
static void few_are_small(void **state)
{
    static const uint64_t kinds[] = {RACE_TAG_WRITE, 0, RACE_TAG_WRITE | RACE_TAG_ATOMIC};
    uint32_t count;
    (void)state;
    crowd = race__crowd_open();
    for (uint32_t i = 0; i < RACE_CROWD_SMALL; i++) {
        assert_false(race__crowd_is_full(crowd, kinds[i]));
        race__crowd_put(&crowd, epoch(i + 1), RACE_TAG_BYTES | kinds[i]);
    }
    assert_true(race__crowd_is_small(crowd));
    assert_true(race__crowd_is_full(crowd, 0));
    assert_int_equal(race__slab_in_use(), 64);
    for (uint32_t i = 0; i < RACE_CROWD_SMALL; i++)
        assert_true(holds(i + 1, RACE_TAG_BYTES | kinds[i], RACE_TAG_FREE));
    assert_false(holds(2, RACE_TAG_WRITE, 0));
    race__crowd_put(&crowd, epoch(4), RACE_TAG_BYTES);
    assert_int_equal(crowd.half, RACE_CROWD_HALF_MIN);
    for (uint32_t i = 0; i < RACE_CROWD_SMALL; i++)
        assert_true(holds(i + 1, RACE_TAG_BYTES | kinds[i], RACE_TAG_FREE));
    race__crowd_put(&crowd, epoch(5), RACE_TAG_BYTES | RACE_TAG_WRITE);
    struct race__mark *places = race__crowd_places(crowd, &count);
    for (uint32_t i = 0; i < count; i++)
        if (places[i].epoch != 0 && (places[i].tag & RACE_TAG_WRITE) == 0)
            race__crowd_trim(crowd, &places[i], RACE_TAG_BYTES);
    while (!race__crowd_is_full(crowd, RACE_TAG_WRITE))
        race__crowd_put(&crowd, epoch(6), RACE_TAG_BYTES | RACE_TAG_WRITE);
    assert_int_equal(crowd.half, RACE_CROWD_HALF_MIN);
    places = race__crowd_places(crowd, &count);
    for (uint32_t i = 0; i < count && crowd.head->live >= RACE_CROWD_SMALL; i++)
        if (places[i].epoch != 0 && race__tag_kind(places[i].tag) != RACE_KIND_WRITE)
            race__crowd_trim(crowd, &places[i], RACE_TAG_BYTES);
    race__crowd_put(&crowd, epoch(7), RACE_TAG_BYTES | RACE_TAG_WRITE);
    assert_true(race__crowd_is_small(crowd));
    assert_true(holds(7, RACE_TAG_BYTES | RACE_TAG_WRITE, 0));
    race__crowd_close(crowd);
    assert_int_equal(race__slab_in_use(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_are_small),
        cmocka_unit_test(open_with_one),
        cmocka_unit_test(a_link_leads_to_its_crowd),
        cmocka_unit_test(all_readers_are_found),
        cmocka_unit_test(writers_stand_in_a_row),
        cmocka_unit_test(places_are_used_again),
        cmocka_unit_test(a_version_is_never_the_same_again),
        cmocka_unit_test(closing_gives_all_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
