/* Who gets a small stack, and that everything works on it that works on a whole one.
 *
 * CHECK: all right
 */
#include "check.h"

#include <alloca.h>
#include <goc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

enum { MANY = 1000, ROUNDS = 200, LARGE = 1500, TICKS = 50 };

#ifdef OWN_SIGACTION
extern int __sigaction(int number, const struct sigaction *action,
                       struct sigaction *before);

int sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    return __sigaction(number, action, before);
}
#endif

/* The runtime's: how many goroutines are alive on small stacks. */
extern uint32_t goc__small_alive(void);

static goc_waitgroup parked;
static chan(int) gate;

__attribute__((__noinline__)) static void stop_here(void)
{
    goc_waitgroup_done(&parked);
    chan_recv(gate);
}

/* ---- whose need is known ------------------------------------------------------------------ */

static void plain(void)
{
    stop_here();
}

__attribute__((__noinline__)) static int middle(int x, int y)
{
    stop_here();
    return x + y;
}

static void deep(int x, int y)
{
    int numbers[4] = {x, y, x + y, x - y};
    numbers[x & 3] = middle(x, y);
    atomic_signal_fence(memory_order_seq_cst);
    __asm__ volatile("" : : "r"(numbers[y & 3]));
}

static goc_mutex own_lock;

_Thread_local int local; /* not static: the compiler would know that nobody writes it */

static void with_lock(void)
{
    goc_mutex_lock(&own_lock);
    goc_mutex_unlock(&own_lock);
    stop_here();
    __asm__ volatile("" : : "r"(local));
}

/* ---- whose is not ------------------------------------------------------------------------- */

static int recursive_result;

__attribute__((__noinline__)) static int recurse(int depth)
{
    if (depth == 0) {
        stop_here();
        return 1;
    }
    int below = recurse(depth - 1);
    __asm__ volatile("" : "+r"(below));
    return below + 1;
}

static void recursive(void)
{
    chan(int) nil = NULL;
    recursive_result = nil == NULL;
    recurse(recursive_result);
}

static void large(void)
{
    char bytes[LARGE];
    memset(bytes, 1, sizeof bytes);
    __asm__ volatile("" : : "r"(bytes) : "memory");
    stop_here();
}

static size_t variable_size = 40;

static void variable(void)
{
    __asm__ volatile("" : "+m"(variable_size));
    char *bytes = alloca(variable_size);
    memset(bytes, 1, variable_size);
    __asm__ volatile("" : : "r"(bytes) : "memory");
    stop_here();
}

static void (*pointer)(void) = stop_here;

static void through_pointer(void)
{
    __asm__ volatile("" : "+m"(pointer));
    pointer();
}

static void calls_out(void)
{
    if (fflush(stdout) == 0)
        stop_here();
}

static void in_assembly(void)
{
    __asm__ volatile("pushq %%rax\n\tpopq %%rax" : : : "memory");
    stop_here();
}

/* How many of MANY goroutines that WHAT starts are on small stacks while they wait. */
#define COUNT_SMALL(what)                                                                \
    ({                                                                                   \
        goc_waitgroup_add(&parked, MANY);                                                \
        for (int i = 0; i < MANY; i++)                                                   \
            what;                                                                        \
        goc_waitgroup_wait(&parked);                                                     \
        uint32_t small = goc__small_alive();                                             \
        for (int i = 0; i < MANY; i++)                                                   \
            chan_send(gate, i);                                                          \
        while (goc_num_goroutine() > 1)                                                  \
            goc_yield();                                                                 \
        small;                                                                           \
    })

