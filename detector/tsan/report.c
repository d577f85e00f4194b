/* A report of TSan's becomes a line of the race log.
 *
 * TSan asks OnReport, a function that it defines weakly for others to define, whether
 * somebody has dealt with the report.  Ours has, so TSan prints nothing and counts nothing;
 * the log, the exit status and halt_on_error are those of goc's own detector.
 *
 * Called with TSan's report lock held, on the thread whose access found the race: one
 * report at a time.
 *
 * Addresses are return addresses, as long as TSan does not symbolize (options.c): with
 * symbols it would list inlined calls as frames of the same address.
 */
#include "tsan/report.h"

#include "base/atomic.h"
#include "base/flags.h"
#include "base/out.h"
#include "base/sys.h"
#include "record/journal.h"
#include "record/modules.h"
#include "tsan/blocks.h"
#include "tsan/interface.h"
#include "tsan/keys.h"
#include "tsan/locks_held.h"
#include "tsan/strand.h"

#include <stdbool.h>

#define DETECTOR "tsan"

enum {
    FRAMES_MAX = 256, // TSan's own limit is 255 (kStackTraceMax)
    THREADS_MAX = 64, // of one report
    MUTEXES_MAX = 64, // of one report
    NAME_MAX_BYTES = 64,
};

struct thread {
    int tid; // TSan's number
    uint64_t os_id;
    uint64_t goid; // 0: no goroutine
    int parent;
    void *stack[FRAMES_MAX];
};

struct mutex {
    uint64_t id;
    void *addr;
    bool destroyed;
};

/* The report at hand.  Guard: the journal's lock. */
static struct race__line line;
static struct thread threads[THREADS_MAX];
static int thread_count;
static struct mutex mutexes[MUTEXES_MAX];
static int mutex_count;

static uint32_t race_count; // atomic, relaxed: read at exit

uint32_t race__tsan_report_count(void)
{
    return load_relaxed(&race_count);
}

static void text(const char *string)
{
    race__text_string(&line.text, string);
}

static void number(const char *key, uint64_t value)
{
    text(key);
    race__text_decimal(&line.text, value);
}

static void address(const char *key, const void *value)
{
    text(key);
    text("\"");
    race__text_hex(&line.text, (uintptr_t)value);
    text("\"");
}

static void stack(const char *key, void *const *pcs)
{
    text(key);
    text("[");
    for (int i = 0; i < FRAMES_MAX && pcs[i] != NULL; i++) {
        if (i != 0)
            text(",");
        race__journal_frame(&line, pcs[i]);
    }
    text("]");
}

static void clear(void **pcs)
{
    for (int i = 0; i < FRAMES_MAX; i++)
        pcs[i] = NULL;
}

static bool equal(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return *a == *b;
}

/* N of "goroutine N", as strand.c names fibers; 0 for another name. */
static uint64_t goroutine_of(const char *name)
{
    static const char prefix[] = "goroutine ";
    uint64_t goid = 0;
    if (name == NULL)
        return 0;
    for (const char *at = prefix; *at != '\0'; at++, name++)
        if (*name != *at)
            return 0;
    for (; *name >= '0' && *name <= '9'; name++)
        goid = goid * 10 + (uint64_t)(*name - '0');
    return *name == '\0' ? goid : 0;
}

static void read_threads(void *report, int count)
{
    thread_count = 0;
    for (int i = 0; i < count && thread_count < THREADS_MAX; i++) {
        struct thread *thread = &threads[thread_count];
        const char *name = NULL;
        int running = 0;
        clear(thread->stack);
        if (!__tsan_get_report_thread(report, (unsigned long)i, &thread->tid,
                                      &thread->os_id, &running, &name, &thread->parent,
                                      thread->stack, FRAMES_MAX))
            continue;
        /* A fiber has no thread of its own; main has one and is goroutine 1. */
        const bool fiber = thread->os_id == 0 || thread->tid == 0;
        thread->goid = fiber ? goroutine_of(name) : 0;
        thread_count++;
    }
}

static void read_mutexes(void *report, int count)
{
    mutex_count = 0;
    for (int i = 0; i < count && mutex_count < MUTEXES_MAX; i++) {
        struct mutex *mutex = &mutexes[mutex_count];
        int destroyed = 0;
        void *created[1];
        if (!__tsan_get_report_mutex(report, (unsigned long)i, &mutex->id, &mutex->addr,
                                     &destroyed, created, 1))
            continue;
        mutex->destroyed = destroyed != 0;
        mutex_count++;
    }
}

