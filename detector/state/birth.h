/* Births: who a strand was, for reports.
 *
 * A record each, found by its number, which nobody has twice for as long as 4 billion
 * strands begin.  Marks and blocks outlive strands and name them by number, directly or by
 * their epoch (race__birth_of); nobody counts those.  So records stay for a while after
 * their strands: RACE_BIRTHS_KEPT more may begin before one goes.  A number whose record
 * has gone is nobody's: the report then has both stacks and does not say which goroutine
 * it was that ended so many goroutines ago.  A record stays longer
 *
 *   - while its strand has not ended, or a strand that it created;
 *   - while the page is another's who stays: records go by pages;
 *   - until a run of pages, as long as a huge page, can go together: to give back pages is a
 *     system call, and an interrupt of all processors that run the program.
 *
 * Guard: beginning, writing and ending, race__life (state/life.h).  A record is read by anybody,
 * who sees by the number whether it still is what was asked for.
 */
#ifndef GOC_STATE_BIRTH_H
#define GOC_STATE_BIRTH_H

#include "state/epoch.h"

#define RACE_BIRTHS_KEPT (1u << 21) // 64 MiB of them

struct race__birth {
    uint64_t first_clock; // the strand's epochs on its slot begin here
    uint64_t name;        // a goroutine's id, a thread's tid
    uint32_t parent;      // birth of the creator, 0 for none
    uint32_t leaf;        // where it was created
    uint32_t previous;    // the birth before, on the same slot
    uint32_t same;        // the first record of the same strand
    uint32_t kind;        // enum race__strand_kind
};

extern uint32_t race__birth_next; // atomic: written with race__life, and by tests

void race__birth_init(void);
/* A new number, whose record is written next; it stays until its end. */
uint32_t race__birth_begin(void);
void race__birth_write(uint32_t number, const struct race__birth *birth);
/* The strand of NUMBER has ended. */
void race__birth_end(uint32_t number);
/* The record of NUMBER; of zeros where it has gone. */
struct race__birth race__birth_at(uint32_t number);
bool race__birth_is_kept(uint32_t number);

#endif
