/* Crowds: a hundred thousand readers of a word are all found, by them and by others. */
#include "base/assert.h"
#include "state/crowd.h"
#include "state/slab.h"
#include "unit.h"

enum { READERS = 100000, WRITERS = 50 };

static struct race__cell cell;

static uint64_t epoch(uint32_t slot)
{
    return race__epoch_make(slot, 3).raw;
}

static void open_with_one(void **state)
{
    (void)state;
    race__cell_lock(&cell);
    race__mark_put(&cell.mark[0], epoch(1), RACE_TAG_BYTES | RACE_TAG_WRITE);
    race__mark_put(&cell.mark[1], epoch(2), RACE_TAG_BYTES);
    assert_null(race__crowd_of(&cell).head);
    race__crowd_open(&cell);
    struct race__crowd crowd = race__crowd_of(&cell);
    race__assert(crowd.head != NULL);
    assert_int_equal(crowd.head->live, 1);
    assert_int_equal(crowd.head->bytes[RACE_KIND_READ], 0xff);
    race__cell_unlock(&cell);
    assert_true(race__crowd_holds(&cell, (race__epoch){epoch(2)}, RACE_TAG_BYTES,
                                  RACE_TAG_ATOMIC));
    assert_false(race__crowd_holds(&cell, (race__epoch){epoch(1)}, RACE_TAG_BYTES,
                                   RACE_TAG_ATOMIC));
}

static void all_readers_are_found(void **state)
{
    (void)state;
    race__cell_lock(&cell);
    for (uint32_t slot = 3; slot <= READERS; slot++)
        race__crowd_put(&cell, epoch(slot), race__tag_bytes(slot % 8, 1));
    race__cell_unlock(&cell);
    assert_int_equal(race__crowd_of(&cell).head->live, READERS - 1);
    for (uint32_t slot = 3; slot <= READERS; slot++) {
        assert_true(race__crowd_holds(&cell, (race__epoch){epoch(slot)},
                                      race__tag_bytes(slot % 8, 1), 0));
        assert_false(race__crowd_holds(&cell, (race__epoch){epoch(slot)},
                                       race__tag_bytes((slot + 1) % 8, 1), 0));
    }
}

static void writers_stand_in_a_row(void **state)
{
    (void)state;
    race__cell_lock(&cell);
    for (uint32_t i = 0; i < WRITERS; i++)
        race__crowd_put(&cell, epoch(READERS + 1 + i), RACE_TAG_BYTES | RACE_TAG_WRITE);
    race__cell_unlock(&cell);
    assert_int_equal(race__crowd_of(&cell).head->writes, WRITERS);
    assert_true(race__crowd_holds(&cell, (race__epoch){epoch(READERS + WRITERS)},
                                  RACE_TAG_BYTES | RACE_TAG_WRITE, RACE_TAG_FREE));
}

/* Whoever is gone makes room: the block does not grow with what has come and gone. */
static void places_are_used_again(void **state)
{
    (void)state;
    uint32_t half = race__crowd_of(&cell).half;
    race__cell_lock(&cell);
    for (uint32_t round = 0; round < 10; round++) {
        struct race__crowd crowd = race__crowd_of(&cell);
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
            race__crowd_put(&cell, epoch(1000000 + round * READERS + i), RACE_TAG_BYTES);
    }
    assert_true(race__crowd_of(&cell).half <= half);
    race__cell_unlock(&cell);
}

static void closing_gives_all_back(void **state)
{
    (void)state;
    race__cell_lock(&cell);
    race__crowd_close(&cell);
    race__cell_unlock(&cell);
    assert_int_equal(cell.mark[1].epoch, 0);
    assert_false(race__crowd_holds(&cell, (race__epoch){epoch(2)}, RACE_TAG_BYTES, 0));
    assert_int_equal(race__slab_in_use(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_with_one),          cmocka_unit_test(all_readers_are_found),
        cmocka_unit_test(writers_stand_in_a_row), cmocka_unit_test(places_are_used_again),
        cmocka_unit_test(closing_gives_all_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
