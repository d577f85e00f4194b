/* A runtime's events: strands, order, locks, and the memory it handles for the program. */
#include "entry/events.h"

#include "entry/access.h"
#include "entry/blocks.h"
#include "entry/handlers.h"
#include "entry/locks.h"
#include "state/lockset.h"
#include "state/order.h"
#include "state/strand.h"

/* The strand whose event this is, inside the detector; NULL where it is nobody's or comes
 * from a handler that interrupted the detector.  race__leave() follows unless NULL. */
static goc_strand *enter(void)
{
    goc_strand *strand = race__watched();
    return strand != NULL && race__enter() ? strand : NULL;
}

goc_strand *race__on_strand_current(void)
{
    return race__self.strand;
}

void race__on_strand_name_goroutine(uint64_t id)
{
    goc_strand *strand = race__self.strand;
    if (strand == NULL)
        return;
    bool is_main = race__birth_at(strand->birth).kind == RACE_STRAND_MAIN;
    race__strand_name(strand,
                      is_main ? RACE_STRAND_MAIN_GOROUTINE : RACE_STRAND_GOROUTINE, id);
}

/* The creator may be inside race__on_internal_begin: it is known all the same. */
goc_strand *race__on_strand_spawn(uint64_t id, const void *pc)
{
    goc_strand *creator = race__self.strand;
    if (!race__enter())
        return NULL;
    uint32_t leaf = creator == NULL ? 0 : race__strand_leaf(creator, pc);
    goc_strand *strand = race__strand_new(creator, RACE_STRAND_GOROUTINE, id, leaf);
    if (unlikely(race__handled() != 0))
        race__handlers_keep_begin(strand);
    race__leave();
    return strand;
}

void race__on_expect_orphans(void)
{
    race__strand_expect_orphans();
}

void race__on_strand_switch(goc_strand *strand)
{
    if (unlikely(race__self.handling != 0) && strand == NULL)
        race__handlers_wait();
    race__strand_make_current(strand);
    if (strand == NULL)
        race__self.schedules = true;
}

void race__on_strand_end(goc_strand *strand)
{
    if (race__self.strand == strand)
        race__strand_make_current(NULL);
    if (strand == NULL || !race__enter())
        return;
    if (unlikely(strand->handlers != NULL))
        race__handlers_end_of(strand);
    race__strand_free(strand);
    race__leave();
}

void race__on_tick(void)
{
    race__window_tick();
}

void race__on_internal_begin(void)
{
    race__self.internal++;
    goc_race_current = &race__nobody;
}

void race__on_internal_end(void)
{
    if (--race__self.internal == 0)
        race__strand_make_current(race__self.strand);
}

bool race__is_internal(void)
{
    return race__self.internal != 0;
}

#define ORDER(event)                                                                     \
    void race__on_##event(const void *addr)                                              \
    {                                                                                    \
        goc_strand *strand = enter();                                                    \
        if (strand == NULL)                                                              \
            return;                                                                      \
        race__order_##event(strand, (uintptr_t)addr);                                    \
        race__leave();                                                                   \
    }

ORDER(acquire)
ORDER(release)
ORDER(release_merge)
ORDER(release_acquire)

void race__on_exchange(const void *a, const void *b)
{
    if (!race__enter())
        return;
    race__order_exchange((uintptr_t)a, (uintptr_t)b);
    race__leave();
}

/* A strand that is current nowhere while it waits is the caller's until it is woken, and so needs
 * no object to leave anything at. */
void race__on_wait(goc_strand *waiter, const void *own)
{
    if (waiter == NULL)
        race__on_release(own);
}

void race__on_waited(goc_strand *waiter, const void *own)
{
    if (waiter == NULL)
        race__on_acquire(own);
}

void race__on_meet(goc_strand *waiter, const void *own)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    if (likely(waiter != NULL))
        race__order_meet(strand, waiter);
    else
        race__order_release_acquire(strand, (uintptr_t)own);
    race__leave();
}

void race__on_hand(goc_strand *waiter, const void *own)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    if (waiter != NULL)
        race__order_hand(strand, waiter);
    else
        race__order_release(strand, (uintptr_t)own);
    race__leave();
}

void race__on_trade(struct goc_race_slot *slot)
{
    struct race__slot_content *content = (struct race__slot_content *)slot;
    if (race__order_is_traded(goc_race_current, content))
        return;
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    race__order_trade(strand, content);
    race__leave();
}

void race__on_trade_next(struct goc_race_slot *slot, struct goc_race_slot *before)
{
    struct race__slot_content *content = (struct race__slot_content *)slot;
    if (race__order_is_traded(goc_race_current, content))
        return;
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    race__order_trade_next(strand, content, (struct race__slot_content *)before);
    race__leave();
}

