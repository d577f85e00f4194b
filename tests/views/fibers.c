/* Each goroutine a fiber of ThreadSanitizer's: what listens to the runtime's events in the view
 * that takes every goroutine for a thread of its own.
 *
 * Of all events only those about strands count.  A switch orders nothing (no_sync), and the
 * order that the runtime tells a detector of the program is left out: here the runtime's own
 * atomics have to bring it.  What they do not bring is what a thread does in turn for the
 * goroutines it runs; base/atomic.h names it, and the four functions at the end believe it.
 *
 * A fiber that has ended is destroyed when the next one on its thread ends: the goroutine still
 * needs it to say what its stack's next owner may rely on, and to find and prepare its successor.
 */
#include "base/atomic.h"

#include <goc/race.h>
#include <stddef.h>
#include <stdlib.h>

/* Of sanitizer/tsan_interface.h, which not every installation has. */
enum { NO_SYNC = 1 };
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_acquire(void *address);
void __tsan_release(void *address);

struct goc_strand {
    void *fiber;
};

struct self {
    void *scheduler;       /* the context of what the thread does for no goroutine */
    void *current;         /* the fiber that runs */
    void *ended;           /* to destroy, once another has ended */
    struct goc_strand own; /* of a plain thread, or of main; const once it is asked for */
    struct goc_strand passing; /* of a goroutine that asks, to come back to */
};

static _Thread_local struct self thread_self;

/* Not inlined: a goroutine goes on on another thread. */
__attribute__((__noinline__)) static struct self *self_of_thread(void)
{
    struct self *self = &thread_self;
    __asm__ volatile("" : "+r"(self));
    if (self->current == NULL)
        self->current = __tsan_get_current_fiber();
    return self;
}

static void switch_to(struct self *self, void *fiber)
{
    self->current = fiber;
    __tsan_switch_to_fiber(fiber, NO_SYNC);
}

goc_strand *goc_race_strand_current(void)
{
    struct self *self = self_of_thread();
    if (self->own.fiber == NULL)
        self->own.fiber = self->current;
    if (self->own.fiber == self->current)
        return &self->own;
    self->passing.fiber = self->current;
    return &self->passing;
}

/* Main is goroutine 1: its thread needs another context for the scheduler. */
void goc_race_strand_name_goroutine(uint64_t id)
{
    (void)id;
    self_of_thread()->scheduler = __tsan_create_fiber(0);
}

goc_strand *goc_race_strand_spawn(uint64_t id, const void *pc)
{
    (void)id;
    (void)pc;
    /* Never freed: that would be an access of whoever runs next. */
    struct goc_strand *strand = malloc(sizeof *strand);
    if (strand == NULL)
        abort();
    strand->fiber = __tsan_create_fiber(0);
    return strand;
}

void goc_race_strand_switch(goc_strand *strand)
{
    struct self *self = self_of_thread();
    if (self->scheduler == NULL)
        self->scheduler = self->current;
    switch_to(self, strand != NULL ? strand->fiber : self->scheduler);
}

void goc_race_strand_end(goc_strand *strand)
{
    struct self *self = self_of_thread();
    if (strand == &self->own)
        return;
    if (self->ended != NULL)
        __tsan_destroy_fiber(self->ended);
    self->ended = strand->fiber;
}

void turn_given(const void *g)
{
    __tsan_release((void *)(uintptr_t)g);
}

void turn_taken(const void *g)
{
    __tsan_acquire((void *)(uintptr_t)g);
}

static _Thread_local void *interrupted;

void scheduler_begins(const void *g)
{
    struct self *self = self_of_thread();
    interrupted = self->current;
    switch_to(self, self->scheduler);
    turn_taken(g);
}

void scheduler_ends(void)
{
    switch_to(self_of_thread(), interrupted);
}

/* ---- for the memory that belongs to Ms and Ps: libc's would tell ThreadSanitizer -------- */

void *goc_view_memcpy(void *restrict to, const void *restrict from, size_t size);
void *goc_view_memset(void *to, int byte, size_t size);

void *goc_view_memcpy(void *restrict to, const void *restrict from, size_t size)
{
    volatile char *out = to;
    const char *in = from;
    for (size_t i = 0; i < size; i++)
        out[i] = in[i];
    return to;
}

