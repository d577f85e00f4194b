/* Sync objects: what strands leave at an address for others to take.
 *
 * One object a synchronising address, made by the first release there, gone with its
 * memory.  Two sorts of use, which a program does not mix on one address:
 *
 * Locks and the runtime's operations.  CONTENT is what the last release left, or several
 * merged.  A lock that readers share keeps their releases apart in SHARED: readers see
 * what the last writer left, not each other.  An address that is locked is asked for by
 * nothing else while somebody holds it (state/strand.h, "Taken back").
 *
 * C11 atomics.  CONTENT is what an acquire load reads: the views of all release sequences
 * that the present value belongs to, put together.  HEADS has them one by one, because a
 * plain store continues its own strand's sequence and ends all others (C17 5.1.2.4p10;
 * C++20 and C23 differ, and no program that is right there is wrong here):
 *
 *   heads  one for each strand whose sequence the value continues: the strand's number
 *          and its latest view that belongs
 *   lost   there were more than RACE_HEADS_MAX of them: then a plain store cannot say
 *          which to end and ends none, which orders too much rather than too little
 *
 * Late.  What many strands leave one after the other is added up later, by whoever finds the
 * object: CONTENT is then what it says together with LATE.  And while LOGGED, all that the log of
 * ADDR's word has (state/crowd.h) is content: it begins with the first such strand, and ends with the
 * first use of the object that is not to take the content or to add to it.
 *
 * Guard: the line's lock.
 */
#ifndef GOC_STATE_SYNC_H
#define GOC_STATE_SYNC_H

#include "state/line.h"
#include "state/view.h"

#define RACE_HEADS_MAX 16

/* Epochs that are content, of strands of which CONTENT has all else: they go into its clock
 * together.  A block of 512 bytes. */
#define RACE_LATE_MAX 63

struct race__late {
    uint64_t count;
    race__epoch epoch[RACE_LATE_MAX];
};

struct race__head {
    uint32_t strand; // birth number
    struct race__view view;
};

struct race__heads {
    uint32_t count;
    uint32_t capacity; // 1, 4, 16
    struct race__head head[];
};

/* What few sync objects have: those of programs that nest locks, or misuse them. */
struct race__sync_more {
    struct race__view phase;      // what was left of phases, state/phase.h
    struct race__lock_node *node; // of a lock that was nested: state/nesting.h
    uint32_t destroyed_birth; // of a lock that was destroyed: the strand that did, or 0
    uint32_t destroyed_leaf;  // and where
    bool handed_on;           // one strand took the lock and another gave it back
};

struct race__sync {
    struct race__thing thing;
    race__epoch fresh; // of a lock: its content's epoch, which nobody has taken; or none
    struct race__view content;
    struct race__view shared;     // of a lock: releases of readers since the last writer
    struct race__heads *heads;    // of an atomic that something was released to; owned
    uint32_t size;                // of an atomic: bytes of the last store; 0: no atomic
    bool lost;                    // of an atomic: not all heads are in HEADS
    bool mixed;                   // no lock, or not only one
    bool logged;                  // all of the word's log is content
    struct race__late *late;      // owned; NULL unless LOGGED was true
    struct race__sync_more *more; // owned; NULL: nothing of it
};

/* With the line of ADDR locked.  Find answers NULL where there is none. */
struct race__sync *race__sync_find(uintptr_t addr);
struct race__sync *race__sync_get(uintptr_t addr);
RACE_COLD struct race__sync *race__sync_new(uintptr_t addr);

/* CONTENT comes to say all.  Settle: and nothing is logged any more. */
void race__sync_flush(struct race__sync *sync);
RACE_COLD void race__sync_settle(struct race__sync *sync);

/* As it is, in the line whose head this is; NULL where there is none. */
static RACE_INLINE struct race__sync *race__sync_raw(const uint64_t *head, uintptr_t addr)
{
    return (struct race__sync *)race__line_find_in(head, addr, RACE_THING_SYNC);
}

/* As find and get, of the line whose head this is. */
static RACE_INLINE struct race__sync *race__sync_find_in(const uint64_t *head,
                                                         uintptr_t addr)
{
    struct race__sync *sync = race__sync_raw(head, addr);
    if (unlikely(sync != NULL && sync->logged))
        race__sync_settle(sync);
    return sync;
}

static RACE_INLINE struct race__sync *race__sync_get_in(const uint64_t *head,
                                                        uintptr_t addr)
{
    struct race__sync *sync = race__sync_find_in(head, addr);
    return likely(sync != NULL) ? sync : race__sync_new(addr);
}
/* Out of the line of HEAD and gone. */
void race__sync_free(uint64_t *head, struct race__sync *sync);
/* SYNC's, made where there is none. */
struct race__sync_more *race__sync_more(struct race__sync *sync);
/* Nothing is left of what was released there. */
void race__sync_empty(struct race__sync *sync);

/* The view of STRAND's release sequence, NULL where the value continues none of it. */
struct race__view *race__sync_head(struct race__sync *sync, uint32_t strand);
/* One more sequence, of a strand that has none there; its view is VIEW's share.  Where
 * there are too many, some are lost. */
void race__sync_add_head(struct race__sync *sync, uint32_t strand,
                         const struct race__view *view);
/* No sequence is left. */
void race__sync_drop_heads(struct race__sync *sync);

#endif
