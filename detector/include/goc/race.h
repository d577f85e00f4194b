/* What a runtime tells a race detector: strands, order, locks and memory.
 *
 * A strand is one thread of control whose operations are ordered among themselves: a
 * goroutine or a thread.  The detector knows strands only; goroutines, Ms and Ps are the
 * runtime's business.  Three libraries implement these functions, and goc-cc links the
 * one that -race= asks for: goc's own detector, the bridge to ThreadSanitizer (strands
 * become fibers), or both at once.
 *
 * "The current strand" is the strand that the calling OS thread runs now.  Threads made by
 * pthread_create get theirs by themselves; a thread that runs goroutines switches with
 * goc_race_strand_switch.  While a thread has no current strand, what it does is not seen.
 *
 * None of these functions parks, calls back, allocates from the program's heap or touches
 * errno.  All may be called from any thread that the detector knows.
 *
 * PC parameters are return addresses: the public function of the runtime passes
 * __builtin_return_address(0), so that a report names the user's line.
 */
#ifndef GOC_RACE_H
#define GOC_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct goc_strand goc_strand;

/* The strand of the calling thread, NULL where it has none. */
goc_strand *goc_race_strand_current(void);

/* The current strand becomes goroutine ID: main as goroutine 1. */
void goc_race_strand_name_goroutine(uint64_t id);

/* A new goroutine ID, made by the current strand at PC.
 * Ordering  what the creator did before is before all that the new strand does. */
goc_strand *goc_race_strand_spawn(uint64_t id, const void *pc);

/* From here on strands may begin that no strand makes: where goc_race_strand_spawn is called while
 * none is current.  Called by the current strand, before the release that the first of them
 * acquires before it runs the program's code; whatever was done before that release is
 * before all that they do. */
void goc_race_expect_orphans(void);

/* From here on the calling thread runs STRAND; NULL: the scheduler, nobody's code.
 * Ordering  none: goroutines that share a thread are not ordered by sharing it.
 * Called right before the stack switch, from code that is not instrumented. */
void goc_race_strand_switch(goc_strand *strand);

/* STRAND, which is current on no thread or only on the calling one, has ended;
 * the pointer is dead afterwards.  The calling thread is left without a strand. */
void goc_race_strand_end(goc_strand *strand);

/* Between begin and end the calling thread starts threads and takes locks for the
 * runtime's own ends: interceptors pass such calls through unseen.  Nests. */
void goc_race_internal_begin(void);
void goc_race_internal_end(void);

/* Some time has passed, about milliseconds, in which strands may have run that called nothing
 * here. */
void goc_race_tick(void);

/* Order through the object at ADDR (any byte that belongs to the caller's object).
 * acquire        the current strand sees what was released to ADDR.
 * release        what the strand did so far becomes ADDR's content, replacing it.
 * release_merge  … is added to ADDR's content.
 * use_merge      the object is used, as read_at of one byte at PC says, and then release_merge.
 * release_acquire both at once, a channel slot's trade: the strand takes what was there and
 *                leaves what it did itself so far, without what it just took. */
void goc_race_acquire(const void *addr);
void goc_race_release(const void *addr);
void goc_race_release_merge(const void *addr);
void goc_race_use_merge(const void *addr, const void *pc);
void goc_race_release_acquire(const void *addr);
/* The contents of A and B change places; no strand's clock changes.
 * So a strand that runs completes an operation for one that is parked: the parked strand
 * has released to B of its own before it parked and acquires from B once it runs again.
 * With A the slot of a channel, its release_acquire on A takes place in between, at the
 * right moment of A's history.  The caller keeps both objects to itself meanwhile. */
void goc_race_exchange(const void *a, const void *b);

/* An operation of one strand that another completes while the first waits, a meeting on a
 * channel.  Who waits is named by two things: OWN, an object of its own; and WAITER, its strand,
 * where that is current on no thread until it is woken, and nobody but the caller completes the
 * operation; NULL where it stays on its thread.
 * wait   the current strand is about to wait; every wait that somebody completed is followed by …
 * waited … once it runs again.
 * meet   the current strand completes it: each of the two sees what the other did so far.
 * hand   the current strand ends the wait: the waiter sees what it did so far. */
void goc_race_wait(goc_strand *waiter, const void *own);
void goc_race_waited(goc_strand *waiter, const void *own);
void goc_race_meet(goc_strand *waiter, const void *own);
void goc_race_hand(goc_strand *waiter, const void *own);