void *goc_view_memset(void *to, int byte, size_t size)
{
    volatile char *out = to;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)byte;
    return to;
}

/* ---- what only detectors of the program want to know ---------------------------------- */

void goc_race_tick(void) {}

void goc_race_expect_orphans(void) {}
void goc_race_internal_begin(void) {}
void goc_race_internal_end(void) {}

void goc_race_acquire(const void *addr)
{
    (void)addr;
}

void goc_race_release(const void *addr)
{
    (void)addr;
}

void goc_race_release_merge(const void *addr)
{
    (void)addr;
}

void goc_race_use_merge(const void *addr, const void *pc)
{
    (void)addr;
    (void)pc;
}

void goc_race_release_acquire(const void *addr)
{
    (void)addr;
}

void goc_race_exchange(const void *a, const void *b)
{
    (void)a;
    (void)b;
}

void goc_race_wait(goc_strand *waiter, const void *own)
{
    (void)waiter;
    (void)own;
}

void goc_race_waited(goc_strand *waiter, const void *own)
{
    (void)waiter;
    (void)own;
}

void goc_race_meet(goc_strand *waiter, const void *own)
{
    (void)waiter;
    (void)own;
}

void goc_race_hand(goc_strand *waiter, const void *own)
{
    (void)waiter;
    (void)own;
}

void goc_race_trade(struct goc_race_slot *slot)
{
    (void)slot;
}

void goc_race_trade_next(struct goc_race_slot *slot, struct goc_race_slot *before)
{
    (void)slot;
    (void)before;
}

bool goc_race_trade_again(struct goc_race_slot *slot, struct goc_race_slot *before)
{
    (void)slot;
    (void)before;
    return false;
}

void goc_race_trade_for(struct goc_race_slot *slot, goc_strand *waiter, const void *own)
{
    (void)slot;
    (void)waiter;
    (void)own;
}

void goc_race_slot_release(struct goc_race_slot *slot)
{
    (void)slot;
}

void goc_race_slots_end(struct goc_race_slot *slots, size_t count)
{
    (void)slots;
    (void)count;
}

void goc_race_touch(const void *area, const void *pc)
{
    (void)area;
    (void)pc;
}

bool goc_race_touch_begin(const void *area, const void *pc, bool row)
{
    (void)row;
    (void)area;
    (void)pc;
    return false;
}

bool goc_race_touch_end(void)
{
    return false;
}

void goc_race_touch_late(void) {}

void goc_race_lock(const void *addr, bool exclusive, const char *kind, const void *pc)
{
    (void)addr;
    (void)exclusive;
    (void)kind;
    (void)pc;
}

void goc_race_trylock(const void *addr, bool exclusive, const char *kind, const void *pc)
{
    goc_race_lock(addr, exclusive, kind, pc);
}

bool goc_race_lock_use(const void *addr, const void *pc)
{
    (void)addr;
    (void)pc;
    return false;
}

void goc_race_lock_used(const void *addr, const char *kind, const void *pc)
{
    goc_race_lock(addr, true, kind, pc);
}

void goc_race_lock_wait(const void *addr, bool exclusive, const char *kind,
                        const void *pc)
{
    goc_race_lock(addr, exclusive, kind, pc);
}

void goc_race_lock_waited(void) {}

void goc_race_unlock(const void *addr, bool exclusive, const void *pc)
{
    (void)addr;
    (void)exclusive;
    (void)pc;
}

void goc_race_read_at(const void *addr, size_t size, const void *pc)
{
    (void)addr;
    (void)size;
    (void)pc;
}

void goc_race_write_at(const void *addr, size_t size, const void *pc)
{
    (void)addr;
    (void)size;
    (void)pc;
}

uint32_t goc_race_call_begin(const void *pc)
{
    (void)pc;
    return 0;
}

void goc_race_call_end(uint32_t token)
{
    (void)token;
}

void goc_race_memory_new(const void *addr, size_t size, const char *kind, const void *pc)
{
    (void)addr;
    (void)size;
    (void)kind;
    (void)pc;
}

void goc_race_memory_free(const void *addr, size_t size, const void *pc)
{
    (void)addr;
    (void)size;
    (void)pc;
}

int goc_race_exit(int status)
{
    return status;
}