static void are_told_apart(uint32_t most)
{
    /* The first ones have whole stacks, and some begin on one that another has left. */
    uint32_t least = most - most / 10;
    CHECK(COUNT_SMALL(go plain()) >= least);
    CHECK(COUNT_SMALL(go deep(i, i + 1)) >= least);
    CHECK(COUNT_SMALL(go with_lock()) >= least);
    CHECK_EQ(COUNT_SMALL(go recursive()), 0);
    CHECK_EQ(COUNT_SMALL(go large()), 0);
    CHECK_EQ(COUNT_SMALL(go variable()), 0);
    CHECK_EQ(COUNT_SMALL(go through_pointer()), 0);
    CHECK_EQ(COUNT_SMALL(go pointer()), 0);
    CHECK_EQ(COUNT_SMALL(go calls_out()), 0);
    CHECK_EQ(COUNT_SMALL(go in_assembly()), 0);
    CHECK(COUNT_SMALL(go plain()) >= least);
}

/* ---- everything at once ------------------------------------------------------------------- */

static goc_mutex mutex;
static goc_rwmutex rwmutex;
static long counter;
static long read_sum;

static void work(int number, chan(int) in, chan(int) out, goc_waitgroup *done)
{
    uint64_t pattern[8];
    for (int i = 0; i < 8; i++)
        pattern[i] = (uint64_t)number * 8 + (uint64_t)i;
    __asm__ volatile("" : : "r"(pattern) : "memory");
    for (int i = 0; i < ROUNDS; i++) {
        int v = chan_recv(in);
        goc_mutex_lock(&mutex);
        counter++;
        goc_mutex_unlock(&mutex);
        goc_rwmutex_rlock(&rwmutex);
        long seen = read_sum;
        goc_rwmutex_runlock(&rwmutex);
        goc_rwmutex_lock(&rwmutex);
        read_sum = seen + 1;
        goc_rwmutex_unlock(&rwmutex);
        if (i % 50 == 0)
            goc_sleep(1000); /* tidy: sleep, because it is one of the operations */
        goc_yield();
        chan_send(out, v + 1);
        for (int k = 0; k < 8; k++)
            if (pattern[k] != (uint64_t)number * 8 + (uint64_t)k)
                goc_panic("goroutine %d: its stack has changed", number);
    }
    goc_waitgroup_done(done);
}

enum { WORKERS = 64, FILLERS = 200, FILLER_ROUNDS = 50 };

static void feed(chan(int) in, int count)
{
    for (int i = 0; i < count; i++)
        chan_send(in, i);
}

static void work_together(void)
{
    goc_waitgroup done = {0};
    chan(int) in = chan_make(int, 3);
    chan(int) out = chan_make(int, 0);
    goc_waitgroup_add(&done, WORKERS);
    counter = 0;
    for (int i = 0; i < WORKERS; i++)
        go work(i, in, out, &done);
    go feed(in, WORKERS * ROUNDS);
    long received = 0;
    for (int got = 0; got < WORKERS * ROUNDS; got++)
        received += chan_recv(out);
    goc_waitgroup_wait(&done);
    CHECK_EQ(counter, WORKERS * ROUNDS);
    long all = (long)WORKERS * ROUNDS;
    CHECK_EQ(received, all * (all - 1) / 2 + all);
    chan_free(in);
    chan_free(out);
}

/* ---- how deep it goes --------------------------------------------------------------------- */

/* The runtime's (sched/small.h). */
struct small_map {
    char *const *base;
    const uint32_t *carved;
    uint32_t bytes;
    uint32_t g_bytes;
};

extern const struct small_map goc__small_map;

enum { PAINT = 0xa5, MARK_BYTES = 16, SPARE_BYTES = 128 };

static char *slot_at(uint32_t number)
{
    return *goc__small_map.base + (size_t)number * goc__small_map.bytes;
}

static void paint(void)
{
    for (uint32_t i = 0; i < *goc__small_map.carved; i++)
        memset(slot_at(i) + MARK_BYTES, PAINT,
               goc__small_map.bytes - goc__small_map.g_bytes - MARK_BYTES);
}

/* Of any slot that was used, how many bytes above its mark nobody has touched.  Zeroes: it was
 * carved or has lost its memory since. */
static size_t left_over(void)
{
    size_t least = goc__small_map.bytes;
    for (uint32_t i = 0; i < *goc__small_map.carved; i++) {
        const unsigned char *slot = (unsigned char *)slot_at(i);
        size_t at = MARK_BYTES;
        while (at < goc__small_map.bytes - goc__small_map.g_bytes &&
               (slot[at] == PAINT || slot[at] == 0))
            at++;
        if (at - MARK_BYTES < least)
            least = at - MARK_BYTES;
    }
    return least;
}

