/* The invisible barrier: orders events without a happens-before edge.
 *
 * A test of a race detector must force the order in which two threads run and yet leave
 * them unordered in the detector's eyes.  These functions live in a library of their own,
 * compiled without instrumentation; they use raw atomics and the futex system call, which
 * neither goc's detector nor ThreadSanitizer intercepts.
 *
 * A struct barrier is ready to use when zero.  Keep it in a static variable and touch it
 * through these functions only: an access from instrumented code would be seen.
 * The idea is the one of LLVM's compiler-rt/test/tsan/test.h.
 */
#ifndef TESTS_SUPPORT_BARRIER_H
#define TESTS_SUPPORT_BARRIER_H

#include <stdbool.h>

struct barrier {
    unsigned arrived; /* atomic: how many arrivals so far, also the futex word */
};

/* Count one arrival and wake who waits for it.  Never blocks. */
void barrier_arrive(struct barrier *b);

/* Wait until COUNT arrivals have happened.  Blocks the thread, not the goroutine: other
 * goroutines go on only where the runtime has another thread for them. */
void barrier_await(struct barrier *b, unsigned count);

/* Whether COUNT arrivals have happened.  A goroutine that must not hold its thread waits
 * with `while (!barrier_reached(&b, n)) goc_yield();`. */
bool barrier_reached(const struct barrier *b, unsigned count);

/* Arrive, and wait until PARTIES have: the classic barrier, usable again at once by the
 * same number of parties.  Not to be mixed with the functions above on one object. */
void barrier_meet(struct barrier *b, unsigned parties);

#endif
