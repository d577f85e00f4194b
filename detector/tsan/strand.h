/* Strands of the bridge: who runs on which thread, and which locks they hold.
 *
 * A strand is current on one thread at most; only that thread changes it.
 */
#ifndef GOC_TSAN_STRAND_H
#define GOC_TSAN_STRAND_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A lock that a strand holds. */
struct race__tsan_held {
    const void *addr;
    const char *kind; // a literal
    const void *pc;   // return address of the call that took it
    bool exclusive;
};

struct race__tsan_strand {
    void *fiber;       // const after creation: TSan's context
    uint64_t goid;     // 0: a thread
    bool thread_owned; // the fiber is a thread's own context and ends with the thread
    struct race__tsan_held *held; // owner; in the order taken
    uint32_t held_count;          // owner
    uint32_t held_capacity;       // owner
};

/* What the calling thread is doing.  All fields: the thread's own. */
struct race__tsan_self {
    struct race__tsan_strand *strand; // current one
    void *scheduler; // fiber for running nobody's code; NULL before the first switch
    struct race__tsan_strand own; // the thread as a strand, where nobody has switched yet
};

extern RACE_THREAD_LOCAL struct race__tsan_self race__tsan_self;

/* The goroutine that main is, 0 before it has been named.  Const after start. */
extern uint64_t race__tsan_main_goid;

/* Note and forget that STRAND holds a lock.  Forgetting answers false where it holds none
 * at ADDR in that mode: another strand took it. */
void race__tsan_held_add(struct race__tsan_strand *strand, struct race__tsan_held held);
bool race__tsan_held_remove(struct race__tsan_strand *strand, const void *addr,
                            bool exclusive);

#endif
