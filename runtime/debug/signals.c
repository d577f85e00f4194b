/* SIGSEGV on a stack's guard is a stack overflow, reported as such; any other goes on to whoever
 * handled it before, or is a fault (fault.h).  SIGQUIT prints every goroutine and ends the process.
 *
 * A handler runs on the thread's own signal stack, because the goroutine's may be used up, and
 * calls nothing that allocates or locks. */
#include "base/knobs.h"
#include "base/panic.h"
#include "base/print.h"
#include "base/start.h"
#include "debug/capture.h"
#include "debug/death.h"
#include "debug/fault.h"
#include "debug/frames.h"
#include "debug/level.h"
#include "debug/traceback.h"
#include "events/events.h"
#include "os/pages.h"
#include "os/signal.h"
#include "sched/boot.h"
#include "sched/monitor.h"
#include "sched/stack.h"

#include <signal.h>
#include <ucontext.h>

enum {
    SIGNAL_STACK_BYTES = 128 * 1024,
    BYTES_PER_KIB = 1024,
    MAIN_GUARD_BYTES =
        1024 * 1024, /* stack_guard_gap, in which the kernel grows no stack */
    EXIT_QUIT = 2,
};

AT_START static struct sigaction segv_before; /* const after start */
static uint32_t quit_asked;                   // atomic: a SIGQUIT waits for the monitor

static bool is_overflow(const struct g *g, const void *address, const void *context)
{
    if (g == NULL || g->kind == G_THREAD)
        return false;
    if (g->kind == G_GOROUTINE)
        return goc__stack_guards(g, address);
    const ucontext_t *machine = context;
    const char *sp = (const char *)machine->uc_mcontext.gregs[REG_RSP];
    const char *at = address;
    return at < g->stack_low + MAIN_GUARD_BYTES &&
           at >= g->stack_low - MAIN_GUARD_BYTES && sp < g->stack_low + MAIN_GUARD_BYTES;
}

/* One write a line: other threads write as well. */
static void print_overflow(const struct g *g)
{
    unsigned long long id = g->id;
    if (g->kind == G_MAIN) {
        size_t kib = (size_t)(g->stack_high - g->stack_low) / BYTES_PER_KIB;
        goc__print("goroutine %llu: stack overflow (%zu KiB; raise with ulimit -s %zu)\n",
                   id, kib, 2 * kib);
        return;
    }
    size_t kib = goc__stack_bytes() / BYTES_PER_KIB;
    size_t most = KNOB_MOST_stack / BYTES_PER_KIB;
    if (kib < most)
        goc__print("goroutine %llu: stack overflow (%zu KiB; raise with "
                   "GOC_DEBUG=stack=%zuK)\n",
                   id, kib, 2 * kib < most ? 2 * kib : most);
    else
        goc__print("goroutine %llu: stack overflow (%zu KiB, the most that "
                   "GOC_DEBUG=stack=… takes)\n",
                   id, kib);
}

__attribute__((__noreturn__)) static void report_overflow(const struct g *g,
                                                          const void *context)
{
    static struct frames frames;
    goc__die_first();
    goc__frames_interrupted(g, context, &frames);
    print_overflow(g);
    if (goc__level() != LEVEL_NONE)
        goc__death_print(g, &frames, goc__level() >= LEVEL_ALL);
    goc__die(EXIT_QUIT);
}

static bool segv_is_handled(void)
{
    return segv_before.sa_handler != SIG_DFL && segv_before.sa_handler != SIG_IGN;
}

/* Not ours: to the former handler. */
static void pass_on(int signal, siginfo_t *info, void *context)
{
    if (!segv_is_handled() && (segv_before.sa_handler == SIG_DFL || info->si_code > 0))
        goc__fault_report(info, context);
    else if (segv_before.sa_handler == SIG_IGN)
        return;
    else if (segv_before.sa_flags & SA_SIGINFO)
        segv_before.sa_sigaction(signal, info, context);
    else
        segv_before.sa_handler(signal);
}

static void on_segv(int signal, siginfo_t *info, void *context)
{
    const struct g *g = load_relaxed(&goc__m()->g);
    goc__fault_again(info);
    if (info->si_code > 0 && is_overflow(g, info->si_addr, context))
        report_overflow(g, context);
    pass_on(signal, info, context);
}

static void on_quit(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    if (goc__capture_answer(context))
        return;
    /* The rest needs a thread that holds no lock. */
    store_seq_cst(&quit_asked, 1u);
    goc__monitor_wake();
}

void goc__signals_poll(void)
{
    goc__fault_poll();
    if (load_relaxed(&quit_asked) == 0)
        return;
    goc__die_first();
    goc__frames_prepare();
    goc__print("SIGQUIT: quit\n");
    goc__traceback_detail();
    if (goc__level() != LEVEL_NONE)
        goc__death_print(NULL, NULL, true);
    goc__die(EXIT_QUIT);
}

void goc__signals_start(void)
{
    event_internal_begin();
    bool crashes = !goc__signals_is_default(SIGSEGV);
    goc__signals_install(SIGSEGV, on_segv, &segv_before);
    goc__fault_start(crashes);
    if (goc__signals_is_default(SIGQUIT)) {
        struct sigaction before;
        goc__signals_install(SIGQUIT, on_quit, &before);
        goc__capture_allow();
    }
    event_internal_end();
}

void goc__signals_thread(struct m *m)
{
    static char first[SIGNAL_STACK_BYTES];
    char *stack = first;
    if (!goc__boot_is_first(m) && goc__pages_map(SIGNAL_STACK_BYTES, &stack) != 0)
        goc__fatal("runtime: cannot allocate memory for a signal stack");
    goc__signals_set_stack(stack, SIGNAL_STACK_BYTES);
}
