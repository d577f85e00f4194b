/* The functions of LLVM's TSan runtime that the bridge calls or defines.
 *
 * <sanitizer/tsan_interface.h> declares most of them.  Those below are exported, by LLVM 14
 * to 22 alike, but declared nowhere: the calls that instrumented code makes, and the
 * interface for managed runtimes ("java"), of which the bridge uses the parts that need no
 * heap of their own.  tests/tsan checks at run time that they do what is said here.
 */
#ifndef GOC_TSAN_INTERFACE_H
#define GOC_TSAN_INTERFACE_H

#include <sanitizer/tsan_interface.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Order through the 8 bytes at ADDR, as an atomic operation there would make it:
 * acquire; release that adds; release that replaces. */
void __tsan_java_acquire(uintptr_t addr);
void __tsan_java_release(uintptr_t addr);
void __tsan_java_release_store(uintptr_t addr);

/* alloc forgets the accesses to [ADDR, ADDR + SIZE) and names a block there; free forgets
 * the block and every synchronization object in the range.  Neither makes order. */
void __tsan_java_alloc(uintptr_t addr, uintptr_t size);
void __tsan_java_free(uintptr_t addr, uintptr_t size);

/* Accesses with PC, a return address, as their innermost frame. */
void __tsan_read_range_pc(void *addr, unsigned long size, void *pc);
void __tsan_write_range_pc(void *addr, unsigned long size, void *pc);

/* One frame on the calling strand's stack, with return address PC. */
void __tsan_func_entry(void *pc);
void __tsan_func_exit(void);

/* In between, what the thread accesses and synchronizes is not seen.  Nests. */
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);

/* Defined by the bridge: called for each report before it is printed; true says that it
 * has been dealt with.  TSan's own definition is weak, and C++. */
bool race__tsan_on_report(void *report, bool suppressed) __asm__(
    "_ZN6__tsan8OnReportEPKNS_10ReportDescEb");

/* Prints a report.  Weak: a TSan without it is told apart. */
void race__tsan_print_report(const void *report) __asm__(
    "_ZN6__tsan11PrintReportEPKNS_10ReportDescE") __attribute__((__weak__));

/* Defined by the bridge: called when the process ends through exit or _exit; true makes
 * its status TSan's exitcode.  __tsan_on_finalize would be the public way, but TSan finds it
 * by dlsym, which sees nothing of a program linked without -rdynamic. */
bool race__tsan_on_finalize(bool failed) __asm__("_ZN6__tsan10OnFinalizeEb");

/* Defined by the bridge: each piece of text that TSan prints; its options. */
void __sanitizer_on_print(const char *text);
const char *__tsan_default_options(void);

/* Defined by the bridge: called by TSan's allocator, after it has made a block and before
 * it takes one back. */
void __sanitizer_malloc_hook(const void *block, size_t size);
void __sanitizer_free_hook(const void *block);

/* Of TSan's allocator: the block that ADDR lies in, NULL for none; its size.  Weak, because
 * gcc's has no such function and shall get as far as being refused (start.c). */
__attribute__((__weak__)) const void *__sanitizer_get_allocated_begin(const void *addr);
unsigned long __sanitizer_get_allocated_size(const void *block);

#endif
