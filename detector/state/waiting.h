/* Strands that wait for a lock while they hold others: whether some of them wait for each
 * other for ever.
 *
 * A strand enters itself when it has found a lock taken and is about to block, and leaves
 * before it says that it has got the lock.  Meanwhile its set of locks cannot change, so
 * everybody in a circle is still there when the last of them comes, who then sees it.  A
 * strand that holds nothing is in no circle and does not come here at all.
 *
 * Guard: one lock over all.
 */
#ifndef GOC_STATE_WAITING_H
#define GOC_STATE_WAITING_H

#include "state/strand.h"

#define RACE_CIRCLE_MAX 32u // strands of a circle that are told

/* On the stack of whoever waits, or wherever it stays for so long. */
struct race__wait {
    goc_strand *strand; // const
    uintptr_t addr;     // const: of the lock
    const char *kind;   // const: of the lock
    uint32_t leaf;      // const: where
    bool exclusive;     // const
    bool certain;       // const: nobody but its owner may give the lock back, so that
                        // a circle is one for ever
    bool told;          // lock: a circle with it has been told
    struct race__wait *next; // lock
    struct race__wait *previous;
    struct race__wait *behind; // lock, of a search: who waits for this one
    struct race__wait *queue;  // lock, of a search: who is looked at next
    uint32_t seen;             // lock: the last search that came by
};

/* One of a circle: waits for ADDR, which the next one holds; the first one holds what the
 * last one waits for. */
struct race__circle_step {
    uint32_t strand;
    uintptr_t addr;
    const char *kind;
    uint32_t leaf;
    bool exclusive;
    uint32_t set; // its locks
};

struct race__circle {
    uint32_t count; // 0: none
    bool certain;
    struct race__circle_step step[RACE_CIRCLE_MAX];
};

/* WAIT's strand, all of whose const fields are set, begins to wait; CIRCLE is the one that
 * it closes, if all of that are certain. */
void race__wait_begin(struct race__wait *wait, struct race__circle *circle);
void race__wait_end(struct race__wait *wait);
/* A circle that stands, certain or not, and has not been told; until there is none. */
void race__wait_find(struct race__circle *circle);

/* For a fork: nobody comes or goes; the child has only the strand that forked. */
void race__waits_hold(bool hold);
void race__waits_drop(void);

#endif