/* A slot of a buffered channel: what was left there by the operation that used it last.  It is
 * the runtime's memory and the detector's content, and begins as zeros.  Whoever calls with a slot
 * has it to itself, as by the channel's lock.
 * trade      the current strand takes what is there, and leaves what it did itself so far,
 *            without what it just took.
 * trade_next as trade; BEFORE is the slot that the last operation of this kind used.
 * trade_for  the same by a strand that waits, as with goc_race_meet.
 * slot_release  what the current strand did so far becomes the content.
 * slots_end  the memory of COUNT slots at SLOTS goes; they were used one after the other from
 *            the first on. */
struct goc_race_slot {
    uint64_t content[9];
};
void goc_race_trade(struct goc_race_slot *slot);
void goc_race_trade_next(struct goc_race_slot *slot, struct goc_race_slot *before);
void goc_race_trade_for(struct goc_race_slot *slot, goc_strand *waiter, const void *own);
void goc_race_slot_release(struct goc_race_slot *slot);
void goc_race_slots_end(struct goc_race_slot *slots, size_t count);

/* The lock at ADDR: order plus the set of locks held, as reports show it.
 * KIND names it there: a literal such as "goc_mutex".  While a strand has the lock, the
 * functions above are not called with ADDR. */
void goc_race_lock(const void *addr, bool exclusive, const char *kind, const void *pc);
void goc_race_unlock(const void *addr, bool exclusive, const void *pc);
/* As goc_race_lock, by an operation that would not have waited: it deadlocks with nobody. */
void goc_race_trylock(const void *addr, bool exclusive, const char *kind, const void *pc);
/* The current strand is about to take the lock at ADDR, and so to read its first byte.
 * Returns  false: goc_race_lock follows.  True: the read is still to be told, for perhaps it
 *          need not be: goc_race_lock_used follows where the lock was free, and else
 *          goc_race_read_at before the strand waits. */
bool goc_race_lock_use(const void *addr, const void *pc);
void goc_race_lock_used(const void *addr, const char *kind, const void *pc);
/* The current strand has found the lock at ADDR taken and is about to wait for it, for as
 * long as that takes; and it has waited: goc_race_lock follows.  Reports of deadlocks among
 * the strands that wait when the process ends are made of it. */
void goc_race_lock_wait(const void *addr, bool exclusive, const char *kind,
                        const void *pc);
void goc_race_lock_waited(void);

/* The runtime reads or writes SIZE bytes at ADDR for the current strand. */
void goc_race_read_at(const void *addr, size_t size, const void *pc);
void goc_race_write_at(const void *addr, size_t size, const void *pc);
/* The current strand uses what the GOC_RACE_TOUCH_SIZE bytes at AREA stand for, in which there is
 * nothing else: who writes or frees them all meanwhile races.  Aligned to 8. */
#define GOC_RACE_TOUCH_SIZE 128
void goc_race_touch(const void *area, const void *pc);
/* The same in two steps, between which the caller takes a lock by an atomic read-modify-write,
 * and nothing else: that is a full fence, which the detector then has no need of its own for.
 * Returns, of end    true: the use is yet to be noted, and may be a race.  The caller lets go of
 *                    its lock, lest others wait for the report, calls goc_race_touch_late, and takes
 *                    the lock again.
 *          of begin  true: the use may be one of several in a row, and the caller, who says so by
 *                    ROW, tries goc_race_trade_again before end, where the use comes to a
 *                    goc_race_trade_next and nothing else. */
bool goc_race_touch_begin(const void *area, const void *pc, bool row);
bool goc_race_touch_end(void);
void goc_race_touch_late(void);
/* True: the use is noted and the trade is done.  False: neither is. */
bool goc_race_trade_again(struct goc_race_slot *slot, struct goc_race_slot *before);

/* Between begin and end the calling thread calls libc for the current strand, whose call at
 * PC it is: what libc's interceptors see is shown below that line.
 * Returns  what end takes. */
uint32_t goc_race_call_begin(const void *pc);
void goc_race_call_end(uint32_t token);

/* SIZE bytes at ADDR are new: forget what was known of them (accesses, order).
 * KIND (a literal such as "channel") with PC names the block in reports; NULL names
 * nothing, as for a stack that is used again. */
void goc_race_memory_new(const void *addr, size_t size, const char *kind, const void *pc);
/* The block is gone: a later access is a use after free. */
void goc_race_memory_free(const void *addr, size_t size, const void *pc);

/* The process is about to end with STATUS without passing through exit(): write what is
 * unwritten.  Returns the status to end with: 66 (or exitcode=) after a race, else STATUS. */
int goc_race_exit(int status);

#ifdef __cplusplus
}
#endif
#endif
