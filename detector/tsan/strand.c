/* Strands as fibers.
 *
 * Each thread has a context of TSan's from its start.  On a thread that the program made,
 * and on main, that context is the thread's own strand.  On a thread that the runtime made
 * to run goroutines it is the scheduler's, and each goroutine brings a fiber.  Main is
 * both: its context is goroutine 1, so its thread gets a fiber for the scheduler at
 * the first switch away.
 */
#include "tsan/strand.h"

#include "base/out.h"
#include "state/slab.h"
#include "tsan/bridge.h"
#include "tsan/interface.h"

RACE_THREAD_LOCAL struct race__tsan_self race__tsan_self;
uint64_t race__tsan_main_goid;

/* TSan cuts names after 63 bytes; this fits any number. */
enum { NAME_SIZE = 40 };

struct race__tsan_strand *race__tsan_strand_current(void)
{
    struct race__tsan_self *self = &race__tsan_self;
    if (self->strand == NULL && self->scheduler == NULL) {
        self->own.fiber = __tsan_get_current_fiber();
        self->own.thread_owned = true;
        self->strand = &self->own;
    }
    return self->strand;
}

/* The context in which the calling thread runs the scheduler.  Made before the first
 * switch away from the thread's own context; on main's thread as soon as that is goroutine
 * 1: a fiber knows what its maker did, and the scheduler makes goroutines for timers.
 *
 * Nothing of it is seen: what the scheduler calls of libc are interceptors of TSan, and
 * some touch the memory of a stack that was another's a moment ago. */
static void make_scheduler(struct race__tsan_self *self)
{
    void *own = __tsan_get_current_fiber();
    const bool own_is_strand = self->strand == &self->own;
    self->scheduler = own_is_strand ? __tsan_create_fiber(0) : own;
    __tsan_switch_to_fiber(self->scheduler, __tsan_switch_to_fiber_no_sync);
    __tsan_ignore_thread_begin();
    __tsan_switch_to_fiber(own, __tsan_switch_to_fiber_no_sync);
}

/* The name is how a report, which knows only TSan's threads, finds the goroutine. */
static void name_fiber(void *fiber, uint64_t id)
{
    char name[NAME_SIZE];
    struct race__text text = {.bytes = name, .capacity = sizeof name - 1};
    race__text_string(&text, "goroutine ");
    race__text_decimal(&text, id);
    name[text.length] = '\0';
    __tsan_set_fiber_name(fiber, name);
}

void race__tsan_strand_name_goroutine(uint64_t id)
{
    struct race__tsan_strand *strand = race__tsan_strand_current();
    if (strand == NULL)
        return;
    strand->goid = id;
    race__tsan_main_goid = id;
    name_fiber(strand->fiber, id);
    if (race__tsan_self.scheduler == NULL)
        make_scheduler(&race__tsan_self);
}

struct race__tsan_strand *race__tsan_strand_spawn(uint64_t id, const void *pc)
{
    struct race__tsan_strand *strand = race__slab_alloc(sizeof *strand);
    (void)race__tsan_strand_current(); // a thread that spawns is a strand
    __tsan_func_entry((void *)(uintptr_t)pc);
    strand->fiber = __tsan_create_fiber(0);
    __tsan_func_exit();
    strand->goid = id;
    name_fiber(strand->fiber, id);
    return strand;
}

void race__tsan_strand_switch(struct race__tsan_strand *strand)
{
    struct race__tsan_self *self = &race__tsan_self;
    if (self->scheduler == NULL)
        make_scheduler(self);
    self->strand = strand;
    __tsan_switch_to_fiber(strand != NULL ? strand->fiber : self->scheduler,
                           __tsan_switch_to_fiber_no_sync);
}

void race__tsan_strand_end(struct race__tsan_strand *strand)
{
    if (race__tsan_self.strand == strand)
        race__tsan_strand_switch(NULL);
    race__slab_free(strand->held, strand->held_capacity * sizeof *strand->held);
    strand->held = NULL;
    strand->held_count = strand->held_capacity = 0;
    if (strand->thread_owned)
        return;
    __tsan_destroy_fiber(strand->fiber);
    race__slab_free(strand, sizeof *strand);
}

void race__tsan_call_begin(const void *pc)
{
    __tsan_func_entry((void *)(uintptr_t)pc);
}

void race__tsan_call_end(void)
{
    __tsan_func_exit();
}

bool race__tsan_strand_is_thread(const struct race__tsan_strand *strand)
{
    return strand->thread_owned;
}

void race__tsan_internal_begin(void)
{
    __tsan_ignore_thread_begin();
}

void race__tsan_internal_end(void)
{
    __tsan_ignore_thread_end();
}

void race__tsan_held_add(struct race__tsan_strand *strand, struct race__tsan_held held)
{
    if (strand->held_count == strand->held_capacity) {
        const uint32_t capacity = strand->held_capacity ? 2 * strand->held_capacity : 4;
        struct race__tsan_held *larger = race__slab_alloc(capacity * sizeof *larger);
        for (uint32_t i = 0; i < strand->held_count; i++)
            larger[i] = strand->held[i];
        race__slab_free(strand->held, strand->held_capacity * sizeof *strand->held);
        strand->held = larger;
        strand->held_capacity = capacity;
    }
    strand->held[strand->held_count++] = held;
}

bool race__tsan_held_remove(struct race__tsan_strand *strand, const void *addr,
                            bool exclusive)
{
    for (uint32_t i = strand->held_count; i-- > 0;) {
        if (strand->held[i].addr != addr || strand->held[i].exclusive != exclusive)
            continue;
        for (uint32_t j = i + 1; j < strand->held_count; j++)
            strand->held[j - 1] = strand->held[j];
        strand->held_count--;
        return true;
    }
    return false;
}
