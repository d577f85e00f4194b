/* Strands: what the detector knows of each thread of control.
 *
 * A strand is current on one thread at most, and only that thread changes it; "owner"
 * below.  Its own view (state/view.h) is its epoch and what it knows of others.
 *
 * Slots.  A strand has a slot of vector clocks.  When it ends, the slot may go to a new
 * strand whose creator knows the last epoch that the old one left anywhere: then all that
 * the old one did is before all that the new one does, and the slot's epochs form one
 * ordered chain.  Other slots are never reused, so no two moments are ever confused.
 *
 * Alone.  While there is one strand only, and all that come will be born of it, whatever it
 * does is before whatever anybody else will do.  Its accesses leave no marks: it expects cells
 * of words without marks, in which there is nothing to race with.  With the first birth that
 * ends: its creator ticks, and has expected nothing since.
 *
 * Taken back.  Giving a lock back ends an epoch, for the next who takes the lock knows it, and
 * must not be taken to know what the strand does afterwards.  Where the next one is the strand
 * itself, and it has handed nothing on since, nobody knows the old epoch or ever will without
 * the new one: content that said the old one says the new one from then on, and all else is
 * the strand's.  Then no access is ordered otherwise than if the lock had not been given back
 * in between (state/order.c asks, with the lock's line locked).  So both epochs are one, and a
 * run of them from RUN on: marks of the old one stand for accesses of the new one, and its
 * block of moments, the first of PAST if the strand needed another meanwhile, is the present
 * one again.
 *
 * Births.  Marks outlive strands, and reports name the strand of a mark: a record of each
 * strand's birth stays for long (state/birth.h).  An epoch leads to its slot, and the slot to
 * its births, newest first; the one that began last before the epoch's clock is the strand's.
 */
#ifndef GOC_STATE_STRAND_H
#define GOC_STATE_STRAND_H

#include "base/atomic.h"
#include "base/compiler.h"
#include "state/birth.h"
#include "state/cell.h"
#include "state/view.h"
#include "state/window.h"

#include <goc/race.h>
#include <goc/race_inline.h>
#include <stddef.h>

enum race__strand_kind {
    RACE_STRAND_MAIN,
    RACE_STRAND_MAIN_GOROUTINE, // the same, once a runtime has made it goroutine 1
    RACE_STRAND_GOROUTINE,
    RACE_STRAND_THREAD,
    RACE_STRAND_SIGNAL, // the handler of a signal, in one thread or goroutine
};

/* One open call of a strand. */
struct race__frame {
    const void *pc; // return address of the function
    uint32_t node;  // its context, 0 while nobody has asked for it
    uint32_t unused;
};

/* What few strands have: threads, and those that use fences and the atomics that go with
 * them. */
struct race__strand_more {
    struct race__view left;    // owner: as of the last release fence
    struct race__view pending; // owner: read by relaxed atomics, for an acquire fence
    struct race__view begin;   // const after start: of whom handlers may interrupt, what
                               // came before it
};

/* A mark that the strand leaves again and again, epoch by epoch: entry/touch.c.  It is the only
 * mark of its block of moments, which stays its own. */
struct race__touch {
    uintptr_t addr;   // 0: none
    const void *pc;   // where it is made …
    uint32_t context; // … and in which open call
    uint32_t moment;
    uint64_t cell; // what its cell is where it has no other mark
};

#define RACE_TOUCHES 8

/* The mark of a read that the strand makes again and again: entry/reread.c.  As above.  LEFT is how
 * often it may be repeated within an epoch until it is given up; without a mark, how often it is
 * not to get one. */
struct race__reread {
    _Alignas(64) uintptr_t addr; // 0: none
    uint64_t mark;               // as a cell has it, without more; 0: none yet
    /* With a mark: what is found by ADDR and MARK, so that it need not be found again. */
    uint64_t *cell;
    uint64_t *spare;
    struct race__moments *block;
    const void *pc;   // where it was made last …
    uint32_t context; // … and in which open call; RACE_REREAD_NOWHERE: neither is known
    uint16_t size;    // bytes that are read there; 0 without a mark
    uint16_t left;
};

#define RACE_REREADS 16
#define RACE_REREAD_NOWHERE UINT32_MAX // no call's context

_Static_assert(sizeof(struct race__reread) == 64, "a line of the cache");

#define RACE_FRAMES_FIRST 4 // what most goroutines need, and all that the short-lived do

struct goc_strand {
    /* What instrumented code knows of (goc/race_inline.h). */
    /* owner: what cells are compared with, state/cell.h; never equal while the strand has no moment
     * and is not alone, or rules are counted */
    uint64_t expect;
    struct race__frame *frames; // owner: open calls, outermost first
    uint32_t depth;             // owner: how many
    uint32_t frames_capacity;   // owner
    uint64_t cells;             // owner: as mask of addresses; 0: state/window.h