#ifdef __OPTIMIZE__
enum { FRAME_BYTES = 440 };
#else
enum { FRAME_BYTES = 160 }; /* what the statements need is more */
#endif

/* With about as large a frame as a small stack has room for. */
static void fill_up(chan(int) in, chan(int) out, goc_waitgroup *done)
{
    char frame[FRAME_BYTES];
    memset(frame, 1, sizeof frame);
    __asm__ volatile("" : : "r"(frame) : "memory");
    for (int i = 0; i < FILLER_ROUNDS; i++) {
        goc_mutex_lock(&mutex);
        counter++;
        goc_sleep(1); /* tidy: sleep, because it is one of the operations */
        goc_mutex_unlock(&mutex);
        chan_send(out, chan_recv(in));
    }
    __asm__ volatile("" : : "r"(frame) : "memory");
    goc_waitgroup_done(done);
}

static void keep_within(void)
{
    goc_waitgroup done = {0};
    chan(int) in = chan_make(int, 1);
    chan(int) out = chan_make(int, 0);
    goc_waitgroup_add(&done, FILLERS);
    paint();
    for (int i = 0; i < FILLERS; i++)
        go fill_up(in, out, &done);
    go feed(in, FILLERS * FILLER_ROUNDS);
    for (int got = 0; got < FILLERS * FILLER_ROUNDS; got++)
        chan_recv(out);
    goc_waitgroup_wait(&done);
    size_t left = left_over();
    CHECK(left < goc__small_map.bytes / 2); /* some were used */
    CHECK(left >= SPARE_BYTES);
    chan_free(in);
    chan_free(out);
}

/* ---- signals ------------------------------------------------------------------------------ */

static atomic_int ticks;

static void on_tick(int signal)
{
    (void)signal;
    char frame[8192]; /* more than three small stacks */
    memset(frame, 0x5a, sizeof frame);
    __asm__ volatile("" : : "r"(frame) : "memory");
    atomic_fetch_add(&ticks, 1);
}

/* One that came before the first small stack, or after it. */
static void are_interrupted(void)
{
    struct itimerval timer = {.it_interval.tv_usec = 1000, .it_value.tv_usec = 1000};
    CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
    int before = atomic_load(&ticks);
    do
        work_together();
    while (atomic_load(&ticks) - before < TICKS);
    struct itimerval none = {0};
    CHECK_EQ(setitimer(ITIMER_REAL, &none, NULL), 0);
}

static void say_what_was_said(void)
{
    struct sigaction now;
    CHECK_EQ(sigaction(SIGALRM, NULL, &now), 0);
    CHECK_EQ(now.sa_flags & SA_ONSTACK, 0);
    CHECK(now.sa_handler == on_tick);
    CHECK(signal(SIGALRM, SIG_IGN) == on_tick);
    CHECK(signal(SIGALRM, on_tick) == SIG_IGN);
    CHECK_EQ(sigaction(SIGALRM, NULL, &now), 0);
    CHECK_EQ(now.sa_flags & (SA_RESTART | SA_ONSTACK), SA_RESTART);
    struct sigaction on_stack = {.sa_handler = on_tick,
                                 .sa_flags = SA_ONSTACK | SA_RESTART};
    CHECK_EQ(sigaction(SIGALRM, &on_stack, NULL), 0);
    CHECK_EQ(sigaction(SIGALRM, NULL, &now), 0);
    CHECK(now.sa_flags & SA_ONSTACK);
    CHECK(signal(SIGALRM, on_tick) == on_tick);
}

int main(int argc, char **argv)
{
    (void)argv;
    gate = chan_make(int, 0);
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    are_told_apart(argc > 1 ? 0 : MANY);
    are_interrupted();
    say_what_was_said();
    are_interrupted();
    if (argc == 1)
        keep_within();
    puts("all right");
}
