/* Tasks: each an OS thread to the runtime, all on one thread of the process.
 *
 * A task that spins (cpu_relax, yield) lets the others run until one of them has done something
 * that it could see; or, by a decision, spins on to where it gives up spinning, without others
 * in between. */
#include "inside.h"
#include "os/context.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    STACK_BYTES = 128 * 1024,
    STEPS_MAX = 200000,
    SPINS_MAX = 2000, /* in a row, before a spinning task has to let others run */
    RELAX_NS = 1000,
};

enum status { UNUSED, RUNNABLE, BLOCKED, JOINING, ENDED };

struct m;
struct g;
struct m *goc__claim_stub(void);
struct g *goc__self(void);
extern _Thread_local struct m *goc__m_local
    __attribute__((__tls_model__("initial-exec")));

struct task {
    struct context context;
    enum status status;
    bool yielded;         /* spins: others first */
    bool quiet;           /* the scenario's wish: no decisions */
    bool spins_on;        /* runs to the end of its spinning */
    unsigned spins;       /* pauses in a row */
    const uint32_t *word; /* BLOCKED: futex; NULL: sleeps */
    int64_t until;        /* BLOCKED */
    bool timed_out;
    struct m *m; /* the thread-local, while another task runs */
    void (*entry)(void *);
    void *argument;
    char *stack; /* const once mapped */
};

struct thread_start {
    void (*entry)(void *);
    void *argument;
};

unsigned model_current MODEL_KEPT = MODEL_NOBODY;

static struct thread_start starts[MODEL_TASKS_MAX] MODEL_KEPT;
static struct task tasks[MODEL_TASKS_MAX] MODEL_KEPT;
static unsigned task_count MODEL_KEPT;
static struct context home MODEL_KEPT;
static struct m *home_m MODEL_KEPT;
static int64_t now MODEL_KEPT;
static unsigned time_jumps MODEL_KEPT;
static unsigned step_count MODEL_KEPT;
static void (*scenario_entry)(void) MODEL_KEPT;

static void switch_to(unsigned next)
{
    struct task *from = &tasks[model_current];
    if (next == model_current)
        return;
    from->m = goc__m_local;
    model_current = next;
    goc__m_local = tasks[next].m;
    goc__context_switch(&from->context, &tasks[next].context);
}

static unsigned list(bool also_yielded, unsigned *candidates, unsigned count)
{
    for (unsigned i = 1; i <= task_count; i++) {
        unsigned task = (model_current + i) % task_count;
        const struct task *t = &tasks[task];
        if (task != model_current && t->status == RUNNABLE &&
            (also_yielded || !t->yielded))
            candidates[count++] = task;
    }
    return count;
}

/* The clock moves to the first deadline; who waits for it runs.  False: nobody does. */
static bool move_clock(void)
{
    int64_t first = INT64_MAX;
    for (unsigned i = 0; i < task_count; i++)
        if (tasks[i].status == BLOCKED && tasks[i].until < first)
            first = tasks[i].until;
    if (first == INT64_MAX)
        return false;
    time_jumps++;
    if (first > now)
        now = first;
    for (unsigned i = 0; i < task_count; i++) {
        if (tasks[i].status == BLOCKED && tasks[i].until <= now) {
            tasks[i].status = RUNNABLE;
            tasks[i].timed_out = true;
        }
    }
    return true;
}

/* The running task cannot, or does not want to, go on. */
static void leave(void)
{
    unsigned candidates[MODEL_TASKS_MAX];
    unsigned count = list(false, candidates, 0);
    if (count == 0) {
        for (unsigned i = 0; i < task_count; i++)
            tasks[i].yielded = false;
        count = list(true, candidates, 0);
    }
    while (count == 0 && tasks[model_current].status != RUNNABLE) {
        if (!move_clock())
            model_fail("deadlock: every task waits");
        count = list(true, candidates, 0);
    }
    if (count == 0)
        return;
    switch_to(model_pick_task(candidates, count, true));
}

void model_step(void)
{
    if (!model_runs())
        return;
    if (++step_count > STEPS_MAX)
        model_fail("livelock: %d steps", STEPS_MAX);
    if (tasks[model_current].spins_on || tasks[model_current].quiet)
        return;
    unsigned candidates[MODEL_TASKS_MAX] = {model_current};
    unsigned count = list(false, candidates, 1);
    if (count > 1)
        switch_to(model_pick_task(candidates, count, false));
}

void model_progress(void)
{
    for (unsigned i = 0; i < task_count; i++)
        if (i != model_current)
            tasks[i].yielded = false;
}