/* The mark of the use, which is of the epoch that the strand last left, is of this one as it is. */
bool race__on_trade_again(struct goc_race_slot *slot, struct goc_race_slot *before)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return false;
    bool traded = race__order_trade_again(strand, (struct race__slot_content *)slot,
                                          (struct race__slot_content *)before);
    if (likely(traded)) {
        strand->touch_held = false;
        strand->touching = NULL;
    }
    race__leave();
    return traded;
}

void race__on_trade_for(struct goc_race_slot *slot, goc_strand *waiter, const void *own)
{
    if (!race__enter())
        return;
    if (waiter != NULL)
        race__order_trade(waiter, (struct race__slot_content *)slot);
    else
        race__order_trade_at((uintptr_t)own, (struct race__slot_content *)slot);
    race__leave();
}

void race__on_slot_release(struct goc_race_slot *slot)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    race__order_slot_release(strand, (struct race__slot_content *)slot);
    race__leave();
}

void race__on_slots_end(struct goc_race_slot *slots, size_t count)
{
    if (!race__enter())
        return;
    for (size_t i = 0;
         i < count && race__order_slot_end((struct race__slot_content *)&slots[i]); i++)
        continue;
    race__leave();
}

/* STRAND has the lock at ADDR, and its order.  Who waits for a lock, WAITED, may deadlock. */
static RACE_INLINE void hold(goc_strand *strand, const void *addr, bool exclusive,
                             const char *kind, const void *pc, bool waited)
{
    uint32_t held = strand->lockset;
    uint32_t leaf = race__strand_leaf(strand, pc);
    strand->lockset =
        race__lockset_add_again(race__self.lockset, held, addr, exclusive, kind, leaf);
    strand->locks_held++;
    if (waited && unlikely(held != RACE_LOCKSET_NONE))
        race__lock_nested(strand, held, addr, exclusive, leaf);
}

static RACE_INLINE void lock(const void *addr, bool exclusive, const char *kind,
                             const void *pc, bool waited)
{
    goc_strand *strand = race__watched();
    if (strand == NULL)
        return;
    if (!race__enter()) {
        strand->blind = true;
        return;
    }
    race__order_lock(strand, (uintptr_t)addr, exclusive);
    hold(strand, addr, exclusive, kind, pc, waited);
    race__leave();
}

/* Whoever gives a lock back has just told that it uses it.  That stands for its next use
 * too, if the lock is the last that it gave back and nobody has had it since. */
bool race__on_lock_use(const void *addr, const void *pc)
{
    if (goc_race_current->gave_back == (uintptr_t)addr)
        return true;
    race__read(addr, 1, pc);
    return false;
}

static bool lock_again(const void *addr, const char *kind, const void *pc)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return false;
    bool again = race__order_lock_again(strand, (uintptr_t)addr);
    if (again)
        hold(strand, addr, true, kind, pc, true);
    race__leave();
    return again;
}

/* Where the use was not the same, it is told now: what the lock orders is not taken yet. */
void race__on_lock_used(const void *addr, const char *kind, const void *pc)
{
    if (unlikely(!lock_again(addr, kind, pc))) {
        race__read(addr, 1, pc);
        race__on_lock(addr, true, kind, pc);
    }
}

void race__lock_mixed(const void *addr)
{
    if (enter() == NULL)
        return;
    race__order_lock_mixed((uintptr_t)addr);
    race__leave();
}

void race__on_lock(const void *addr, bool exclusive, const char *kind, const void *pc)
{
    lock(addr, exclusive, kind, pc, true);
}

void race__on_trylock(const void *addr, bool exclusive, const char *kind, const void *pc)
{
    lock(addr, exclusive, kind, pc, false);
}

/* A runtime's locks may be given back by anybody. */
void race__on_unlock(const void *addr, bool exclusive, const void *pc)
{
    (void)race__lock_release(addr, exclusive, pc);
}

void race__on_read_at(const void *addr, size_t size, const void *pc)
{
    if (size == 1)
        race__use(addr, pc);
    else
        race__read(addr, size, pc);
}

void race__on_write_at(const void *addr, size_t size, const void *pc)
{
    race__write(addr, size, pc);
}

void race__on_memory_new(const void *addr, size_t size, const char *kind, const void *pc)
{
    race__block_begin((uintptr_t)addr, size, kind, pc);
}

void race__on_memory_free(const void *addr, size_t size, const void *pc)
{
    race__block_end((uintptr_t)addr, size, pc);
}
