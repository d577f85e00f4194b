/* What a runtime tells the detector: the functions of goc/race.h under the detector's own
 * names.  alone.c gives them the public names; a library that listens with a second
 * detector has functions of its own there, which call these.
 *
 * Meanings and orders stand in goc/race.h.  Callable from any thread; on one that has no
 * strand, or is inside race__on_internal_begin/end, they do nothing.
 */
#ifndef GOC_DETECTOR_ENTRY_EVENTS_H
#define GOC_DETECTOR_ENTRY_EVENTS_H

#include <goc/race.h>

goc_strand *race__on_strand_current(void);
void race__on_strand_name_goroutine(uint64_t id);
goc_strand *race__on_strand_spawn(uint64_t id, const void *pc);
void race__on_expect_orphans(void);
void race__on_strand_switch(goc_strand *strand);
void race__on_strand_end(goc_strand *strand);

void race__on_tick(void);
void race__on_internal_begin(void);
void race__on_internal_end(void);
/* Is the calling thread between the two above?  Then an interceptor passes through. */
bool race__is_internal(void);

uint32_t race__on_call_begin(const void *pc);
void race__on_call_end(uint32_t token);
void race__on_acquire(const void *addr);
void race__on_release(const void *addr);
void race__on_release_merge(const void *addr);
void race__on_use_merge(const void *object, const void *pc);
void race__on_release_acquire(const void *addr);
void race__on_exchange(const void *a, const void *b);
void race__on_wait(goc_strand *waiter, const void *own);
void race__on_waited(goc_strand *waiter, const void *own);
void race__on_meet(goc_strand *waiter, const void *own);
void race__on_hand(goc_strand *waiter, const void *own);
void race__on_trade(struct goc_race_slot *slot);
void race__on_trade_next(struct goc_race_slot *slot, struct goc_race_slot *before);
bool race__on_trade_again(struct goc_race_slot *slot, struct goc_race_slot *before);
void race__on_trade_for(struct goc_race_slot *slot, goc_strand *waiter, const void *own);
void race__on_slot_release(struct goc_race_slot *slot);
void race__on_slots_end(struct goc_race_slot *slots, size_t count);
void race__on_lock(const void *addr, bool exclusive, const char *kind, const void *pc);
void race__on_trylock(const void *addr, bool exclusive, const char *kind, const void *pc);
void race__on_unlock(const void *addr, bool exclusive, const void *pc);
bool race__on_lock_use(const void *addr, const void *pc);
void race__on_lock_used(const void *addr, const char *kind, const void *pc);
void race__on_lock_wait(const void *addr, bool exclusive, const char *kind,
                        const void *pc);
void race__on_lock_waited(void);

void race__on_read_at(const void *addr, size_t size, const void *pc);
void race__on_touch(const void *area, const void *pc);
bool race__on_touch_begin(const void *area, const void *pc, bool row);
bool race__on_touch_end(void);
void race__on_touch_late(void);
void race__on_write_at(const void *addr, size_t size, const void *pc);
void race__on_memory_new(const void *addr, size_t size, const char *kind, const void *pc);
void race__on_memory_free(const void *addr, size_t size, const void *pc);

int race__on_exit(int status);

#endif
