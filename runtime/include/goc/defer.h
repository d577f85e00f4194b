/* Deferred calls, panic and recover.
 *
 *   goc_defer f(x);     when the function that it stands in ends, call f(x)
 *
 * f and x are evaluated now, as for `go`; any call may follow, also of a block literal.  Calls
 * run last in, first out, after the function's result was evaluated: when it returns, when a
 * panic comes by, when the goroutine ends by goc_exit.  They belong to the innermost
 * function or block literal, not to the braces around them; in a loop each round adds one.
 *
 * goc_defer needs the plugin: without it the program does not link.  A function that uses it
 * must not be left by longjmp or pthread_exit.  A panic leaves functions as longjmp does: what
 * they have deferred runs, what __attribute__((cleanup)) promises does not.
 *
 * Source    The Go Programming Language Specification, "Defer statements", "Handling panics". */
#ifndef GOC_DEFER_H
#define GOC_DEFER_H

#include <goc/attributes.h>
#include <setjmp.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stop the ordinary work of this goroutine or thread: run what was deferred on it, youngest first,
 * and end the program, unless one of those calls recovers.  The text is FORMAT, as for printf, cut
 * at 1,023 bytes.  It may be called in a deferred call, too: both are printed then.
 *
 * The runtime's own panics, such as "send on closed channel", are no different.  Fatal errors
 * (unlock of unlocked mutex, deadlock, stack overflow) are: nothing runs, nobody recovers. */
__attribute__((__noreturn__, __format__(__printf__, 1, 2))) void
goc_panic(const char *format, ...);

/* In a deferred call that a panic runs: the panic is over, and the function that deferred the call
 * returns to its caller, once the rest of what it deferred has run.  It returns zero (all bytes),
 * or what was assigned through goc_result.  A function that the deferred one calls may call it as
 * well; in Go it does nothing there.
 *
 * Returns   the panic's text, which lives until the deferred call returns; NULL where the
 *           call runs for another reason, or has recovered. */
const char *goc_recover(void);

/* In a deferred call: what the function that deferred it returns after a recover, as memory of its
 * result's type, zero at first; NULL where that is void.  It does not change what a function
 * returns that has come to its return statement. */
void *goc_result(void);

/* What the plugin lowers goc_defer to, a frame a function. */
struct goc_deferred;
struct goc_frame {
    void *link[2];              /* private: as struct defer of the runtime */
    struct goc_deferred *calls; /* private */
    void *result;               /* private */
    jmp_buf land;               /* where the function returns from after a recover */
};

/* The function has begun; RESULT has SIZE bytes and becomes zero (NULL: it has none). */
void goc_frame_enter(struct goc_frame *frame, void *result, size_t size);

/* When the function ends, call ENTRY with a copy of SAVED, SIZE bytes. */
void goc_frame_defer(struct goc_frame *frame, void (*entry)(void *saved),
                     const void *saved, size_t size);

/* The function returns: run what it has deferred. */
GOC_KEEPS_FRAME void goc_frame_leave(struct goc_frame *frame);

#ifdef __cplusplus
}
#endif
#endif
