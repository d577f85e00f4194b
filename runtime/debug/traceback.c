/* What is printed of a stack: the user's part of it.  The runtime's own frames at its inner end, up
 * to the public function that was called, and at its outer end, before the entry, are left out. */
#include "debug/traceback.h"

#include "base/print.h"
#include "debug/capture.h"
#include "debug/level.h"
#include "debug/symbols.h"
#include "os/clock.h"
#include "os/thread.h"
#include "sched/boot.h"
#include "sched/bubble.h"
#include "sched/claim.h"
#include "sched/newborn.h"
#include "sched/sched.h"
#include "sched/stack.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LINES_MAX = 256,   /* of one stack, inlined functions too */
    TEXT_BYTES = 4096, /* the names in one line */
    POOL_BYTES = 256 * 1024,
    RUNTIME_DEPTH_MAX = 16, /* lines between a public function and the switch, at most */
};

#define NS_PER_MINUTE INT64_C(60000000000)
#define NS_PER_SECOND 1e9

struct line {
    struct symbol_line text;
    const struct symbol *symbol;
    bool exact; /* the instruction itself, not the one before a return address */
};

/* One stack at a time is taken apart; the thread that does it is the one that ends the
 * process. */
static struct line lines[LINES_MAX];
static char pool[POOL_BYTES];
static bool detail;

void goc__traceback_detail(void)
{
    detail = true;
}

static const void *lookup_address(const struct frames *frames, uint32_t index)
{
    /* A return address may belong to the next line, or to no function at all. */
    bool exact = index == 0 && frames->interrupted;
    return (const char *)frames->addresses[index] - (exact ? 0 : 1);
}

static const void *creation(const struct g *g)
{
    return g->creator_pc != NULL ? (const char *)g->creator_pc - 1 : NULL;
}

/* TEXT, kept until the pool is used again. */
static const char *keep(const char *text, size_t *used)
{
    if (text == NULL)
        return NULL;
    size_t bytes = strlen(text) + 1;
    if (bytes > sizeof pool - *used)
        return "??";
    char *copy = memcpy(pool + *used, text, bytes);
    *used += bytes;
    return copy;
}

/* All lines of FRAMES into lines; returns how many. */
static size_t take_apart(const struct frames *frames)
{
    static char text[TEXT_BYTES];
    size_t count = 0;
    size_t used = 0;
    for (uint32_t i = 0; i < frames->count; i++) {
        const struct symbol *symbol = goc__symbols_find(lookup_address(frames, i));
        const char *cursor = NULL;
        struct symbol_line line;
        while (symbol != NULL && count < LINES_MAX &&
               goc__symbols_next(symbol, &cursor, &line, text, sizeof text)) {
            lines[count++] = (struct line){
                .text = {.function = keep(line.function, &used),
                         .file = keep(line.file, &used),
                         .line = line.line},
                .symbol = symbol,
                .exact = i == 0 && frames->interrupted,
            };
        }
    }
    return count;
}

static bool starts_with(const struct line *line, const char *prefix)
{
    return strncmp(line->text.function, prefix, strlen(prefix)) == 0;
}

/* A function of the runtime that calls the user's: what is further in may be the user's. */
static bool calls_back(const struct line *line)
{
    static const char *const callers[] = {
        "goc_once_do", "goc__once_do",    "goc__go_",
        "goc__defer_", "goc_frame_leave", "goc_singleflight_do",
        "goc_pool_",   "goc_map_range",   "goc_context_release",
    };
    for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
        if (starts_with(line, callers[i]))
            return true;
    return false;
}

/* The first line that is the user's. */
static size_t skip_inner(const struct frames *frames, size_t count)
{
    size_t first = 0;
    for (size_t i = 0; i < count && i < RUNTIME_DEPTH_MAX; i++) {
        if (frames->interrupted || calls_back(&lines[i]))
            break;
        if (starts_with(&lines[i], "goc_"))
            first = i + 1;
    }
    return first;
}

