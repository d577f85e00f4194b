/* Reading a thread-local pointer in code that changes threads.
 *
 * A goroutine may go on on another thread, and the compiler, which does not know, keeps the
 * address of a thread-local object across the switch.  Reads by value through here compute it
 * anew each time, and cost two instructions instead of a call. */
#ifndef GOC_OS_LOCAL_H
#define GOC_OS_LOCAL_H

/* Into RESULT, the value of the _Thread_local pointer SYMBOL of the initial-exec model. */
#if defined(__x86_64__)
#define LOCAL_LOAD(result, symbol)                                                       \
    __asm__ volatile("movq " #symbol "@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0"        \
                     : "=r"(result))
#else
/* SYMBOL_get() is a function that is never inlined. */
#define LOCAL_LOAD(result, symbol) ((result) = symbol##_get())
#endif

#endif
