#include "sched/fiber.h"

#include "base/print.h"
#include "os/toggle.h"
#include "sched/sched.h"

#include <pthread.h>
#include <stdint.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(low, high) ((void)(low), (void)(high))
#define RUNNING_ON_VALGRIND 0
#endif

/* Of sanitizer/common_interface_defs.h and asan_interface.h; there where the program is linked
 * with AddressSanitizer. */
extern void __sanitizer_start_switch_fiber(void **fake_stack_save, const void *bottom,
                                           size_t size) __attribute__((__weak__));
extern void __sanitizer_finish_switch_fiber(void *fake_stack_save,
                                            const void **bottom_old, size_t *size_old)
    __attribute__((__weak__));
extern void __asan_unpoison_memory_region(const void *address, size_t size)
    __attribute__((__weak__));

_Static_assert(offsetof(struct g, context) == 0,
               "a goroutine's context tells its struct g");

/* Called by the jumps only. */
void goc__fiber_switch(struct context *from, const struct context *to);
void goc__fiber_begun(void);

#ifdef __x86_64__
__asm__(".pushsection .text\n\t"
        ".type fiber_begins, @function\n"
        "fiber_begins:\n\t"
        ".cfi_startproc\n\t"
        ".cfi_undefined rip\n\t"
        "call goc__fiber_begun\n\t"
        "jmp goc__context_begun\n\t"
        ".cfi_endproc\n\t"
        ".size fiber_begins, . - fiber_begins\n\t"
        ".popsection\n\t"
        ".pushsection goc_fiber_toggles, \"a\"\n\t"
        ".balign 4\n\t"
        ".long goc__context_switch - .\n\t"
        ".long goc__fiber_switch - .\n\t"
        ".long goc__context_begin - .\n\t"
        ".long fiber_begins - .\n\t"
        ".popsection");

extern const struct toggle_row __start_goc_fiber_toggles[]
    __attribute__((__visibility__("hidden")));
extern const struct toggle_row __stop_goc_fiber_toggles[]
    __attribute__((__visibility__("hidden")));
#endif

#define UNSANITIZED __attribute__((__no_sanitize__("address")))

static const void *bare_low; /* const once the first M has its scheduler's stack */
static size_t bare_bytes;    /* likewise */

bool goc__fiber_announces(void)
{
    return __sanitizer_start_switch_fiber != NULL &&
           __asan_unpoison_memory_region != NULL;
}

void goc__fiber_start(void)
{
#ifdef __x86_64__
    if (!goc__fiber_announces())
        return;
    int result = goc__toggle_write(__start_goc_fiber_toggles, __stop_goc_fiber_toggles);
    if (result != 0)
        goc__print("goc: this system lets no code be changed (errno %d); "
                   "AddressSanitizer may be wrong about goroutines' stacks\n",
                   -result);
#endif
}

void goc__fiber_stack(char *low, size_t size)
{
    VALGRIND_STACK_REGISTER(low, low + size - 1);
}

bool goc__fiber_accounts(void)
{
    return RUNNING_ON_VALGRIND != 0;
}

void goc__fiber_bare(char *low, size_t size)
{
    bare_low = low;
    bare_bytes = size;
    goc__fiber_stack(low, size);
}

/* On M's scheduler, which runs on its thread's own stack. */
static void describe_own_stack(struct m *m)
{
    pthread_attr_t attributes;
    void *low;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &low, &m->scheduler_bytes) == 0)
        m->scheduler_low = low;
    pthread_attr_destroy(&attributes);
}

/* Say that M's thread is about to go on with TO; what comes back belongs to who leaves, and to
 * nobody where SAVE is NULL. */
UNSANITIZED static void announce(const struct m *m, const struct context *to, void **save)
{
    if (to != &m->scheduler) {
        const struct g *g = (const struct g *)to;
        __sanitizer_start_switch_fiber(save, g->stack_low,
                                       (size_t)(g->stack_high - g->stack_low));
    } else if (m->scheduler_low != NULL) {
        __sanitizer_start_switch_fiber(save, m->scheduler_low, m->scheduler_bytes);
    } else {
        __sanitizer_start_switch_fiber(save, bare_low, bare_bytes);
    }
}

UNSANITIZED NOINLINE void goc__fiber_switch(struct context *from,
                                            const struct context *to)
{
    struct m *m = goc__m();
    void *fake_stack = NULL;
    void **save = &fake_stack;
    if (from != &m->scheduler) {
        const struct g *g = (const struct g *)(const void *)from;
        if (goc__status(g) == G_DEAD) {
            /* Frames that goc_exit never returned to are no more. */
            const char *here = __builtin_frame_address(0);
            __asan_unpoison_memory_region(here, (size_t)(g->stack_high - here));
            save = NULL;
        }
    } else if (m->scheduler_low == NULL && m->scheduler.sp == NULL) {
        describe_own_stack(m);
    }
    announce(m, to, save);
    goc__context_switch_plain(from, to);
    __sanitizer_finish_switch_fiber(fake_stack, NULL, NULL);
}

UNSANITIZED void goc__fiber_begun(void)
{
    __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}
