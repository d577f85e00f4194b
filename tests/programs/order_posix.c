/* What POSIX and Linux order and what they do not: locks, threads, forks, signals, memory.  For
 * each operation a scenario where it comes between two accesses, and one where something
 * else does.  Each turn is a thread of its own, and the turns come in their order; what
 * tests/race asks already is not asked again here. */
#include "turns.h"

#include <errno.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <time.h>

/* The time is up long after every scenario is over. */
static struct timespec far_ahead(clockid_t clock)
{
    struct timespec time;
    CHECK_EQ(clock_gettime(clock, &time), 0);
    time.tv_sec += 600;
    return time;
}

/* Mutexes of every kind, taken in every way. */

static pthread_mutex_t mutexes[2];

static void make_mutexes(int type, int protocol, int robust)
{
    pthread_mutexattr_t attributes;
    CHECK_EQ(pthread_mutexattr_init(&attributes), 0);
    CHECK_EQ(pthread_mutexattr_settype(&attributes, type), 0);
    CHECK_EQ(pthread_mutexattr_setprotocol(&attributes, protocol), 0);
    CHECK_EQ(pthread_mutexattr_setrobust(&attributes, robust), 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_mutex_init(&mutexes[i], &attributes), 0);
    CHECK_EQ(pthread_mutexattr_destroy(&attributes), 0);
}

static void touch_locked(void)
{
    CHECK_EQ(pthread_mutex_lock(&mutexes[0]), 0);
    touch();
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), 0);
}

static void touch_trylocked(void)
{
    CHECK_EQ(pthread_mutex_trylock(&mutexes[0]), 0);
    touch();
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), 0);
}

static void touch_timedlocked(void)
{
    struct timespec deadline = far_ahead(CLOCK_REALTIME);
    CHECK_EQ(pthread_mutex_timedlock(&mutexes[0], &deadline), 0);
    touch();
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), 0);
}

static void touch_clocklocked(void)
{
    struct timespec deadline = far_ahead(CLOCK_MONOTONIC);
    CHECK_EQ(pthread_mutex_clocklock(&mutexes[0], CLOCK_MONOTONIC, &deadline), 0);
    touch();
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), 0);
}

static void touch_otherwise_locked(void)
{
    CHECK_EQ(pthread_mutex_lock(&mutexes[1]), 0);
    touch();
    CHECK_EQ(pthread_mutex_unlock(&mutexes[1]), 0);
}

#define MUTEX_SCENARIOS(name, type, protocol, robust)                                    \
    static void name(void)                                                               \
    {                                                                                    \
        make_mutexes(type, protocol, robust);                                            \
        TURNS(touch_locked, touch_trylocked, touch_timedlocked, touch_locked);           \
    }                                                                                    \
    static void name##_by_another(void)                                                  \
    {                                                                                    \
        make_mutexes(type, protocol, robust);                                            \
        TURNS(touch_locked, touch_otherwise_locked);                                     \
    }

MUTEX_SCENARIOS(normal, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED)
MUTEX_SCENARIOS(recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE,
                PTHREAD_MUTEX_STALLED)
MUTEX_SCENARIOS(errorcheck, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE,
                PTHREAD_MUTEX_STALLED)
MUTEX_SCENARIOS(adaptive, PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_PRIO_NONE,
                PTHREAD_MUTEX_STALLED)
MUTEX_SCENARIOS(inheriting, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT,
                PTHREAD_MUTEX_STALLED)
MUTEX_SCENARIOS(robust, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST)
MUTEX_SCENARIOS(robust_inheriting, PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_INHERIT,
                PTHREAD_MUTEX_ROBUST)

static void clocklock(void)
{
    make_mutexes(PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
    TURNS(touch_clocklocked, touch_clocklocked);
}

/* An error-checking mutex that is locked twice stays locked once, and orders as such. */

static void touch_relocked(void)
{
    CHECK_EQ(pthread_mutex_lock(&mutexes[0]), 0);
    CHECK_EQ(pthread_mutex_lock(&mutexes[0]), EDEADLK);
    touch();
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), 0);
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), EPERM);
}

