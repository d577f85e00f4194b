/* Decisions: recorded, replayed, varied.
 *
 * Between two executions all of the program's data and bss is put back as it was at the first,
 * but for the section model_kept. */
#include "inside.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
    DECISIONS_MAX = 1 << 20,
    NOTES = 512,
    NOTES_SHOWN = 120,
    PRIORITY_TOP = 1 << 16,
    PAGE = 4096,
    FAULT_STACK = 64 * 1024,
};

struct decision {
    uint32_t chosen;
    uint32_t count;
};

struct note {
    unsigned task;
    const char *what;
    const char *site;
    const volatile void *address;
    uint64_t value;
};

bool model_random_mode MODEL_KEPT;

static const char *name MODEL_KEPT;
static struct decision *decisions MODEL_KEPT;
static size_t decided MODEL_KEPT;  /* in this execution */
static size_t recorded MODEL_KEPT; /* to replay, then to add to */
static struct note *notes MODEL_KEPT;
static uint64_t note_count MODEL_KEPT;
static unsigned preemptions_left MODEL_KEPT;
static unsigned surprises_left MODEL_KEPT;
static char *image MODEL_KEPT;
static bool *written MODEL_KEPT; /* by page of the program's data: in some execution */
static uint64_t executions MODEL_KEPT;
static const char *expected MODEL_KEPT;

/* Random mode. */
static uint64_t seed MODEL_KEPT;
static uint64_t state MODEL_KEPT;
static int priorities[MODEL_TASKS_MAX] MODEL_KEPT;
static uint64_t steps MODEL_KEPT;
static uint64_t steps_before MODEL_KEPT = 1000; /* of the execution before */
static uint64_t changes[16] MODEL_KEPT;
static unsigned change_count MODEL_KEPT;
static int lowest MODEL_KEPT;

extern char __data_start[];
extern char _edata[];
extern char __bss_start[];
extern char _end[];
extern char __start_model_kept[];
extern char __stop_model_kept[];

/* ---- the program's data --------------------------------------------------------------- */

/* A page that no execution has written yet is write protected, and not put back. */
static size_t page_of(const char *p)
{
    return ((uintptr_t)p - (uintptr_t)__data_start / PAGE * PAGE) / PAGE;
}

static char *page_at(size_t page)
{
    return (char *)((uintptr_t)__data_start / PAGE * PAGE + page * PAGE);
}

static void put_back(char *from, char *to)
{
    if (from < to)
        memcpy(from, image + (from - __data_start), (size_t)(to - from));
}

/* All but what is kept. */
static void restore_data(void)
{
    for (size_t page = 0; page <= page_of(_end - 1); page++) {
        if (!written[page])
            continue;
        char *from = page_at(page) > __data_start ? page_at(page) : __data_start;
        char *to = page_at(page + 1) < _end ? page_at(page + 1) : _end;
        put_back(from, to < __start_model_kept ? to : __start_model_kept);
        put_back(from > __stop_model_kept ? from : __stop_model_kept, to);
    }
}

static void on_fault(int number, siginfo_t *info, void *unused)
{
    (void)number;
    (void)unused;
    char *at = info->si_addr;
    if (at < __data_start || at >= _end || written[page_of(at)])
        model_fail("segmentation fault at %p", (void *)at);
    written[page_of(at)] = true;
    mprotect(page_at(page_of(at)), PAGE, PROT_READ | PROT_WRITE);
}

/* Whole pages of the program's data without anything that is kept. */
static void watch_pages(void)
{
    stack_t stack = {.ss_sp = model_map(FAULT_STACK), .ss_size = FAULT_STACK};
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    written = model_map(page_of(_end) + 1);
    sigaltstack(&stack, NULL);
    sigaction(SIGSEGV, &action, NULL);
    for (size_t page = 0; page <= page_of(_end - 1); page++) {
        const char *from = page_at(page);
        const char *to = page_at(page + 1);
        written[page] = from < __data_start || to > _end ||
                        (from < __stop_model_kept && to > __start_model_kept) ||
                        mprotect(page_at(page), PAGE, PROT_READ) != 0;
    }
}

void *model_map(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        abort();
    return p;
}

static void begin(const char *scenario_name)
{
    name = scenario_name;
    recorded = 0;
    executions = 0;
    if (image != NULL)
        return;
    decisions = model_map(DECISIONS_MAX * sizeof *decisions);
    notes = model_map(NOTES * sizeof *notes);
    image = model_map((size_t)(_end - __data_start));
    memcpy(image, __data_start, (size_t)(_end - __data_start));
    watch_pages();
}

/* ---- decisions ------------------------------------------------------------------------ */

static uint64_t random_next(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545F4914F6CDD1D);
}

unsigned model_decide(unsigned count)
{
    if (count <= 1)
        return 0;
    if (model_random_mode)
        return (unsigned)(random_next() >> 33) % count;
    if (decided == DECISIONS_MAX)
        model_fail("an execution of more than %d decisions", DECISIONS_MAX);
    struct decision *d = &decisions[decided];
    if (decided == recorded) {
        *d = (struct decision){0, count};
        recorded++;
    } else if (d->count != count) {
        model_fail("the scenario is not determined by its decisions: %u, then %u",
                   d->count, count);
    }
    decided++;
    return d->chosen;
}

