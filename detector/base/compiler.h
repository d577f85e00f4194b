/* The few words about the compiler that every room of the detector uses. */
#ifndef GOC_DETECTOR_BASE_COMPILER_H
#define GOC_DETECTOR_BASE_COMPILER_H

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* A symbol that instrumented objects and the runtime call; all others stay hidden. */
#define RACE_EXPORT __attribute__((__visibility__("default")))
/* Slow paths are kept apart, so that the fast ones stay leaves. */
#define RACE_NOINLINE __attribute__((__noinline__))
#define RACE_INLINE inline __attribute__((__always_inline__))
#define RACE_COLD __attribute__((__cold__, __noinline__))
#define RACE_NORETURN __attribute__((__noreturn__))
#define RACE_PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))
#define RACE_CHECK_RESULT __attribute__((__warn_unused_result__))

/* A thread-local object at a fixed distance from the thread pointer. */
#define RACE_THREAD_LOCAL _Thread_local __attribute__((__tls_model__("initial-exec")))

/* Beside ThreadSanitizer the interceptors show TSan who called them, as instrumented code
 * does; but not this function, which may run after TSan has taken leave of the thread. */
#define RACE_BEHIND_TSAN __attribute__((__disable_sanitizer_instrumentation__))

/* The callee saves all general registers: its calls stand on unlikely paths and must cost
 * the likely ones nothing. */
#define RACE_PRESERVE __attribute__((__preserve_most__))

/* The function called takes the place of its caller, which has the same parameters. */
#define RACE_TAIL_CALL __attribute__((__musttail__)) return

/* Where the caller was called from: only in a function that the program calls. */
#define RACE_CALLER_PC() __builtin_return_address(0)

#endif
