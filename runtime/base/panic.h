/* The three ways to stop, all on stderr with the stacks concerned, exit status 2.
 *
 *   goc__panic   the calling goroutine did what Go panics for: "panic: send on closed
 * channel" goc__fatal   not recoverable in Go either: "fatal error: sync: unlock of
 * unlocked mutex" goc__throw   an invariant of the runtime is broken: our bug, "fatal
 * error: runtime: …"
 *
 * The message as it is, or by a format; the first takes a fifth of the stack (sched/small.h).
 *
 * base knows no goroutines.  It asks for their stacks, and for the exit status, through
 * the functions at the end of this file, which debug/ defines.
 */
#ifndef GOC_BASE_PANIC_H
#define GOC_BASE_PANIC_H

#include <stdarg.h>
#include <stdbool.h>

#define GOC_PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))

__attribute__((__noreturn__)) void goc__panic(const char *message);
/* WHAT, and MESSAGE right behind it. */
__attribute__((__noreturn__)) void goc__panic_about(const char *what,
                                                    const char *message);
__attribute__((__noreturn__)) GOC_PRINTF(1, 2) void goc__panicf(const char *format, ...);
__attribute__((__noreturn__)) GOC_PRINTF(1, 0) void goc__vpanic(const char *format,
                                                                va_list *arguments);
__attribute__((__noreturn__)) void goc__fatal(const char *message);
__attribute__((__noreturn__)) GOC_PRINTF(1, 2) void goc__fatalf(const char *format, ...);
__attribute__((__noreturn__)) void goc__throw(const char *message);
__attribute__((__noreturn__)) GOC_PRINTF(1, 2) void goc__throwf(const char *format, ...);

#define GOC_WORD(token) GOC_WORD_EXPANDED(token)
#define GOC_WORD_EXPANDED(token) #token

/* Checked in every build. */
#define goc__assert(condition)                                                           \
    ((condition) ? (void)0 : goc__throw(__FILE__ ":" GOC_WORD(__LINE__) ": " #condition))

/* Become the thread that ends the process and prints why.  The first caller returns;
 * every other thread sleeps here for ever, so that one message comes out whole.  A second
 * call by the same thread means that printing itself failed: it ends the process at once,
 * status 2. */
void goc__die_first(void);

/* End the process: _exit with STATUS, or with what the race detector makes of it. */
__attribute__((__noreturn__)) void goc__die(int status);

enum panic_kind {
    PANIC_GOROUTINE, /* the caller's stack only, as Go prints a panic */
    PANIC_FATAL,     /* the caller's stack, then every other goroutine's */
};

/* A panic that is under way, in the frame of who panics. */
struct panic {
    struct panic *outer; /* runs the deferred call in which this one began; or NULL */
    const char *message;
    bool recovered;
};

/* Defined by sched/defer.c: run what the caller has deferred.  Does not return if one of the calls
 * recovers; sets OUTER. */
void goc__panic_unwind(struct panic *panic);

/* Defined by sched/small.c: call FUNCTION(ARGUMENT) with the room of a whole stack. */
void goc__panic_with_room(void (*function)(void *), void *argument);

/* Defined by debug/traceback.c: print the stacks that a death of KIND shows. */
void goc__panic_print_stacks(enum panic_kind kind);

/* Defined by debug/traceback.c: STATUS, or 66 where the detector has seen a race. */
int goc__panic_exit_status(int status);

#endif