/* One past the last line that is the user's. */
static size_t skip_outer(const struct g *g, const struct frames *frames, size_t first,
                         size_t count)
{
    if (g == NULL || g->kind == G_THREAD || frames->cut || count == first)
        return count;
    if (g->kind == G_MAIN) {
        for (size_t i = first; i < count; i++)
            if (strcmp(lines[i].text.function, "main") == 0)
                return i + 1;
        return count;
    }
    /* Outermost are context_start and goroutine_start; then comes what unpacks arguments. */
    size_t ours = strcmp(lines[count - 1].text.function, "context_start") == 0 ? 2 : 1;
    count -= count - first > ours ? ours : 0;
    while (count > first && starts_with(&lines[count - 1], "goc__"))
        count--;
    return count;
}

static void print_line(const char *before, const char *after, const struct line *line)
{
    const struct symbol *symbol = line->symbol;
    goc__print("%s%s%s", before, line->text.function, after);
    if (line->text.file != NULL)
        goc__print("\n\t%s:%u", line->text.file, line->text.line);
    else if (symbol->path != NULL)
        goc__print("\n\t%s+0x%" PRIx64, symbol->path, symbol->offset);
    else
        goc__print("\n\t%p", symbol->address);
    if (symbol->function != NULL)
        goc__print(" +0x%" PRIx64, symbol->skew + (line->exact ? 0 : 1));
    goc__print("\n");
}

static void print_creation(const struct g *g)
{
    struct frames frames = {.count = 1, .addresses = {g->creator_pc}};
    size_t count = take_apart(&frames);
    if (count == 0)
        return;
    char after[64];
    snprintf(after, sizeof after, " in goroutine %" PRIu64, g->creator_id);
    print_line("created by ", g->creator_id != 0 ? after : "", &lines[0]);
}

static void print_wait(const struct g *g)
{
    goc__print("waits ");
    if (g->object != NULL)
        goc__print("on %p ", g->object);
    goc__print("for %.3f s\n",
               (double)(goc__clock_now() - g->waiting_since) / NS_PER_SECOND);
}

/* Between a panic and a deferred call that it runs. */
static bool unwinds(const struct line *line)
{
    return starts_with(line, "goc__") ||
           (line->text.file != NULL && strstr(line->text.file, "runtime/sched/defer.c") &&
            !starts_with(line, "goc_"));
}

static void print_stack(const struct g *g, const struct frames *frames)
{
    size_t count = take_apart(frames);
    bool whole = goc__level() >= LEVEL_SYSTEM;
    size_t first = whole ? 0 : skip_inner(frames, count);
    size_t end = whole ? count : skip_outer(g, frames, first, count);
    if (first == end) {
        whole = true;
        first = 0;
        end = count;
    }
    for (size_t i = first; i < end; i++)
        if (whole || !unwinds(&lines[i]))
            print_line("", "(...)", &lines[i]);
    if (frames->cut)
        goc__print("...additional frames elided...\n");
    if (detail && g != NULL && goc__status(g) == G_WAITING)
        print_wait(g);
    if (g != NULL && g->creator_pc != NULL)
        print_creation(g);
}

/* The M that runs G, or NULL. */
static struct m *runner(const struct g *g)
{
    struct m *m = load_acquire(&goc__sched.ms);
    while (m != NULL && load_relaxed(&m->g) != g)
        m = m->next;
    return m;
}

static const char *state_words(const struct g *g)
{
    switch (goc__status(g)) {
    case G_WAITING:
        return goc__wait_words((enum wait_reason)g->reason);
    case G_RUNNABLE:
        return "runnable";
    default:
        break;
    }
    const struct m *m = runner(g);
    bool outside = m != NULL && goc__claim_is_taken(m) && !load_relaxed(&m->hog);
    return outside ? "syscall" : "running";
}

/* STATE  NULL: as G's fields say. */
static void print_header(const struct g *g, const char *state)
{
    if (g == NULL || g->kind == G_THREAD) {
        goc__print("\nthread [running]:\n");
        return;
    }
    goc__print("\ngoroutine %" PRIu64 " [%s", g->id,
               state != NULL ? state : state_words(g));
    if (g->durable && goc__status(g) == G_WAITING)
        goc__print(" (durable)");
    int64_t waited = goc__clock_now() - g->waiting_since;
    if (goc__status(g) == G_WAITING && waited >= NS_PER_MINUTE)
        goc__print(", %" PRId64 " minutes", waited / NS_PER_MINUTE);
    if (g->on_thread)
        goc__print(", locked to thread");
    if (g->bubble != NULL)
        goc__print(", synctest bubble %u", goc__bubble_number(g->bubble));
    goc__print("]:\n");
}