    struct race__moment_owner moment; // owner: of view.own and lockset, if any
    uint32_t lockset;                 // owner: locks held, state/lockset.h
    uint32_t locks_held;              // owner: how many
    bool blind;             // owner: it took or gave back locks that were not seen
    bool ended;             // lock of threads: a thread's strand that has stopped
    bool detached;          // lock of threads: nobody will join
    uint32_t birth;         // const but for a worn-out slot: its record
    uint32_t number;        // const: its first record
    struct race__view view; // owner: own epoch and known others
    race__epoch last;       // owner: the last own epoch left in a mark or handed on
    race__epoch run;        // owner: the first own epoch that is one with the present one
    race__epoch run_left;   // owner: RUN of what it left at GAVE_BACK
    uintptr_t gave_back;    // owner: the lock that was the last to get its view; or 0
    struct race__moment_owner past[RACE_MOMENTS_PAST]; // owner: the latest is the first
    struct race__strand_more *more;                    // owner; NULL: nothing of it
    struct race__touch *touches;        // owner: RACE_TOUCHES of them; NULL: none
    const struct race__touch *touching; // owner: of which the cell is yet to be asked
    /* Owner: entry/touch.c, and state/order.c, "Traded again". */
    const struct race__touch *touched_by; // the mark that was renewed last …
    race__epoch touched;                  // … to this epoch …
    race__epoch touched_last;             // … from this one …
    uint32_t touched_locks;               // … with these locks held
    bool touch_held;                      // TOUCHING's is not, for perhaps it need not be
    bool twice;         // what was left at TRADED was left in the epoch before as well
    race__epoch traded; // the last epoch that was handed on by a trade
    race__epoch quiet;  // the first of those that go on up to TRADED
    race__epoch again;  // in which a trade may be one of the epoch before
    race__epoch known;  // the last that was found known in a slot
    uint32_t touches_passed;      // owner: by how many it did not become one of them
    uint32_t rereads_passed;      // owner: reads that were none of REREADS
    struct race__reread *rereads; // owner: RACE_REREADS of them; NULL: none
    struct race__view phase;      // owner: state/phase.h
    race__epoch phase_last;       // owner: the last moment of PHASE noted or handed on
    struct race__wait *wait;      // owner: for a lock of a runtime's; NULL: for none
    uintptr_t stack_low;          // owner until it ends: the thread's stack, 0 unknown
    uintptr_t stack_high;     // as stack_low; or the highest frame seen, of a goroutine
    uintptr_t thread_pointer; // const after start: of a thread, for naming its TLS
    struct race__handlers *handlers; // owner: that interrupt it; NULL: none has yet
    goc_strand *host;        // const: of a handler, whom it interrupts, itself if nobody;
                             // else NULL
    goc_strand *interrupted; // owner: by the handler that runs, its host or a handler
    uintptr_t handler_top;   // owner: the frames of the handler that runs lie below
    uintptr_t handler_low;   // owner: and it has made accesses to them down to here
    uint32_t internal;       // owner: race__self's, of whom it interrupted
    bool handling;           // owner: the handler runs
    bool called;             // owner: whom it interrupted has called it
    bool begin_kept;         // owner: MORE has what came before it
    struct goc_strand *next; // race__life
    struct goc_strand *previous; // race__life
    /* owner: FRAMES while they will do */
    struct race__frame first_frames[RACE_FRAMES_FIRST];
};

_Static_assert(offsetof(struct goc_strand, expect) == RACE_STRAND_EXPECT &&
                   offsetof(struct goc_strand, frames) == RACE_STRAND_FRAMES &&
                   offsetof(struct goc_strand, depth) == RACE_STRAND_DEPTH &&
                   offsetof(struct goc_strand, frames_capacity) == RACE_STRAND_CAPACITY &&
                   offsetof(struct goc_strand, cells) == RACE_STRAND_CELLS,
               "instrumented code knows where they are");
_Static_assert(sizeof(struct race__frame) == RACE_FRAME_SIZE &&
                   offsetof(struct race__frame, pc) == RACE_FRAME_PC &&
                   offsetof(struct race__frame, node) == RACE_FRAME_NODE,
               "instrumented code fills them");

/* Leaves that the thread has looked up: a hint, checked against all of its key. */
struct race__leaf_hint {
    const void *pc;
    uint32_t context;
    uint32_t leaf;
};

#define RACE_LEAF_HINTS 256

/* Nestings of locks that the thread has noted: a hint, checked against all of its key. */
struct race__nesting_hint {
    uint32_t set;      // the locks held, the one taken last among them
    race__epoch phase; // of the strand: who, and when
};

#define RACE_NESTING_HINTS 256

struct race__storage;

