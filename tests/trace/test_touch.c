/* A use of a channel in two steps, before and after its lock is taken: where another strand has
 * changed what was known in between, nothing is reported until the lock has been let go of.
 *
 * race__record is defined here in place of the record room's.
 */
#include "check.h"
#include "entry/abi.h"
#include "entry/events.h"
#include "record/record.h"
#include "state/strand.h"

static _Alignas(64) unsigned char area[GOC_RACE_TOUCH_SIZE];
static unsigned char objects[8];
static uint32_t reported;

void race__record(const struct race__access *access)
{
    reported += access->conflicts.count;
}

uint32_t race__record_count(void)
{
    return 0;
}

/* STRAND uses the channel, as far as its lock; its next use is of another epoch. */
static bool use(goc_strand *strand)
{
    race__on_strand_switch(strand);
    (void)race__strand_context(strand);
    race__on_touch_begin(area, &area, false);
    bool late = race__on_touch_end();
    race__on_release(&objects[0]);
    return late;
}

int main(void)
{
    goc_strand *user = race__on_strand_spawn(1, NULL);
    goc_strand *closer = race__on_strand_spawn(2, NULL);
    race__on_strand_switch(user);
    uint32_t token = goc_race_func_enter(&objects);
    for (int i = 0; i < 3; i++)
        CHECK(!use(user));
    CHECK_EQ(reported, 0);

    race__on_touch_begin(area, &area, false);
    race__on_strand_switch(closer);
    race__on_write_at(area, sizeof area, &area);
    CHECK_EQ(reported, 1); /* by who closes it, whose own use was complete */
    race__on_strand_switch(user);
    CHECK(race__on_touch_end());
    CHECK_EQ(reported, 1);
    race__on_touch_late();
    CHECK_EQ(reported, 2);

    /* It is over with that, and the next use is one of one step. */
    CHECK(!use(user));
    goc_race_func_exit(token);
    return 0;
}