static void locked_twice(void)
{
    make_mutexes(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
    TURNS(touch_relocked, touch_relocked);
}

static void touch_after_refusal(void)
{
    CHECK_EQ(pthread_mutex_unlock(&mutexes[0]), EPERM);
    touch();
}

static void refused_unlock(void)
{
    make_mutexes(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
    TURNS(touch_locked, touch_after_refusal);
}

/* Cancelling orders nothing that joining does not. */

static struct barrier in_wait;

static void touch_on_the_way_out(void *unused)
{
    (void)unused;
    touch();
}

static void *wait_to_be_cancelled(void *unused)
{
    pthread_cleanup_push(touch_on_the_way_out, NULL);
    barrier_arrive(&in_wait);
    for (;;)
        pause();
    pthread_cleanup_pop(0);
    return unused;
}

static void cancel_and_join(void)
{
    pthread_t thread;
    void *result;
    CHECK_EQ(pthread_create(&thread, NULL, wait_to_be_cancelled, NULL), 0);
    barrier_await(&in_wait, 1);
    CHECK_EQ(pthread_cancel(thread), 0);
    CHECK_EQ(pthread_join(thread, &result), 0);
    CHECK(result == PTHREAD_CANCELED);
    touch();
}

static void cancel_without_join(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, wait_to_be_cancelled, NULL), 0);
    barrier_await(&in_wait, 1);
    CHECK_EQ(pthread_cancel(thread), 0);
    touch();
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* The handlers of a fork run on the thread that forks. */

static int wait_for(pid_t child)
{
    int status;
    CHECK(child > 0);
    CHECK_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void atfork(void)
{
    CHECK_EQ(pthread_atfork(touch, touch, touch), 0);
    touch();
    pid_t child = fork();
    touch();
    if (child != 0)
        CHECK_EQ(wait_for(child), 0);
}

static void fork_and_wait(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    CHECK_EQ(wait_for(child), 0);
}

static void atfork_beside(void)
{
    CHECK_EQ(pthread_atfork(touch, NULL, NULL), 0);
    TURNS(touch, fork_and_wait);
}

/* Semaphores of System V: what raises is before what lowers, what lowers before who waits for
 * zero. */

static int set;

static void make_set(int value)
{
    set = semget(IPC_PRIVATE, 1, 0600);
    CHECK(set >= 0);
    CHECK_EQ(semctl(set, 0, SETVAL, value), 0);
}

static void change(short by)
{
    struct sembuf operation = {0, by, 0};
    struct timespec limit = {600, 0};
    CHECK_EQ(semtimedop(set, &operation, 1, &limit), 0);
}

static void touch_and_raise(void)
{
    touch();
    change(1);
}

static void touch_and_lower(void)
{
    touch();
    change(-1);
}

static void lower_and_touch(void)
{
    change(-1);
    touch();
}

static void raise_and_touch(void)
{
    change(1);
    touch();
}

static void zero_and_touch(void)
{
    change(0);
    touch();
}

static void touch_and_set(void)
{
    touch();
    CHECK_EQ(semctl(set, 0, SETVAL, 1), 0);
}

#define SET_SCENARIO(name, value, ...)                                                   \
    static void name(void)                                                               \
    {                                                                                    \
        make_set(value);                                                                 \
        TURNS(__VA_ARGS__);                                                              \
        CHECK_EQ(semctl(set, 0, IPC_RMID), 0);                                           \
    }

SET_SCENARIO(raised_before_lowered, 0, touch_and_raise, lower_and_touch)
SET_SCENARIO(lowered_before_zero, 1, touch_and_lower, zero_and_touch)
SET_SCENARIO(set_before_lowered, 0, touch_and_set, lower_and_touch)
SET_SCENARIO(lowered_not_before_lowered, 2, touch_and_lower, lower_and_touch)
SET_SCENARIO(raised_not_before_raised, 0, touch_and_raise, raise_and_touch)

/* Signals that are waited for. */

static sigset_t signals;
static int descriptor;

static void block_signals(void)
{
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGUSR2);
    CHECK_EQ(pthread_sigmask(SIG_BLOCK, &signals, NULL), 0);
    descriptor = signalfd(-1, &signals, 0);
    CHECK(descriptor >= 0);
}

static void touch_and_queue(void)
{
    touch();
    CHECK_EQ(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1}), 0);
}