/* What the calling thread is doing. */
struct race__self {
    goc_strand *strand;              // current strand
    struct race__handlers *handlers; // while STRAND is NULL: as a strand has
    void (*deferred)(void); // NULL; or, signals came while busy: what runs their handlers
    uint32_t internal;      // depth of race__on_internal_begin
    uint32_t passes;        // how often it has entered, where there is a budget
    size_t spent;           // words since the last look at the limit of memory
    int raising; // the signal that the thread is about to send itself, 0 for none
    /* Handlers that run.  One that is left by a jump counts on where it is no strand. */
    uint32_t handling;
    bool schedules; // a thread of a runtime's, which runs goroutines or nobody
    bool busy;      // inside the detector: signal handlers wait or stay out
    struct race__leaf_hint *hints; // RACE_LEAF_HINTS of them, NULL before the first use
    struct race__nesting_hint *nestings; // RACE_NESTING_HINTS, as hints
    uint32_t lockset; // of a strand, before it gave a lock back; 0 for none: a hint
    struct race__storage *storage; // NULL before its beginning, and after its end
};

extern RACE_THREAD_LOCAL struct race__self race__self;

/* Stands where no strand does, so that instrumented code need not ask: it has made no
 * access, has no open calls and no room for any. */
extern goc_strand race__nobody;

/* The strand whose events the calling thread reports now; race__nobody while events are to
 * be ignored.  Instrumented code reads it. */
extern RACE_EXPORT RACE_THREAD_LOCAL goc_strand *goc_race_current;

/* The same, NULL for nobody. */
static RACE_INLINE goc_strand *race__watched(void)
{
    goc_strand *strand = goc_race_current;
    return likely(strand != &race__nobody) ? strand : NULL;
}

/* Enter and leave the detector.  Enter answers false where the calling code is a signal
 * handler that interrupted the detector itself and could not wait: what it does is not
 * seen, because the state may be in the middle of a change. */
static inline bool race__enter(void)
{
    if (unlikely(race__self.busy))
        return false;
    race__self.busy = true;
    compiler_barrier();
    race__window_pass();
    return true;
}

static inline void race__leave(void)
{
    compiler_barrier();
    race__self.busy = false;
    compiler_barrier(); // a signal before this line is deferred, one behind it is not
    if (unlikely(race__self.deferred != NULL))
        race__self.deferred();
}

void race__strand_init(void);

/* A strand that PARENT (NULL: the process's first) creates at LEAF.  It knows what PARENT
 * knows, and PARENT ticks. */
goc_strand *race__strand_new(goc_strand *parent, enum race__strand_kind kind,
                             uint64_t name, uint32_t leaf);
/* From here on strands may begin without a creator: a runtime's, or those of threads that
 * libc makes.  Nobody is alone any more. */
void race__strand_expect_orphans(void);

/* Strands that are not freed, and one more where some may begin without a creator; 2 where there
 * are more: it is asked by all, and changes seldom.  Atomic: written with race__life, release by
 * who ends. */
extern uint32_t race__strands_alive;

/* Is the calling thread's strand the only one, and all that come are born of it?  The
 * answer is then its own thread's to change. */
static inline bool race__strand_is_alone(void)
{
    return load_acquire(&race__strands_alive) <= 1;
}

/* STRAND, which is alone, expects words without marks from here on.  Before its access
 * takes its epoch. */
void race__strand_settle(goc_strand *strand);
/* How often a strand has come to be alone, and made accesses then. */
uint32_t race__strands_settled(void);
/* STRAND has ended and nobody will ask for its view any more. */
void race__strand_free(goc_strand *strand);

/* For a fork: no strand is made or freed. */
void race__strands_hold(bool hold);

/* The calling thread ends, or will not be seen again: what it kept goes back. */
void race__self_end(void);

/* The calling thread runs STRAND, or nobody. */
static RACE_INLINE void race__strand_make_current(goc_strand *strand)
{
    race__self.strand = strand;
    goc_race_current =
        strand != NULL && race__self.internal == 0 ? strand : &race__nobody;
}

/* STRAND's, made where there is none. */
struct race__strand_more *race__strand_more(goc_strand *strand);

/* What STRAND expects before it has a moment. */
static RACE_INLINE uint64_t race__strand_expect_anew(const goc_strand *strand)
{
    return strand->cells != 0 ? RACE_EXPECT_NEVER : RACE_EXPECT_CLOSED;
}

/* STRAND goes on at EPOCH. */
static RACE_INLINE void race__strand_set_epoch(goc_strand *strand, race__epoch epoch)
{
    strand->view.own = epoch;
    strand->run = epoch;
    strand->gave_back = 0;
    strand->moment.now = 0;
    strand->expect = race__strand_expect_anew(strand);
}

