/* The threads: whose thread-local storage is where, and what the detector keeps for each.
 *
 * A runtime's own threads run goroutines, and the thread-local objects that those use are the
 * thread's.  A thread that is a strand has its thread pointer there as well, for as long as the
 * strand is asked about.
 *
 * A forked child has none of its parent's other threads, and gives back what was kept for them.
 * They ran on while it was made, so it must not look at anything that they may have been about
 * to change.  What is noted here is had and given back under the lock of its size (state/slab.h),
 * which who forks holds, and noted only after it is had; given back only once its thread is not in
 * the list any more, whose lock who forks holds too.  So whatever the child finds noted is had,
 * and nobody's.
 */
#ifndef GOC_STATE_STORAGE_H
#define GOC_STATE_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kept for a thread: hints (state/strand.h). */
enum race__kept { RACE_KEPT_LEAVES, RACE_KEPT_NESTINGS, RACE_KEPT_COUNT };

struct race__storage {
    uintptr_t thread_pointer;       // const
    uint32_t tid;                   // const, but for a fork
    struct race__storage *next;     // race__life
    struct race__storage *previous; // race__life
    void *kept[RACE_KEPT_COUNT];    // owner; a forked child's one thread, of all
};

/* What %fs:0 holds: the address from which the calling thread's storage is found. */
static inline uintptr_t race__thread_pointer(void)
{
    uintptr_t pointer;
    __asm__("mov %%fs:0, %0" : "=r"(pointer));
    return pointer;
}

/* The calling thread begins, as far as it has not yet; or it ends: what it kept goes back. */
void race__storage_begin(void);
void race__storage_end(void);
/* Zeros that the calling thread has until its end. */
void *race__storage_keep(enum race__kept which);
/* In a forked child, which holds no lock any more: there is no thread but the calling one. */
void race__storage_forked(void);

/* Calls VISIT for each thread's until it answers true; answers whether it did. */
bool race__storage_each(bool (*visit)(const struct race__storage *storage, void *context),
                        void *context);

#endif
