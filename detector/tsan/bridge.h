/* The bridge: the functions of goc/race.h over LLVM's TSan, under names of its own.
 * alone.c gives them the public names; both.c calls them beside goc's detector.
 *
 * A strand is a fiber of TSan.  Switches are made without synchronization, so goroutines
 * that share a thread are not ordered by sharing it; every edge comes from order.c.
 */
#ifndef GOC_TSAN_BRIDGE_H
#define GOC_TSAN_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct race__tsan_strand;

struct race__tsan_strand *race__tsan_strand_current(void);
void race__tsan_strand_name_goroutine(uint64_t id);
struct race__tsan_strand *race__tsan_strand_spawn(uint64_t id, const void *pc);
void race__tsan_strand_switch(struct race__tsan_strand *strand);
void race__tsan_strand_end(struct race__tsan_strand *strand);
/* Is STRAND a thread's own, which ends with the thread and not before? */
bool race__tsan_strand_is_thread(const struct race__tsan_strand *strand);

void race__tsan_internal_begin(void);
void race__tsan_internal_end(void);

void race__tsan_call_begin(const void *pc);
void race__tsan_call_end(void);

void race__tsan_acquire(const void *addr);
void race__tsan_release(const void *addr);
void race__tsan_release_merge(const void *addr);
void race__tsan_release_acquire(const void *addr);
void race__tsan_exchange(const void *a, const void *b);

void race__tsan_lock(const void *addr, bool exclusive, const char *kind, const void *pc);
void race__tsan_unlock(const void *addr, bool exclusive, const void *pc);
void race__tsan_trylock(const void *addr, bool exclusive, const char *kind,
                        const void *pc);
/* TSan looks for no deadlocks (tsan/start.c). */
static inline void race__tsan_lock_wait(const void *addr, bool exclusive,
                                        const char *kind, const void *pc)
{
    (void)addr, (void)exclusive, (void)kind, (void)pc;
}
static inline void race__tsan_lock_waited(void) {}

void race__tsan_read_at(const void *addr, size_t size, const void *pc);
static inline void race__tsan_use_merge(const void *addr, const void *pc)
{
    race__tsan_read_at(addr, 1, pc);
    race__tsan_release_merge(addr);
}
static inline void race__tsan_touch(const void *area, const void *pc)
{
    race__tsan_read_at(area, 1, pc);
}
static inline void race__tsan_touch_begin(const void *area, const void *pc)
{
    race__tsan_touch(area, pc);
}
static inline void race__tsan_touch_late(void) {}
void race__tsan_write_at(const void *addr, size_t size, const void *pc);
void race__tsan_memory_new(const void *addr, size_t size, const char *kind,
                           const void *pc);
void race__tsan_memory_free(const void *addr, size_t size, const void *pc);

/* BLOCK goes back to TSan's heap: the runtime's objects in it end with it. */
void race__tsan_heap_free(const void *block);

#endif
