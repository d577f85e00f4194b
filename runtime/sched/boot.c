#include "sched/boot.h"

#include "base/knobs.h"
#include "base/panic.h"
#include "base/start.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/library.h"
#include "os/membarrier.h"
#include "os/pages.h"
#include "os/signal.h"
#include "os/thread.h"
#include "sched/claim.h"
#include "sched/fork.h"
#include "sched/history.h"
#include "sched/monitor.h"
#include "sched/procs.h"
#include "sched/sched.h"
#include "sched/small.h"
#include "sched/stack.h"
#include "sched/thread.h"

#include <stdlib.h>

enum { NOTHING, BOOTED = 1 };

AT_START uint32_t goc__boot_phase;

/* ld.so's: the highest address of the process's initial stack. */
extern void *__libc_stack_end;

AT_START static struct m first_m;
AT_START struct g goc__main_g;
AT_START static int cpus; /* const after the boot */
AT_START static struct lock start_lock;

int goc__boot_cpus(void)
{
    goc__boot();
    return cpus;
}

struct g *goc__boot_main(void)
{
    return &goc__main_g;
}

/* What Go takes TEXT for: digits and nothing else, of a number that an int32 holds; else 0. */
static int32_t procs_number(const char *text)
{
    int32_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, *text - '0', &number))
            return 0;
    return *text == '\0' ? number : 0;
}

/* GOMAXPROCS, where it is a positive number, else the CPUs. */
static uint32_t wanted_procs(void)
{
    const char *text = getenv("GOMAXPROCS"); /* NOLINT(concurrency-mt-unsafe): at start */
    int32_t number = text != NULL ? procs_number(text) : 0;
    if (number == 0)
        number = cpus;
    return (uint32_t)(number < PROCS_MAX ? number : PROCS_MAX);
}

static void describe_main_stack(void)
{
    goc__main_g.stack_high = __libc_stack_end;
    goc__main_g.stack_low = goc__main_g.stack_high - goc__thread_first_stack();
}

/* The process's initial thread becomes the first M, running goroutine 1. */
static void adopt_main_thread(void)
{
    goc__main_g.kind = G_MAIN;
    store_relaxed(&goc__main_g.id, 1u);
    goc__set_status(&goc__main_g, G_RUNNING);
    describe_main_stack();
    first_m.g = &goc__main_g;
    if (TOGGLE())
        goc__history_runs(&first_m, &goc__main_g);
    goc__thread_become(&first_m);
    goc__thread_watch_end(&first_m);
    event_strand_name_goroutine(1);
    goc__main_g.strand = event_strand_current();
}

static void start_first(void)
{
    if (goc__is_library()) {
        goc__procs_start(NULL, wanted_procs());
        return;
    }
    first_m.id = goc__thread_new_id();
    goc__procs_start(&first_m, wanted_procs());
    goc__sched.m_count = 1;
    goc__sched.ms = &first_m;
}

void goc__boot(void)
{
    bool initial = goc__thread_is_first();
    if (load_acquire(&goc__boot_phase) == NOTHING) {
        goc__knobs_read(
            getenv("GOC_DEBUG")); /* NOLINT(concurrency-mt-unsafe): at start */
        goc__debug_start();
        cpus = goc__thread_cpus();
        start_first();
        goc__sched.coarse_now = goc__clock_now();
        goc__thread_setup();
        store_release(&goc__boot_phase, (uint32_t)BOOTED);
    }
    if (initial && first_m.tid == 0 && !goc__is_library())
        adopt_main_thread();
}

/* Priority 101, the first that is a program's: before GOC_INIT and other constructors. */
__attribute__((__constructor__(101))) static void boot_early(void)
{
    goc__boot();
}

void goc__boot_start(void)
{
    goc__lock(&start_lock);
    if (!goc__boot_started()) {
        goc__barrier_start();
        goc__stack_start();
        goc__fork_start();
        goc__procs_fill();
        goc__signals_save_mask();
        store_relaxed(&goc__m()->tid,
                      goc__thread_id()); /* in a child it is another one */
        goc__signals_start();
        if (!goc__m()->is_thread)
            goc__signals_thread(goc__m());
        goc__thread_count_begin();
        goc__monitor_start();
        goc__thread_count_end(1);
        store_release(&goc__boot_phase, (uint32_t)BOOT_STARTED);
    }
    goc__unlock(&start_lock);
}

COLD void goc__boot_scheduler_stack(struct m *m)
{
    goc__boot_start();
    goc__thread_sleep_exactly();
    goc__signals_thread(m);
    goc__context_make(&m->scheduler, goc__stack_bare(), goc__sched_loop);
}

static void *run_m(void *argument)
{
    struct m *m = argument;
    goc__thread_become(m);
    goc__thread_watch_end(m);
    goc__thread_sleep_exactly();
    event_strand_switch(NULL);
    goc__signals_thread(m);
    goc__signals_restore_mask();
    goc__sched_loop();
}

bool goc__boot_is_first(const struct m *m)
{
    return m == &first_m;
}

bool goc__boot_first_has_scheduler(void)
{
    return load_relaxed(&first_m.scheduler.sp) != NULL;
}

COLD struct m *goc__boot_new_m(void)
{
    struct m *m = goc__pages_permanent(sizeof *m);
    if (m == NULL)
        goc__fatal("runtime: cannot allocate memory for a thread");
    m->id = goc__thread_new_id();
    m->depth = 1; /* its life begins in the scheduler */
    list_init(&m->idle_link);
    m->next = goc__sched.ms;
    store_release(&goc__sched.ms, m);
    goc__sched.m_count++;
    return m;
}

/* In the name of no goroutine: the thread would know what that has done, and so would all that the
 * timers start that it fires. */
static void start_m(void *m)
{
    event_strand *strand = event_strand_current();
    event_strand_switch(NULL);
    event_internal_begin();
    int result = goc__thread_start(run_m, m);
    event_internal_end();
    event_strand_switch(strand);
    if (result != 0)
        goc__fatalf(
            "runtime: failed to create new OS thread (have %u already; errno %d: %s)%s",
            goc__sched.m_count, -result, goc__error_text(-result),
            goc__error_no_thread(-result));
}

COLD void goc__boot_start_m(struct m *m)
{
    goc__with_room(start_m, m);
}