/* TSan lists who raced, but not their creators.  Main it needs no stack for. */
static void add_main(void)
{
    bool is_parent = false;
    for (int i = 0; i < thread_count; i++) {
        if (threads[i].tid == 0)
            return;
        is_parent = is_parent || threads[i].parent == 0;
    }
    if (!is_parent || thread_count == THREADS_MAX)
        return;
    struct thread *thread = &threads[thread_count++];
    thread->tid = 0;
    thread->os_id = (uint64_t)race__getpid();
    thread->goid = race__tsan_main_goid;
    clear(thread->stack);
}

static const struct thread *thread_of(int tid)
{
    for (int i = 0; i < thread_count; i++)
        if (threads[i].tid == tid)
            return &threads[i];
    return NULL;
}

static void write_strand(const struct thread *thread)
{
    const char *kind = thread->tid == 0    ? "main"
                       : thread->goid != 0 ? "goroutine"
                                           : "thread";
    number("{\"id\":", (uint64_t)thread->tid);
    text(",\"kind\":\"");
    text(kind);
    text("\"");
    if (thread->goid != 0)
        number(",\"goid\":", thread->goid);
    else
        number(",\"tid\":", thread->os_id);
    if (thread->tid != 0 && thread_of(thread->parent) != NULL)
        number(",\"parent\":", (uint64_t)thread->parent);
    stack(",\"stack\":", thread->stack);
    text("}");
}

static void write_strands(void)
{
    text(",\"strands\":[");
    for (int i = 0; i < thread_count; i++) {
        if (i != 0)
            text(",");
        write_strand(&threads[i]);
    }
    text("]");
}

/* Where the current strand took the lock, if the runtime has told. */
static const void *taken_at(const void *addr)
{
    const struct race__tsan_strand *strand = race__tsan_self.strand;
    for (uint32_t i = 0; strand != NULL && i < strand->held_count; i++)
        if (strand->held[i].addr == addr)
            return strand->held[i].pc;
    return NULL;
}

static void write_lock(const struct mutex *mutex, bool exclusive, bool current)
{
    const char *kind = NULL;
    void *pcs[FRAMES_MAX] = {NULL};
    (void)race__tsan_lock_state(mutex->addr, &kind);
    if (current)
        pcs[0] = (void *)(uintptr_t)taken_at(mutex->addr);
    address("{\"addr\":", mutex->addr);
    text(",\"kind\":");
    race__text_json(&line.text, kind != NULL ? kind : "mutex");
    text(exclusive ? ",\"exclusive\":true" : ",\"exclusive\":false");
    stack(",\"stack\":", pcs);
    text("}");
}

/* The locks of access INDEX.  Left out where TSan's text did not say. */
static void write_locks(int index)
{
    if (!race__tsan_locks_known())
        return;
    bool first = true;
    text(",\"locks\":[");
    for (int i = 0; i < mutex_count; i++) {
        bool exclusive = false;
        const char *kind = NULL;
        const bool hidden =
            race__tsan_lock_state(mutexes[i].addr, &kind) == RACE_TSAN_LOCK_HIDDEN;
        if (hidden || !race__tsan_locks_has(index, mutexes[i].id, &exclusive))
            continue;
        if (!first)
            text(",");
        first = false;
        write_lock(&mutexes[i], exclusive, index == 0);
    }
    text("]");
}

/* Answers the address, 0 where TSan has no such access. */
static uintptr_t write_access(void *report, int index, bool is_free)
{
    static void *pcs[FRAMES_MAX];
    int tid = 0;
    int size = 0;
    int is_write = 0;
    int is_atomic = 0;
    void *addr = NULL;
    clear(pcs);
    if (!__tsan_get_report_mop(report, (unsigned long)index, &tid, &addr, &size,
                               &is_write, &is_atomic, pcs, FRAMES_MAX))
        return 0;
    text(is_free    ? "{\"op\":\"free\""
         : is_write ? "{\"op\":\"write\""
                    : "{\"op\":\"read\"");
    text(is_atomic ? ",\"atomic\":true" : ",\"atomic\":false");
    address(",\"addr\":", addr);
    number(",\"size\":", size > 0 ? (uint64_t)size : 0);
    number(",\"strand\":", (uint64_t)tid);
    stack(",\"stack\":", pcs);
    write_locks(index);
    text("}");
    return (uintptr_t)addr;
}