RACE_COLD void race__strand_tick_slow(goc_strand *strand);

/* The strand has handed its view on: what it does next is another moment. */
static RACE_INLINE void race__strand_tick(goc_strand *strand)
{
    race__epoch now = strand->view.own;
    if (unlikely(strand->expect == RACE_EXPECT_NO_MARKS ||
                 race__epoch_clock(now) == RACE_CLOCK_MAX)) {
        race__strand_tick_slow(strand);
        return;
    }
    strand->last = now;
    race__strand_set_epoch(strand, (race__epoch){now.raw + 1});
}

/* STRAND's last epoch, which ended as it gave a lock back, is one with the present one. */
void race__strand_take_back(goc_strand *strand);
/* What STRAND did so far is before what OTHER does next; both are the calling thread's. */
void race__strand_hand_over(goc_strand *strand, goc_strand *other);
/* The strand leaves a mark under its present epoch, or has ended and hands that on. */
static inline void race__strand_mark(goc_strand *strand)
{
    strand->last = strand->view.own;
}

/* The present epoch, with those that are one with it. */
static RACE_INLINE race__run race__strand_run(const goc_strand *strand)
{
    return (race__run){.first = strand->run, .last = strand->view.own};
}

/* The present moment: of the strand's epoch and its locks, as a mark in a cell has it; 0
 * where no number can be had. */
RACE_PRESERVE uint32_t race__strand_moment_slow(goc_strand *strand);

static inline uint32_t race__strand_moment(goc_strand *strand)
{
    uint32_t now = strand->moment.now;
    if (likely(now != 0 && race__moment_lockset(now) == strand->lockset))
        return now;
    return race__strand_moment_slow(strand);
}

/* STRAND has taken COUNT marks that named MOMENT, one at least, from their cells. */
static RACE_INLINE void race__strand_drop_many(goc_strand *strand, uint32_t moment,
                                               uint32_t count)
{
    race__moment_drop_past(&strand->moment, strand->past, moment, count);
}

static RACE_INLINE void race__strand_drop(goc_strand *strand, uint32_t moment)
{
    race__strand_drop_many(strand, moment, 1);
}

/* As race__moment_split, for STRAND's latest mark. */
uint32_t race__strand_split(goc_strand *strand);

/* The context of the strand's innermost open call, and the leaf of PC under it. */
uint32_t race__strand_context(goc_strand *strand);
uint32_t race__strand_leaf_slow(goc_strand *strand, const void *pc);

/* The same context, 0 where nobody has asked for it yet. */
static RACE_INLINE uint32_t race__strand_context_asked(const goc_strand *strand)
{
    return strand->depth == 0 ? 0 : strand->frames[strand->depth - 1].node;
}

static RACE_INLINE struct race__leaf_hint *race__leaf_hint(uint32_t context,
                                                           const void *pc)
{
    uint32_t at = (uint32_t)(uintptr_t)pc ^ (uint32_t)((uintptr_t)pc >> 8) ^ context * 31;
    return &race__self.hints[at % RACE_LEAF_HINTS];
}

static RACE_INLINE uint32_t race__strand_leaf(goc_strand *strand, const void *pc)
{
    uint32_t context = race__strand_context_asked(strand);
    if (likely(context != 0 && race__self.hints != NULL)) {
        const struct race__leaf_hint *hint = race__leaf_hint(context, pc);
        if (likely(hint->pc == pc && hint->context == context))
            return hint->leaf;
    }
    return race__strand_leaf_slow(strand, pc);
}

/* One more open call, of the function that returns to PC; answers how many there were.
 * Slow makes room for its frame first. */
RACE_COLD uint32_t race__strand_push_slow(goc_strand *strand, const void *pc);

static RACE_INLINE uint32_t race__strand_push(goc_strand *strand, const void *pc)
{
    uint32_t depth = strand->depth;
    if (unlikely(depth == strand->frames_capacity))
        return race__strand_push_slow(strand, pc);
    struct race__frame *frame = &strand->frames[depth];
    frame->node = 0;
    strand->depth = depth + 1;
    compiler_barrier(); // a handler that pushes here must not take the same frame
    frame->pc = pc;
    return depth;
}

/* The number of the strand that had EPOCH, 0 where it is not kept (state/birth.h). */
uint32_t race__birth_of(race__epoch epoch);
/* The number by which STRAND is known for ever. */
uint32_t race__strand_number(const goc_strand *strand);
/* STRAND is of KIND from here on, and has NAME. */
void race__strand_name(goc_strand *strand, enum race__strand_kind kind, uint64_t name);

/* Calls VISIT for each strand that has not been freed, until it answers true; answers
 * whether it did.  VISIT must not create, name or free strands. */
bool race__strand_each(bool (*visit)(const goc_strand *strand, void *context),
                       void *context);

#endif