unsigned model_decide_surprise(unsigned count)
{
    if (model_is_quiet())
        return 0;
    if (model_random_mode)
        return random_next() >> 61 == 0 ? model_decide(count) : 0;
    if (surprises_left == 0)
        return 0;
    unsigned chosen = model_decide(count);
    if (chosen != 0)
        surprises_left--;
    return chosen;
}

bool model_surprise(void)
{
    return model_decide_surprise(2) != 0;
}

unsigned model_choose(unsigned count)
{
    return model_decide(count);
}

/* The next one to run of COUNT tasks; where the running one need not leave, it is the first. */
static unsigned pick_random(const unsigned *tasks, unsigned count, bool leave)
{
    if (leave && model_runs())
        priorities[model_current] = lowest--;
    steps++;
    for (unsigned i = 0; i < change_count; i++)
        if (changes[i] == steps)
            priorities[model_current] = lowest--;
    unsigned best = 0;
    for (unsigned i = 1; i < count; i++)
        if (priorities[tasks[i]] > priorities[tasks[best]])
            best = i;
    return tasks[best];
}

unsigned model_pick_task(const unsigned *tasks, unsigned count, bool leave)
{
    if (model_random_mode)
        return pick_random(tasks, count, leave);
    if (leave)
        return tasks[model_decide(count)];
    if (preemptions_left == 0)
        return tasks[0];
    unsigned chosen = model_decide(count);
    if (chosen != 0)
        preemptions_left--;
    return tasks[chosen];
}

/* To the next execution in depth-first order.  False: that was the last. */
static bool advance(void)
{
    while (recorded > 0) {
        struct decision *last = &decisions[recorded - 1];
        if (last->chosen + 1 < last->count) {
            last->chosen++;
            return true;
        }
        recorded--;
    }
    return false;
}

/* ---- executions ----------------------------------------------------------------------- */

static void execute(void (*scenario)(void))
{
    if (executions++ > 0)
        restore_data();
    decided = 0;
    note_count = 0;
    expected = NULL;
    model_memory_reset();
    model_shadow_reset();
    model_system_reset();
    model_tasks_run(scenario);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void model_explore(const char *scenario_name, void (*scenario)(void),
                   unsigned preemptions, unsigned surprises)
{
    double start = seconds();
    model_random_mode = false;
    begin(scenario_name);
    do {
        preemptions_left = preemptions;
        surprises_left = surprises;
        execute(scenario);
    } while (advance());
    restore_data();
    printf("%-40s %8llu executions, all with %u preemptions, %u surprises, %.2f s\n",
           scenario_name, (unsigned long long)executions, preemptions, surprises,
           seconds() - start);
}

void model_random(const char *scenario_name, void (*scenario)(void), unsigned change_max,
                  unsigned count)
{
    double start = seconds();
    const char *wanted = getenv("GOC_MODEL_SEED"); /* NOLINT(concurrency-mt-unsafe) */
    uint64_t first = wanted ? strtoull(wanted, NULL, 10) : 1;
    model_random_mode = true;
    begin(scenario_name);
    change_count = change_max < 16 ? change_max : 16;
    for (seed = first; seed < first + (wanted ? 1 : count); seed++) {
        state = seed * UINT64_C(0x9E3779B97F4A7C15) | 1;
        /* The same number of steps for a seed, whatever ran before it. */
        steps_before = 200 + seed % 40 * 50;
        steps = 0;
        lowest = 0;
        for (unsigned i = 0; i < MODEL_TASKS_MAX; i++)
            priorities[i] = (int)(random_next() % PRIORITY_TOP) + 1;
        for (unsigned i = 0; i < change_count; i++)
            changes[i] = random_next() % steps_before;
        execute(scenario);
    }
    restore_data();
    printf("%-40s %8llu executions, random, %.2f s\n", scenario_name,
           (unsigned long long)executions, seconds() - start);
}

/* ---- failures ------------------------------------------------------------------------- */

void model_note(const char *what, const char *site, const volatile void *address,
                uint64_t value)
{
    notes[note_count++ % NOTES] =
        (struct note){model_current, what, site, address, value};
}

void model_expect(const char *words)
{
    expected = words;
}

static void print_notes(void)
{
    uint64_t first = note_count > NOTES_SHOWN ? note_count - NOTES_SHOWN : 0;
    for (uint64_t i = first; i < note_count; i++) {
        const struct note *n = &notes[i % NOTES];
        const char *site = n->site ? strrchr(n->site, '/') : NULL;
        fprintf(stderr, "  task %u  %-10s %18p  %-12llx %s\n", n->task, n->what,
                (const void *)(uintptr_t)n->address, (unsigned long long)n->value,
                site      ? site + 1
                : n->site ? n->site
                          : "");
    }
}

void model_fail(const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (expected != NULL && strstr(text, expected) != NULL)
        model_tasks_abandon();
    fflush(stdout);
    if (notes != NULL)
        print_notes();
    fprintf(stderr, "%s: execution %llu, task %u: %s\n", name ? name : "start",
            (unsigned long long)executions, model_current, text);
    if (model_random_mode)
        fprintf(stderr, "GOC_MODEL_SEED=%llu runs it again\n", (unsigned long long)seed);
    fflush(stderr);
    _exit(1);
}