void model_spin_ended(void)
{
    if (!model_runs())
        return;
    tasks[model_current].spins_on = false;
    tasks[model_current].spins = 0;
}

void model_yield(void)
{
    if (!model_runs())
        return;
    model_note("yield", NULL, NULL, 0);
    model_spin_ended();
    tasks[model_current].yielded = true;
    leave();
    tasks[model_current].yielded = false;
}

void goc__model_relax(void)
{
    if (!model_runs())
        return;
    struct task *t = &tasks[model_current];
    now += RELAX_NS;
    if (++t->spins > SPINS_MAX || (!t->spins_on && model_decide(2) == 0))
        model_yield();
    else
        t->spins_on = true;
}

bool model_wait(const uint32_t *word, int64_t until)
{
    struct task *t = &tasks[model_current];
    model_note("sleep", NULL, word, (uint64_t)until);
    t->status = BLOCKED;
    t->word = word;
    t->until = until;
    t->timed_out = false;
    leave();
    return !t->timed_out;
}

void model_wake(const uint32_t *word, int count)
{
    for (unsigned i = 0; i < task_count && count > 0; i++) {
        if (tasks[i].status == BLOCKED && tasks[i].word == word) {
            tasks[i].status = RUNNABLE;
            count--;
        }
    }
}

int64_t model_now(void)
{
    return now;
}

unsigned model_time_jumps(void)
{
    return time_jumps;
}

void model_quiet(bool quiet)
{
    tasks[model_current].quiet = quiet;
}

bool model_is_quiet(void)
{
    return tasks[model_current].quiet;
}

unsigned model_task_count(void)
{
    return task_count;
}

/* ---- life ----------------------------------------------------------------------------- */

void model_tasks_abandon(void)
{
    model_current = MODEL_NOBODY;
    goc__m_local = home_m;
    struct context nowhere;
    goc__context_switch(&nowhere, &home);
    abort();
}

static void task_start(void)
{
    struct task *t = &tasks[model_current];
    t->entry(t->argument);
    model_thread_ends();
    t->status = ENDED;
    for (unsigned i = 0; i < task_count; i++)
        if (tasks[i].status == JOINING)
            tasks[i].status = RUNNABLE;
    leave();
    abort();
}

static unsigned new_task(void (*entry)(void *), void *argument, struct m *m)
{
    if (task_count == MODEL_TASKS_MAX)
        model_fail("more than %d tasks", MODEL_TASKS_MAX);
    struct task *t = &tasks[task_count];
    char *stack = t->stack;
    if (stack == NULL) {
        stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (stack == MAP_FAILED)
            abort();
    }
    *t = (struct task){.status = RUNNABLE,
                       .until = INT64_MAX,
                       .m = m,
                       .entry = entry,
                       .argument = argument,
                       .stack = stack};
    goc__context_make(&t->context, stack + STACK_BYTES, task_start);
    return task_count++;
}

void model_spawn(void (*entry)(void *argument), void *argument)
{
    model_thread_starts();
    unsigned task = new_task(entry, argument, goc__claim_stub());
    model_memory_fork(model_current, task);
}

/* A thread's first entry into the runtime is the same for all, and no scenario's subject. */
static void thread_start(void *start)
{
    struct thread_start s = *(struct thread_start *)start;
    model_quiet(true);
    goc__self();
    model_quiet(false);
    s.entry(s.argument);
}

void model_thread(void (*entry)(void *argument), void *argument)
{
    struct thread_start *start = &starts[task_count];
    *start = (struct thread_start){entry, argument};
    model_spawn(thread_start, start);
}

static bool all_ended(void)
{
    for (unsigned i = 0; i < task_count; i++)
        if (i != model_current && tasks[i].status != ENDED)
            return false;
    return true;
}

void model_join(void)
{
    struct task *t = &tasks[model_current];
    while (!all_ended()) {
        t->status = JOINING;
        leave();
    }
    t->status = RUNNABLE;
    for (unsigned i = 0; i < task_count; i++)
        if (i != model_current)
            model_memory_join(model_current, i);
}

static void scenario_task(void *unused)
{
    (void)unused;
    scenario_entry();
    model_tasks_abandon();
}

void model_tasks_run(void (*scenario)(void))
{
    home_m = goc__m_local;
    scenario_entry = scenario;
    task_count = 0;
    now = 1000000;
    time_jumps = 0;
    step_count = 0;
    model_current = new_task(scenario_task, NULL, home_m);
    goc__context_switch(&home, &tasks[model_current].context);
}
