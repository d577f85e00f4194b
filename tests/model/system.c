/* What lies below and beside the runtime's rooms in the model: runtime/os, the heap, how a program
 * dies, and chance; descriptors are in files.c.  Threads are tasks, futexes wait in tasks.c, the
 * clock is virtual, memory comes from one region that starts anew with each execution and is never
 * used twice in one. */
#include "base/panic.h"
#include "base/print.h"
#include "inside.h"
#include "os/clock.h"
#include "os/frame_sizes.h"
#include "os/futex.h"
#include "os/handlers.h"
#include "os/linking.h"
#include "os/membarrier.h"
#include "os/pages.h"
#include "os/process.h"
#include "os/signal.h"
#include "os/thread.h"
#include "os/toggle.h"
#include "sched/boot.h"
#include "sched/random.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TIDS_FROM = 1000, CLOCK_STEP_NS = 10 };

#define REGION_BYTES ((size_t)1 << 31)
#define RESERVE_MOST ((size_t)32 << 20)

static char *region MODEL_KEPT;
static size_t used MODEL_KEPT;
static size_t used_before MODEL_KEPT; /* by what ran before the first execution */

/* ---- memory --------------------------------------------------------------------------- */

static void *take(size_t size, size_t align)
{
    if (region == NULL) {
        region = mmap(NULL, REGION_BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (region == MAP_FAILED)
            abort();
    }
    used = (used + align - 1) / align * align;
    if (size > REGION_BYTES - used)
        return NULL;
    void *p = region + used;
    used += size;
    return p;
}

void model_system_reset(void)
{
    if (used_before == 0)
        used_before = (used + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES + 1;
    size_t from = used_before - 1;
    if (used > from)
        madvise(region + from, used - from, MADV_DONTNEED);
    used = from;
}

int goc__pages_map(size_t size, char **address)
{
    if (model_runs())
        model_shadow_access(address, sizeof *address, MODEL_WRITE,
                            __builtin_return_address(0));
    *address = take(size, GOC_PAGE_BYTES);
    return *address ? 0 : -ENOMEM;
}

int goc__pages_reserve(size_t size, char **address)
{
    return size > RESERVE_MOST ? -ENOMEM : goc__pages_map(size, address);
}

void goc__pages_bring(char *address, size_t size)
{
    (void)address;
    (void)size;
}

int goc__pages_wipe_in_child(char *address, size_t size)
{
    (void)address;
    (void)size;
    return 0;
}

void goc__pages_dump(char *address, size_t size, bool wanted)
{
    (void)address;
    (void)size;
    (void)wanted;
}

int goc__pages_guard(char *address, size_t size)
{
    (void)address;
    (void)size;
    return 0;
}

void goc__pages_release(char *address, size_t size)
{
    (void)address;
    (void)size;
}

void goc__pages_unmap(char *address, size_t size)
{
    if (model_runs())
        model_shadow_free(address, size);
}

void *goc__pages_permanent(size_t size)
{
    return take(size, 128);
}

/* The rooms' malloc and free, by -D. */
struct block {
    size_t size;
    size_t unused;
};

void *goc__model_malloc(size_t size);
void goc__model_free(void *p);
void *goc__model_malloc(size_t size)
{
    struct block *block = take(sizeof *block + size, 16);
    block->size = size;
    return block + 1;
}

void *goc__model_calloc(size_t count, size_t size);
void *goc__model_calloc(size_t count, size_t size)
{
    return goc__model_malloc(count * size); /* the region is zeros */
}

void *goc__model_realloc(void *p, size_t size);
void *goc__model_realloc(void *p, size_t size)
{
    void *fresh = goc__model_malloc(size);
    if (p != NULL) {
        size_t before = ((struct block *)p - 1)->size;
        memcpy(fresh, p, before < size ? before : size);
        goc__model_free(p);
    }
    return fresh;
}

void *goc__model_aligned_alloc(size_t align, size_t size);
void *goc__model_aligned_alloc(size_t align, size_t size)
{
    char *p = (char *)take(align + size, align) + align;
    ((struct block *)(void *)p - 1)->size = size;
    return p;
}

void goc__model_free(void *p)
{
    if (p != NULL && model_runs())
        model_shadow_free(p, ((struct block *)p - 1)->size);
}

/* ---- threads, time, waiting ------------------------------------------------------------ */

struct start {
    void *(*entry)(void *);
    void *argument;
};

static void start_thread(void *start)
{
    struct start s = *(struct start *)start;
    s.entry(s.argument);
}

int goc__thread_start(void *(*entry)(void *argument), void *argument)
{
    struct start *start = take(sizeof *start, 16);
    *start = (struct start){entry, argument};
    model_spawn(start_thread, start);
    return 0;
}

int32_t goc__thread_id(void)
{
    return model_runs() && model_current > 0 ? TIDS_FROM + (int32_t)model_current
                                             : getpid();
}

bool goc__thread_is_first(void)
{
    return goc__thread_id() == getpid();
}

size_t goc__thread_first_stack(void)
{
    return (size_t)8 << 20;
}

int *goc__thread_errno(void)
{
    static int numbers[MODEL_TASKS_MAX];
    return &numbers[model_runs() ? model_current : 0];
}

int64_t goc__thread_cpu_time(int32_t tid)
{
    (void)tid;
    return 0;
}

int goc__thread_state_open(int32_t tid)
{
    return tid;
}

/* No scenario blocks outside of the runtime. */
bool goc__thread_sleeps(int fd)
{
    (void)fd;
    return false;
}

/* The kernel's count is a location of its own: how late a reader sees it is for whatever orders
 * it after the start of a thread.  Who sees that a thread has ended sees what it did, because the
 * kernel ends threads and counts them under one lock. */
static uint32_t threads_started; // atomic: less those that have ended

static void count_threads(uint64_t by, enum model_order order)
{
    bool quiet = model_is_quiet();
    model_quiet(true);
    goc__model_rmw(&threads_started, sizeof threads_started, MODEL_ADD, by, order,
                   "thread count");
    model_quiet(quiet);
}

void model_thread_starts(void)
{
    count_threads(1, MODEL_RELAXED);
}

void model_thread_ends(void)
{
    count_threads(UINT32_MAX, MODEL_RELEASE);
}

int goc__thread_count(void)
{
    if (!model_runs())
        return 1;
    return 1 + (int)goc__model_load(&threads_started, sizeof threads_started,
                                    MODEL_ACQUIRE, "thread count");
}

int goc__thread_cpus(void)
{
    return 2;
}

/* Each thread has its own. */
int32_t goc__thread_cpu(void)
{
    return model_runs() ? (int32_t)model_current : 0;
}

void goc__thread_yield(void)
{
    model_yield();
}

void goc__thread_sleep_exactly(void) {}

/* A task cannot end before its function returns: it sleeps. */
void goc__thread_end(void)
{
    static uint32_t never;
    for (;;)
        goc__futex_wait(&never, 0, FUTEX_NO_DEADLINE);
}

int64_t goc__clock_now(void)
{
    return model_now();
}

void goc__clock_sleep_until(int64_t time)
{
    model_step();
    while (model_now() < time)
        model_wait(NULL, time);
}

bool goc__futex_wait(uint32_t *word, uint32_t expected, int64_t deadline)
{
    model_spin_ended();
    model_step();
    model_shadow_access(word, sizeof *word, MODEL_ATOMIC | MODEL_READ, "futex wait");
    if (*word != expected || model_surprise())
        return true;
    if (deadline <= model_now())
        return false;
    return model_wait(word, deadline);
}

/* Not an access: the word may be gone by now, as the kernel allows. */
void goc__futex_wake(uint32_t *word, int count)
{
    model_step();
    model_note("wake", NULL, word, (uint64_t)count);
    model_wake(word, count);
}

bool goc__barrier_register(void)
{
    return true;
}

void goc__barrier_start(void) {}

void goc__barrier_heavy(void)
{
    if (!model_barrier_at(__FILE__ ":0\tgoc__barrier_heavy("))
        return;
    model_step();
    model_note("membarrier", NULL, NULL, 0);
    model_memory_barrier();
}

/* ---- signals, death, chance ------------------------------------------------------------ */

void goc__signals_save_mask(void) {}
void goc__signals_restore_mask(void) {}
void goc__signals_start(void) {}
void goc__debug_start(void) {}
void goc__signals_poll(void) {}
void goc__process_at_fork(void (*child)(void))
{
    (void)child;
}
void goc__signals_thread(struct m *m)
{
    (void)m;
}

#define DIE(kind)                                                                        \
    char text[256];                                                                      \
    va_list arguments;                                                                   \
    va_start(arguments, format);                                                         \
    vsnprintf(text, sizeof text, format, arguments);                                     \
    va_end(arguments);                                                                   \
    model_fail(kind "%s", text)

void goc__panicf(const char *format, ...)
{
    DIE("panic: ");
}

void goc__panic(const char *message)
{
    model_fail("panic: %s", message);
}

void goc__panic_about(const char *what, const char *message)
{
    model_fail("panic: %s%s", what, message);
}

void goc__vpanic(const char *format, va_list *arguments)
{
    char text[256];
    vsnprintf(text, sizeof text, format, *arguments);
    model_fail("panic: %s", text);
}

void goc__fatalf(const char *format, ...)
{
    DIE("fatal error: ");
}

void goc__fatal(const char *message)
{
    model_fail("fatal error: %s", message);
}

void goc__throw(const char *message)
{
    model_fail("fatal error: runtime: %s", message);
}

void goc__throwf(const char *format, ...)
{
    DIE("fatal error: runtime: ");
}

void goc__die_first(void) {}

void goc__die(int status)
{
    model_fail("died with status %d", status);
}

int goc__frame_sizes_open(struct frame_sizes *sizes)
{
    (void)sizes;
    return -ENOENT;
}

void goc__frame_sizes_close(struct frame_sizes *sizes)
{
    (void)sizes;
}

int64_t goc__frame_sizes_find(const struct frame_sizes *sizes, uintptr_t address)
{
    (void)sizes;
    (void)address;
    return -1;
}

int goc__handlers_move(void)
{
    return -ENOSYS;
}

bool goc__linking_is_plain(void)
{
    return false;
}

/* Nobody reads it: that it is put together from what may be read is the question. */
void goc__print(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
}

uint32_t goc__random_below(uint32_t bound)
{
    return model_runs() ? model_decide(bound) : 0;
}

/* No history is kept: its toggle stays off. */
int goc__toggle_on(void)
{
    return -ENOSYS;
}

int goc__toggle_write(const struct toggle_row *rows, const struct toggle_row *end)
{
    (void)rows;
    (void)end;
    return -ENOSYS;
}