void goc__traceback_running(const struct g *g, const struct frames *frames)
{
    print_header(g, "running");
    print_stack(g, frames);
}

void goc__traceback_add(const struct g *g, const struct frames *frames)
{
    for (uint32_t i = 0; i < frames->count; i++)
        goc__symbols_add(lookup_address(frames, i));
    if (g != NULL && g->creator_pc != NULL)
        goc__symbols_add(creation(g));
}

static bool is_alive(const struct g *g)
{
    enum g_status status = goc__status(g);
    return status == G_RUNNABLE || status == G_RUNNING || status == G_WAITING;
}

/* G's stack, wherever it is; NULL when it runs on another thread that did not answer. */
static const struct frames *stack_of(const struct g *g)
{
    static struct frames frames;
    if (goc__status(g) == G_RUNNING || g->on_thread) {
        const struct m *m = runner(g);
        return m != NULL ? goc__capture_of(m) : NULL;
    }
    goc__frames_parked(g, &frames);
    return &frames;
}

/* FRAMES  NULL: not known. */
static void add_frames(const struct g *g, const struct frames *frames)
{
    static const struct frames none;
    goc__traceback_add(g, frames != NULL ? frames : &none);
}

static void add(struct g *g, void *skip)
{
    if (g == skip || !is_alive(g))
        return;
    add_frames(g, stack_of(g));
}

static void print_frames(const struct g *g, const struct frames *frames)
{
    print_header(g, NULL);
    if (frames != NULL) {
        print_stack(g, frames);
        return;
    }
    goc__print("\tgoroutine running on other thread; stack unavailable\n");
    if (g->creator_pc != NULL)
        print_creation(g);
}

static void print(struct g *g, void *skip)
{
    if (g != skip && is_alive(g))
        print_frames(g, stack_of(g));
}

static void each(void (*visit)(struct g *, void *), const struct g *skip)
{
    visit(goc__boot_main(), (void *)(uintptr_t)skip);
    goc__stack_each(visit, (void *)(uintptr_t)skip);
    goc__newborn_each(visit, (void *)(uintptr_t)skip);
}

void goc__traceback_add_others(const struct g *skip)
{
    each(add, skip);
}

void goc__traceback_others(const struct g *skip)
{
    each(print, skip);
}

static uint32_t in_use; // atomic: 1 while somebody prints and the process goes on

struct some {
    bool (*wanted)(const struct g *g, const void *argument);
    const void *argument;
};

static const struct frames *walked(const struct g *g)
{
    static struct frames frames;
    if (goc__status(g) == G_RUNNING || g->on_thread)
        return NULL;
    if (g->context.sp == NULL)
        goc__frames_parked(g, &frames);
    else
        goc__frames_walk(g, &frames);
    return &frames;
}

static void add_some(struct g *g, void *argument)
{
    const struct some *some = argument;
    if (some->wanted(g, some->argument))
        add_frames(g, walked(g));
}

static void print_some(struct g *g, void *argument)
{
    const struct some *some = argument;
    if (some->wanted(g, some->argument))
        print_frames(g, walked(g));
}

static void each_of(void (*visit)(struct g *, void *), struct some *some)
{
    visit(goc__boot_main(), some);
    goc__stack_each(visit, some);
    goc__newborn_each(visit, some);
}

void goc__traceback_take(void)
{
    int64_t end = goc__clock_now() + (int64_t)NS_PER_SECOND;
    while (load_acquire(&in_use) != 0 && goc__clock_now() < end)
        cpu_relax();
}

void goc__traceback_some(bool (*wanted)(const struct g *g, const void *argument),
                         const void *argument)
{
    struct some some = {wanted, argument};
    struct m *m = goc__enter(); /* so that the thread stays the same */
    uint32_t expected = 0;
    while (!cas_acquire(&in_use, &expected, 1u)) {
        expected = 0;
        goc__thread_yield();
    }
    event_internal_begin();
    bool before = detail;
    detail = true;
    goc__symbols_forget();
    each_of(add_some, &some);
    goc__symbols_resolve();
    each_of(print_some, &some);
    detail = before;
    event_internal_end();
    store_release(&in_use, 0u);
    goc__leave(m);
}
