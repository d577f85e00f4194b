/* Strands for handlers, and the places where they meet their threads. */
#include "entry/handlers.h"

#include "base/compiler.h"
#include "state/atomics.h"
#include "state/forget.h"
#include "state/life.h"
#include "state/order.h"
#include "state/slab.h"
#include "state/strand.h"

#define WORD 8u // of shadow: two places never share one

struct place {
    char bytes[WORD];
};

/* Of one thread or goroutine; or of a thread of a runtime's, for when it runs none. */
struct race__handlers {
    goc_strand *strand[_NSIG]; // owner: of each signal, NULL before its first run
    struct place up[_NSIG];    // what runs did that have ended
    struct place down[_NSIG];  // what the host did before it unblocked the signal
    struct place fence;
};

static struct place installed[_NSIG]; // what came before the sigaction
static struct place sent[_NSIG];
static uint64_t masks[_NSIG];  // atomic: blocked while the handler runs
static uint32_t leaves[_NSIG]; // atomic: where it was installed
static uint64_t handled;       // atomic: a set that grows

/* The rounds of a loop over the members of SET. */
static int next_signal(uint64_t *set)
{
    int signal = __builtin_ctzll(*set) + 1;
    *set &= *set - 1;
    return signal;
}

uint64_t race__handled(void)
{
    return load_relaxed(&handled);
}

/* Whom a handler interrupts that interrupts STRAND, which may be a handler itself; NULL: nobody. */
static goc_strand *host_of(goc_strand *strand)
{
    if (strand == NULL || strand->host == NULL)
        return strand;
    return strand->host != strand ? strand->host : NULL;
}

/* HOST's, which runs on the calling thread. */
static struct race__handlers *handlers_of(goc_strand *host)
{
    struct race__handlers **own = host != NULL ? &host->handlers : &race__self.handlers;
    if (*own == NULL)
        *own = race__slab_alloc(sizeof **own);
    return *own;
}

/* Those of the running strand, or of whom it interrupted. */
static struct race__handlers *handlers(void)
{
    return handlers_of(host_of(race__self.strand));
}

static uint8_t kind_of(const goc_strand *strand)
{
    return (uint8_t)race__birth_at(strand->birth).kind;
}

bool race__handlers_are_strands(void)
{
    return race__self.strand != NULL || race__self.schedules;
}

bool race__is_handling(void)
{
    return race__self.handling != 0;
}

void race__handler_install(int signal, uint64_t mask, const void *pc)
{
    goc_strand *strand = race__watched();
    if (race__signal_bit(signal) == 0)
        return;
    store_relaxed(&masks[signal], mask);
    (void)fetch_or_acq_rel(&handled, race__signal_bit(signal));
    race__strand_expect_orphans(); // a handler's strand does not know all of its thread's
    if (strand == NULL || !race__enter())
        return;
    store_relaxed(&leaves[signal], race__strand_leaf(strand, pc));
    race__order_release_merge(strand, (uintptr_t)&installed[signal]);
    race__leave();
}

void race__handlers_keep_begin(goc_strand *strand)
{
    struct race__view *begin = &race__strand_more(strand)->begin;
    *begin = race__view_share(&strand->view);
    begin->own = race__no_epoch; // what it does itself is not before its handlers
    strand->begin_kept = true;
}

/* What came before HOST's creation is before STRAND, which interrupts it. */
static void begin_as(goc_strand *strand, goc_strand *host)
{
    if (kind_of(host) == RACE_STRAND_GOROUTINE && !host->begin_kept)
        race__handlers_keep_begin(host); // as it is now, which says at least that
    if (host->more != NULL)
        race__view_acquire(&strand->view, &host->more->begin);
}

static goc_strand *strand_for(int signal, goc_strand *host)
{
    goc_strand **place = &handlers_of(host)->strand[signal];
    if (*place != NULL)
        return *place;
    goc_strand *strand = race__strand_new(NULL, RACE_STRAND_SIGNAL, (uint64_t)signal,
                                          load_relaxed(&leaves[signal]));
    *place = strand;
    strand->detached = true;
    strand->host = host != NULL ? host : strand;
    if (host == NULL)
        return strand;
    struct race__birth birth = race__birth_at(strand->birth);
    birth.parent = race__strand_number(host);
    race__life_lock();
    race__birth_write(strand->birth, &birth);
    race__life_unlock();
    begin_as(strand, host);
    return strand;
}

/* What else is blocked while SIGNAL's handler runs. */
static uint64_t others(int signal)
{
    return load_relaxed(&masks[signal]) & race__handled() & ~race__signal_bit(signal);
}

void race__handler_begin(struct race__handling *run, int signal, bool called,
                         uintptr_t frame)
{
    goc_strand *before = race__self.strand;
    goc_strand *host = host_of(before);
    race__self.handling++;
    *run = (struct race__handling){.signal = signal};
    if (!race__handlers_are_strands() || !race__enter())
        return;
    goc_strand *strand = strand_for(signal, host);
    if (!strand->handling) { // else it has interrupted itself: SA_NODEFER
        struct race__handlers *mine = handlers_of(host);
        called = called && before != NULL;
        if (called)
            race__strand_hand_over(before, strand);
        race__order_acquire(strand, (uintptr_t)&installed[signal]);
        race__order_acquire(strand, (uintptr_t)&sent[signal]);
        race__order_acquire(strand, (uintptr_t)&mine->down[signal]);
        for (uint64_t set = others(signal); set != 0;)
            race__order_acquire(strand, (uintptr_t)&mine->up[next_signal(&set)]);
        strand->handling = true;
        strand->interrupted = before;
        strand->called = called;
        strand->internal = race__self.internal;
        strand->handler_top = frame;
        strand->handler_low = frame;
        strand->depth = 0;
        race__self.internal = 0;
        race__strand_make_current(strand);
        run->strand = strand;
    }
    race__leave();
}