/* What TSan says the memory is: a block of its heap, a descriptor, a thread's stack or storage. */
static bool write_location(void *report)
{
    static void *pcs[FRAMES_MAX];
    const char *type = NULL;
    void *addr = NULL;
    void *start = NULL;
    unsigned long size = 0;
    int tid = 0;
    int fd = 0;
    int suppressable = 0;
    clear(pcs);
    if (!__tsan_get_report_loc(report, 0, &type, &addr, &start, &size, &tid, &fd,
                               &suppressable, pcs, FRAMES_MAX))
        return false;
    const bool owner_known = thread_of(tid) != NULL;
    if (equal(type, "heap")) {
        address("{\"kind\":\"heap\",\"addr\":", start);
        number(",\"size\":", size);
        if (owner_known)
            number(",\"strand\":", (uint64_t)tid);
        stack(",\"stack\":", pcs);
    } else if (equal(type, "fd")) {
        number("{\"kind\":\"descriptor\",\"number\":", (uint64_t)fd);
        if (owner_known)
            number(",\"strand\":", (uint64_t)tid);
        stack(",\"stack\":", pcs);
    } else if (owner_known && (equal(type, "stack") || equal(type, "tls"))) {
        text(equal(type, "stack") ? "{\"kind\":\"stack\"" : "{\"kind\":\"tls\"");
        number(",\"strand\":", (uint64_t)tid);
    } else {
        return false;
    }
    text("}");
    return true;
}

static void write_block(const struct race__tsan_block *block)
{
    void *pcs[FRAMES_MAX] = {(void *)(uintptr_t)block->pc};
    text("{\"kind\":");
    race__text_json(&line.text, block->kind);
    address(",\"addr\":", (const void *)block->addr);
    number(",\"size\":", block->size);
    for (int i = 0; i < thread_count; i++) {
        if (block->goid != 0 && threads[i].goid == block->goid) {
            number(",\"strand\":", (uint64_t)threads[i].tid);
            break;
        }
    }
    stack(",\"stack\":", pcs);
    text("}");
}

static void write_memory(void *report, int location_count, uintptr_t addr)
{
    struct race__tsan_block block;
    uintptr_t offset = 0;
    text(",\"memory\":");
    if (race__tsan_block_find((const void *)addr, &block)) {
        write_block(&block);
        return;
    }
    if (location_count > 0 && write_location(report))
        return;
    const int module = race__module_of(addr, &offset);
    if (module == RACE_MODULE_NONE) {
        text("{\"kind\":\"unknown\"}");
        return;
    }
    line.modules[module] = true;
    number("{\"kind\":\"global\",\"module\":", (uint64_t)module);
    address(",\"offset\":", (const void *)offset);
    text("}");
}

struct counts {
    const char *description;
    int accesses;
    int stacks;
    int locations;
    int mutexes;
    int threads;
};

static bool read_counts(void *report, struct counts *counts)
{
    int duplicates = 0;
    int unique = 0;
    void *sleep_stack[1];
    return __tsan_get_report_data(report, &counts->description, &duplicates,
                                  &counts->stacks, &counts->accesses, &counts->locations,
                                  &counts->mutexes, &counts->threads, &unique,
                                  sleep_stack, 1) != 0;
}

static void write_race(void *report, const struct counts *counts)
{
    const bool after_free = equal(counts->description, "heap-use-after-free");
    read_threads(report, counts->threads);
    add_main();
    read_mutexes(report, counts->mutexes);
    race__tsan_locks_read(report);
    race__journal_begin(&line, "race", DETECTOR);
    if (after_free)
        text(",\"kind\":\"use-after-free\"");
    text(",\"accesses\":[");
    const uintptr_t addr = write_access(report, 0, false);
    text(",");
    (void)write_access(report, 1, after_free);
    text("]");
    write_strands();
    write_memory(report, counts->locations, addr);
    text("}");
    race__journal_write(&line);
}

/* What TSan finds beside races: misuse of mutexes, of signals.  The innermost stack of
 * the report says where. */
static void write_error(void *report, const struct counts *counts)
{
    static void *pcs[FRAMES_MAX];
    race__journal_begin(&line, "error", DETECTOR);
    text(",\"kind\":");
    race__text_json(&line.text, counts->description);
    text(",\"message\":\"ThreadSanitizer reports ");
    text(counts->description);
    text("\"");
    clear(pcs);
    if (counts->stacks > 0 && __tsan_get_report_stack(report, 0, pcs, FRAMES_MAX))
        stack(",\"stack\":", pcs);
    text("}");
    race__journal_write(&line);
}

bool race__tsan_on_report(void *report, bool suppressed)
{
    struct counts counts = {0};
    if (suppressed || !read_counts(report, &counts))
        return suppressed;
    race__journal_lock();
    race__modules_refresh();
    if (counts.accesses >= 2) {
        fetch_add_relaxed(&race_count, 1);
        write_race(report, &counts);
    } else {
        write_error(report, &counts);
    }
    race__journal_unlock();
    if (race__flags.halt_on_error != 0 && counts.accesses >= 2) {
        race__journal_end(race__flags.exitcode);
        race__exit_process(race__flags.exitcode);
    }
    return true;
}
