/* Dying.
 *
 * Invariant: one thread at most is past goc__die_first; it alone prints and exits. */
#include "panic.h"

#include "atomic.h"
#include "print.h"
#include "start.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum {
    EXIT_PANIC = 2, /* Go's exit status for a panic and for a fatal error */
    MESSAGE_BYTES = 1024,
};

static pthread_t dying_thread; /* written once, before DYING_KNOWN */
enum { ALIVE, DYING, DYING_KNOWN };
/* atomic: ALIVE, then DYING by cas, then DYING_KNOWN by release */
AT_START static uint32_t dying;

void goc__die_first(void)
{
    uint32_t expected = ALIVE;
    if (cas_acq_rel(&dying, &expected, (uint32_t)DYING)) {
        dying_thread = pthread_self();
        store_release(&dying, (uint32_t)DYING_KNOWN);
        return;
    }
    if (load_acquire(&dying) == DYING_KNOWN &&
        pthread_equal(dying_thread, pthread_self()))
        _exit(EXIT_PANIC);
    for (;;)
        pause();
}

/* Somebody calls exit while another thread prints why the process dies: that thread's status
 * counts.  The dying thread itself ends with _exit. */
__attribute__((__destructor__)) static void let_die(void)
{
    while (load_acquire(&dying) != ALIVE)
        pause();
}

void goc__die(int status)
{
    _exit(goc__panic_exit_status(status));
}

/* What a death is told on a stack with room. */
struct last_words {
    const char *prefix;
    const char *format;
    va_list *arguments; /* NULL: FORMAT is the message itself */
};

static void stop_with_room(void *argument)
{
    const struct last_words *words = argument;
    goc__die_first();
    goc__print("%s", words->prefix);
    if (words->arguments != NULL)
        goc__vprint(words->format, *words->arguments);
    else
        goc__print("%s", words->format);
    goc__print("\n");
    goc__panic_print_stacks(PANIC_FATAL);
    goc__die(EXIT_PANIC);
}

__attribute__((__noreturn__)) static void stop(const char *prefix, const char *format,
                                               va_list *arguments)
{
    struct last_words words = {prefix, format, arguments};
    goc__panic_with_room(stop_with_room, &words);
    __builtin_unreachable();
}

/* In Go's format, the oldest first.  A chain is as long as deferred calls are nested. */
static void print_panics(const struct panic *panic)
{
    uint32_t depth = 0;
    for (const struct panic *p = panic; p; p = p->outer)
        depth++;
    for (uint32_t place = depth; place > 0; place--) {
        const struct panic *p = panic;
        for (uint32_t i = 1; i < place; i++)
            p = p->outer;
        goc__print("%spanic: %s%s\n", place == depth ? "" : "\t", p->message,
                   p->recovered ? " [recovered]" : "");
    }
}

static void panic_with_room(void *argument)
{
    const struct last_words *words = argument;
    char message[MESSAGE_BYTES];
    if (words->arguments != NULL)
        vsnprintf(message, sizeof message, words->format, *words->arguments);
    else
        snprintf(message, sizeof message, "%s%s", words->prefix, words->format);
    struct panic panic = {.message = message};
    goc__panic_unwind(&panic);
    goc__die_first();
    print_panics(&panic);
    goc__panic_print_stacks(PANIC_GOROUTINE);
    goc__die(EXIT_PANIC);
}

void goc__vpanic(const char *format, va_list *arguments)
{
    struct last_words words = {"", format, arguments};
    goc__panic_with_room(panic_with_room, &words);
    __builtin_unreachable();
}

void goc__panic_about(const char *what, const char *message)
{
    struct last_words words = {what, message, NULL};
    goc__panic_with_room(panic_with_room, &words);
    __builtin_unreachable();
}

void goc__panic(const char *message)
{
    goc__panic_about("", message);
}

void goc__panicf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    goc__vpanic(format, &arguments);
}

void goc__fatal(const char *message)
{
    stop("fatal error: ", message, NULL);
}

void goc__fatalf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    stop("fatal error: ", format, &arguments);
}

void goc__throw(const char *message)
{
    stop("fatal error: runtime: ", message, NULL);
}

void goc__throwf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    stop("fatal error: runtime: ", format, &arguments);
}