/* The frames of STRAND's run are whoever's that uses the stack next. */
static void forget_frames(goc_strand *strand)
{
    race__forget(strand->handler_low, strand->handler_top - strand->handler_low);
    strand->handler_low = strand->handler_top;
}

/* STRAND's run is over, and whom it interrupted goes on; CALLED: in order. */
static void finish(goc_strand *strand, bool called)
{
    goc_strand *before = strand->interrupted;
    forget_frames(strand);
    if (called && before != NULL)
        race__strand_hand_over(strand, before);
    race__self.internal = strand->internal;
    strand->handling = false;
    strand->interrupted = NULL;
    race__strand_make_current(before);
}

/* Is the calling thread at the end of STRAND's run?  It may have waited there as a goroutine and
 * goes on as whom it interrupted; else a jump has ended it. */
static bool is_ending(const goc_strand *strand)
{
    const goc_strand *now = race__self.strand;
    return strand->handling && (now == strand || now == strand->interrupted);
}

void race__handler_end(const struct race__handling *run)
{
    goc_strand *strand = run->strand;
    if (race__self.handling != 0)
        race__self.handling--;
    if (strand == NULL || !is_ending(strand) || !race__enter())
        return;
    struct race__handlers *mine = handlers();
    race__order_release_merge(strand, (uintptr_t)&mine->up[run->signal]);
    for (uint64_t set = others(run->signal); set != 0;)
        race__order_release_merge(strand, (uintptr_t)&mine->down[next_signal(&set)]);
    finish(strand, strand->called);
    race__leave();
}

static void leave_all(uintptr_t stack)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    goc_strand *strand = race__self.strand;
    while (strand != NULL && strand->handling &&
           (stack < here || stack > strand->handler_top)) {
        finish(strand, true); // what follows is the handler's own going on
        strand = race__self.strand;
    }
    if (strand == NULL || !strand->handling)
        race__self.handling = 0;
}

void race__handlers_left(uintptr_t stack)
{
    const goc_strand *strand = race__self.strand;
    if (strand == NULL || strand->host == NULL || !race__enter())
        return;
    leave_all(stack);
    race__leave();
}

/* Inside the detector. */
static void free_handlers(struct race__handlers **own)
{
    struct race__handlers *mine = *own;
    if (mine == NULL)
        return;
    *own = NULL;
    for (int signal = 0; signal < _NSIG; signal++)
        if (mine->strand[signal] != NULL)
            race__strand_free(mine->strand[signal]);
    race__forget((uintptr_t)mine, sizeof *mine);
    race__slab_free(mine, sizeof *mine);
}

void race__handlers_end(void)
{
    if (!race__enter())
        return;
    leave_all(0);
    if (race__self.strand != NULL)
        free_handlers(&race__self.strand->handlers);
    free_handlers(&race__self.handlers);
    race__self.schedules = false;
    race__leave();
}

void race__handlers_wait(void)
{
    goc_strand *strand = race__self.strand;
    if (!race__enter())
        return;
    for (; strand != NULL && strand->handling; strand = strand->interrupted)
        forget_frames(strand);
    race__leave();
}

void race__handlers_end_of(goc_strand *host)
{
    struct race__handlers **own = &host->handlers;
    if (race__self.strand != NULL && race__self.strand->host == host) {
        race__strand_make_current(NULL); // it ends in a handler
        race__self.handling = 0;
    }
    free_handlers(own);
}

/* The strand whose order with the handlers of its thread is to be noted, inside the
 * detector; NULL for none, else race__leave() follows. */
static goc_strand *enter(void)
{
    goc_strand *strand = race__watched();
    return race__handled() != 0 && strand != NULL && race__enter() ? strand : NULL;
}

void race__signal_sent(int signal)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || race__signal_bit(signal) == 0 || !race__enter())
        return;
    race__order_release_merge(strand, (uintptr_t)&sent[signal]);
    race__leave();
}

void race__signal_taken(int signal)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || race__signal_bit(signal) == 0 || !race__enter())
        return;
    race__order_acquire(strand, (uintptr_t)&sent[signal]);
    race__leave();
}

void race__signals_blocked(uint64_t signals)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    for (uint64_t set = signals & race__handled(); set != 0;)
        race__order_acquire(strand, (uintptr_t)&handlers()->up[next_signal(&set)]);
    race__leave();
}

void race__signals_unblock(uint64_t signals)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    for (uint64_t set = signals & race__handled(); set != 0;)
        race__order_release_merge(strand,
                                  (uintptr_t)&handlers()->down[next_signal(&set)]);
    race__leave();
}

void race__signal_fence(uint32_t order)
{
    goc_strand *strand = enter();
    if (strand == NULL)
        return;
    uintptr_t place = (uintptr_t)&handlers()->fence;
    if (race__atomics_acquires((int)order))
        race__order_acquire(strand, place);
    if (race__atomics_releases((int)order))
        race__order_release_merge(strand, place);
    race__leave();
}
