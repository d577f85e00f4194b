/* Signal handlers as strands.
 *
 * A handler that interrupts a thread is a strand of its own, one for each signal and thread:
 * the thread could have been anywhere else when the signal came, so that what it does is
 * not ordered with the handler by having been interrupted (C17 5.1.2.3p5, 7.14.1.1p5;
 * C++20 [intro.races]/21: potentially concurrent).  The same goes for a goroutine, and to run on
 * one thread orders a goroutine's handlers with another's no more than it orders the two: which
 * goroutine a thread runs when a signal comes is the scheduler's choice.  A thread of a runtime
 * that runs none is interrupted as nobody, once more a strand for each signal and thread.
 *
 * Below, "thread" is any of the three.  What orders them:
 *
 *   installing           what came before the sigaction     -> the handler
 *   sending              what came before the kill, alarm,… -> the handler
 *   the thread's birth   what came before its creation      -> its handlers (not nobody's)
 *   unblocking           what came before, on the thread    -> later runs of the handler
 *   blocking             runs of the handler so far         -> what the thread does next
 *   running              blocks and unblocks sa_mask, which orders handlers
 *   raise, faults        the handler is called: in its place, as a function
 *   an atomic_signal_fence that releases -> one of the same thread that acquires
 *
 * One signal's runs on one thread follow each other, and so are one strand's.
 *
 * What a handler and its thread may share without order is the thread's, whoever accesses
 * it: volatile sig_atomic_t (race__access_shared).  A handler's own frames are the handler's.  They
 * lie where its thread has had frames, and will have, or handlers of others, that run on the same
 * stack: what was known of that memory is forgotten, as far as the handler reaches, when it first
 * reaches there, and when it ends.  Memory below a stack's pointer is nobody's, so no race is lost
 * but with who kept a pointer to a frame that is gone.
 *
 * What a goroutine's creator knew is kept once there is a handler.  An older goroutine's handlers
 * know what it has learned of others when the first of them runs, which is more.
 *
 * A handler may wait as a goroutine does, if it was called: it goes on as the goroutine, whose its
 * frames are from there on.
 */
#ifndef GOC_DETECTOR_ENTRY_HANDLERS_H
#define GOC_DETECTOR_ENTRY_HANDLERS_H

#include <goc/race.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Signals as a set. */
static inline uint64_t race__signal_bit(int signal)
{
    return signal > 0 && signal < _NSIG ? (uint64_t)1 << (signal - 1) : 0;
}

/* One run of a handler, on its own stack. */
struct race__handling {
    goc_strand *strand; // NULL: it runs as whom it interrupts, or unseen
    int signal;
};

/* Before the call that installs a handler from PC, under which MASK is blocked as well. */
void race__handler_install(int signal, uint64_t mask, const void *pc);
/* The signals that ever had a handler. */
uint64_t race__handled(void);
/* Are handlers strands that come now? */
bool race__handlers_are_strands(void);
/* STRAND, a goroutine, knows nothing yet but what came before it. */
void race__handlers_keep_begin(goc_strand *strand);

/* Around a handler of SIGNAL, whose frames lie below FRAME.  CALLED: by what its thread did,
 * in whose order it stands. */
void race__handler_begin(struct race__handling *run, int signal, bool called,
                         uintptr_t frame);
void race__handler_end(const struct race__handling *run);
/* Is the caller in a handler, be it a strand or not? */
bool race__is_handling(void);
/* A jump leads to the frame at STACK: out of handlers whose frames do not reach there. */
void race__handlers_left(uintptr_t stack);

/* The current strand is about to send SIGNAL, or to ask for it. */
void race__signal_sent(int signal);
/* The current strand has taken SIGNAL otherwise than by a handler. */
void race__signal_taken(int signal);

/* SIGNALS have been blocked on the calling thread, or are about to be unblocked. */
void race__signals_blocked(uint64_t signals);
void race__signals_unblock(uint64_t signals);
/* atomic_signal_fence with an ORDER of C's. */
void race__signal_fence(uint32_t order);

/* The goroutine that the caller runs waits, in a handler. */
void race__handlers_wait(void);

/* The calling thread ends: it is its own strand again, and its handlers' are freed. */
void race__handlers_end(void);
/* Inside the detector: HOST, a goroutine, ends, and its handlers' strands with it. */
void race__handlers_end_of(goc_strand *host);

#endif
