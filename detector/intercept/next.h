/* The function that an interceptor stands in front of.
 *
 * An interceptor is a function of libc's name, defined in the program itself, so that the
 * dynamic linker gives it to everybody: the program, its libraries, libc's own calls that
 * go through the table of symbols.  Beside ThreadSanitizer the next one is TSan's
 * interceptor, which the linker also finds as __interceptor_NAME; alone it is libc's.
 *
 *   RACE_NEXT(sem_post)                    at file level, once
 *   next_sem_post()(semaphore)             the call
 *
 * All are looked up at the start, since the first call may come from a signal handler,
 * where dlsym must not be called; one that comes even before that looks up its own.
 */
#ifndef GOC_INTERCEPT_NEXT_H
#define GOC_INTERCEPT_NEXT_H

#include "base/atomic.h"
#include "base/compiler.h"

#include <stddef.h>

/* A program may bring its own function of the name, an allocator say, and then means that
 * one: an interceptor is weak.  TSan's are weak too and come first to the linker, so beside
 * them ours are not. */
#ifdef GOC_RACE_BOTH
#define RACE_INTERCEPT RACE_EXPORT
#else
#define RACE_INTERCEPT RACE_EXPORT __attribute__((__weak__))
#endif

/* NAME in the objects after this one.  Ends the process where there is none. */
RACE_COLD void *race__next(const char *name);

/* Every function that RACE_NEXT names, in a section of their own, for race__next_all. */
struct race__next_entry {
    const char *name;
    void **found;    // atomic, relaxed: every thread that writes it writes the same
    void *sanitizer; // TSan's interceptor, or NULL
};

/* Look all of them up; what libc does not have stays unknown until it is called. */
void race__next_all(void);

#define RACE_NEXT(name)                                                                  \
    extern __typeof__(name) __interceptor_##name __attribute__((__weak__));              \
    static void *found_##name;                                                           \
    __attribute__((__section__("race_next"),                                             \
                   __used__)) static struct race__next_entry entry_##name = {            \
        #name, &found_##name, (void *)__interceptor_##name};                             \
    static __typeof__(name) *next_##name(void)                                           \
    {                                                                                    \
        void *function = load_relaxed(&found_##name);                                    \
        if (unlikely(function == NULL)) {                                                \
            function = (void *)__interceptor_##name;                                     \
            if (function == NULL)                                                        \
                function = race__next(#name);                                            \
            store_relaxed(&found_##name, function);                                      \
        }                                                                                \
        return (__typeof__(name) *)function;                                             \
    }

#endif