static void touch_and_kill(void)
{
    touch();
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
}

static void kill_otherwise(void)
{
    CHECK_EQ(kill(getpid(), SIGUSR2), 0);
}

static void take_info(void)
{
    siginfo_t info;
    CHECK_EQ(sigwaitinfo(&signals, &info), SIGUSR1);
    touch();
}

static void take_timed(void)
{
    struct timespec limit = {600, 0};
    CHECK_EQ(sigtimedwait(&signals, NULL, &limit), SIGUSR1);
    touch();
}

static void take_by_descriptor(void)
{
    struct signalfd_siginfo info;
    CHECK_EQ(read(descriptor, &info, sizeof info), sizeof info);
    touch();
}

static void take_other(void)
{
    sigset_t other;
    int signal;
    sigemptyset(&other);
    sigaddset(&other, SIGUSR2);
    CHECK_EQ(sigwait(&other, &signal), 0);
    touch();
}

static void take_other_by_descriptor(void)
{
    struct signalfd_siginfo info;
    sigset_t other;
    sigemptyset(&other);
    sigaddset(&other, SIGUSR2);
    CHECK_EQ(signalfd(descriptor, &other, 0), descriptor);
    CHECK_EQ(read(descriptor, &info, sizeof info), sizeof info);
    CHECK_EQ(info.ssi_signo, SIGUSR2);
    touch();
}

static void take_none(void)
{
    struct timespec at_once = {0, 0};
    sigset_t other;
    sigemptyset(&other);
    sigaddset(&other, SIGUSR2);
    CHECK_EQ(sigtimedwait(&other, NULL, &at_once), -1);
    touch();
}

#define SIGNAL_SCENARIO(name, ...)                                                       \
    static void name(void)                                                               \
    {                                                                                    \
        block_signals();                                                                 \
        TURNS(__VA_ARGS__);                                                              \
    }

SIGNAL_SCENARIO(queued_before_waitinfo, touch_and_queue, take_info)
SIGNAL_SCENARIO(killed_before_timedwait, touch_and_kill, take_timed)
SIGNAL_SCENARIO(killed_before_descriptor, touch_and_kill, take_by_descriptor)
SIGNAL_SCENARIO(another_signal, kill_otherwise, touch_and_kill, take_other)
SIGNAL_SCENARIO(another_signal_by_descriptor, kill_otherwise, touch_and_kill,
                take_other_by_descriptor)
SIGNAL_SCENARIO(no_signal, touch_and_kill, take_none)

/* Memory that goes and comes: pages moved by mremap, and the stack of a thread that has ended. */

enum { PAGES = 1 << 16 };
static char *pages;

static char *mapping_at(char *wanted)
{
    int fixed = wanted ? MAP_FIXED_NOREPLACE : 0;
    return mmap(wanted, PAGES, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);
}

static void write_and_move(void)
{
    char *here = mapping_at(NULL);
    CHECK(here != MAP_FAILED);
    __atomic_store_n(&pages, here, __ATOMIC_RELAXED);
    memset(here, 1, PAGES);
    char *there =
        mremap(here, PAGES, PAGES, MREMAP_MAYMOVE | MREMAP_FIXED, mapping_at(NULL));
    CHECK(there != MAP_FAILED && there != here);
    memset(there, 2, PAGES);
}

