/* Whose thread-local storage is where: of threads that are no strands.
 *
 * A runtime's own threads run goroutines, and the thread-local objects that those use are the
 * thread's.  A thread that is a strand has its thread pointer there.
 *
 * Guard: race__life.
 */
#ifndef GOC_STATE_STORAGE_H
#define GOC_STATE_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

struct race__storage {
    uintptr_t thread_pointer; // const
    uint32_t tid;             // const, but for a fork
    struct race__storage *next;
    struct race__storage *previous;
};

/* What %fs:0 holds: the address from which the calling thread's storage is found. */
static inline uintptr_t race__thread_pointer(void)
{
    uintptr_t pointer;
    __asm__("mov %%fs:0, %0" : "=r"(pointer));
    return pointer;
}

/* The calling thread is no strand; or it ends, and may be one. */
void race__storage_begin(void);
void race__storage_end(void);
/* In a forked child: no thread but the calling one has storage. */
void race__storage_forked(void);

/* Calls VISIT for the storage of each such thread until it answers true; answers whether it did. */
bool race__storage_each(bool (*visit)(const struct race__storage *storage, void *context),
                        void *context);

#endif