static void map_again_and_write(void)
{
    char *wanted = __atomic_load_n(&pages, __ATOMIC_RELAXED);
    char *mine = mapping_at(wanted);
    if (mine == wanted)
        memset(mine, 3, PAGES);
}

static void pages_moved(void)
{
    TURNS(write_and_move, map_again_and_write);
}

static void write_pages(void)
{
    char *here = mapping_at(NULL);
    __atomic_store_n(&pages, here, __ATOMIC_RELAXED);
    memset(here, 1, PAGES);
}

static void write_pages_again(void)
{
    memset(__atomic_load_n(&pages, __ATOMIC_RELAXED), 2, PAGES);
}

static void pages_stay(void)
{
    TURNS(write_pages, write_pages_again);
}

static struct barrier ended;

static void *fill_stack(void *unused)
{
    char local[4096];
    memset(local, 1, sizeof local);
    __asm__ volatile("" : : "r"(local) : "memory");
    barrier_arrive(&ended);
    return unused;
}

static void stack_used_again(void)
{
    pthread_attr_t attributes;
    CHECK_EQ(pthread_attr_init(&attributes), 0);
    CHECK_EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
    for (unsigned i = 0; i < 50; i++) {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, &attributes, fill_stack, NULL), 0);
        barrier_await(&ended, i + 1);
    }
}

static char *lent;

static void *lend_stack(void *unused)
{
    char local[64];
    lent = local;
    barrier_arrive(&ended);
    barrier_await(&ended, 2);
    local[0] = 1;
    barrier_arrive(&ended);
    barrier_await(&ended, 4);
    return unused;
}

static void stack_lent(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, lend_stack, NULL), 0);
    barrier_await(&ended, 1);
    barrier_arrive(&ended);
    barrier_await(&ended, 3);
    lent[0] = 2;
    barrier_arrive(&ended);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static const struct scenario scenarios[] = {
    SCENARIO(normal, NO_RACE),
    SCENARIO(normal_by_another, RACE),
    SCENARIO(recursive, NO_RACE),
    SCENARIO(recursive_by_another, RACE),
    SCENARIO(errorcheck, NO_RACE),
    SCENARIO(errorcheck_by_another, RACE),
    SCENARIO(adaptive, NO_RACE),
    SCENARIO(adaptive_by_another, RACE),
    SCENARIO(inheriting, NO_RACE),
    SCENARIO(inheriting_by_another, RACE),
    SCENARIO(robust, NO_RACE),
    SCENARIO(robust_by_another, RACE),
    SCENARIO(robust_inheriting, NO_RACE),
    SCENARIO(robust_inheriting_by_another, RACE),
    SCENARIO(clocklock, NO_RACE),
    SCENARIO(locked_twice, NO_RACE),
    SCENARIO(refused_unlock, RACE),
    SCENARIO(cancel_and_join, NO_RACE),
    SCENARIO(cancel_without_join, RACE),
    SCENARIO(atfork, NO_RACE),
    SCENARIO(atfork_beside, RACE),
    SCENARIO(raised_before_lowered, NO_RACE),
    SCENARIO(lowered_before_zero, NO_RACE),
    SCENARIO(set_before_lowered, NO_RACE),
    SCENARIO(lowered_not_before_lowered, RACE),
    SCENARIO(raised_not_before_raised, RACE),
    SCENARIO(queued_before_waitinfo, NO_RACE),
    SCENARIO(killed_before_timedwait, NO_RACE),
    SCENARIO(killed_before_descriptor, NO_RACE),
    SCENARIO(another_signal, RACE),
    SCENARIO(another_signal_by_descriptor, RACE),
    SCENARIO(no_signal, RACE),
    SCENARIO(pages_moved, NO_RACE),
    SCENARIO(pages_stay, RACE),
    SCENARIO(stack_used_again, NO_RACE),
    SCENARIO(stack_lent, RACE),
};

SCENARIOS_MAIN(scenarios)

// CHECK: 0 of 36 wrong
