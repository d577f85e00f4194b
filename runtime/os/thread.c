#include "thread.h"

#include "descriptor.h"
#include "signal.h"
#include "syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

enum {
    THREAD_STACK_BYTES = 256 * 1024, /* the scheduler's, and user signal handlers' */
    THREAD_STACK_LARGE_BYTES = 64 * 1024 * 1024,
    FIRST_STACK_BYTES = 8 * 1024 * 1024, /* Linux's default, where the limit is none */
    STATE_BYTES = 128,                   /* pid, a name of at most 16 bytes, the state */
    STAT_BYTES = 512, /* the first 20 fields need less: a name and numbers of 20 digits */
    STAT_NAME = 2,    /* fields by proc(5)'s numbers */
    STAT_THREADS = 20,
};

int goc__thread_start(void *(*entry)(void *argument), void *argument)
{
    sigset_t all;
    sigset_t before = {0};
    sigfillset(&all);
    pthread_attr_t attributes;
    int result = pthread_attr_init(&attributes);
    if (result != 0)
        return -result;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
    goc__signals_mask(&all, &before);
    pthread_t thread;
    result = pthread_create(&thread, &attributes, entry, argument);
    if (result == EINVAL) { /* the program's thread-local objects alone need more */
        pthread_attr_setstacksize(&attributes, THREAD_STACK_LARGE_BYTES);
        result = pthread_create(&thread, &attributes, entry, argument);
    }
    goc__signals_mask(&before, NULL);
    pthread_attr_destroy(&attributes);
    return -result;
}

int32_t goc__thread_id(void)
{
    return (int32_t)syscall3(SYS_gettid, 0, 0, 0);
}

bool goc__thread_is_first(void)
{
    return syscall3(SYS_gettid, 0, 0, 0) == syscall3(SYS_getpid, 0, 0, 0);
}

size_t goc__thread_first_stack(void)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY};
    if (syscall6(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)&limit, 0, 0) == 0 &&
        limit.rlim_cur != RLIM_INFINITY)
        return limit.rlim_cur;
    return FIRST_STACK_BYTES;
}

int *goc__thread_errno(void)
{
    return &errno;
}

int64_t goc__thread_cpu_time(int32_t tid)
{
    /* The kernel's encoding of a thread's CPU clock, include/linux/posix-timers_types.h:
     * the id inverted, 4 for one thread, 2 for the scheduler's own clock. */
    clockid_t clock = (clockid_t)((~(uint32_t)tid << 3) | 4 | 2);
    struct timespec used = {0};
    if (syscall3(SYS_clock_gettime, clock, (long)&used, 0) != 0)
        return -1;
    return (int64_t)used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
}

int goc__thread_state_open(int32_t tid)
{
    char path[sizeof "/proc/self/task//stat" + 11];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)tid);
    return goc__descriptor_apart(
        syscall6(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0));
}

bool goc__thread_sleeps(int fd)
{
    char text[STATE_BYTES];
    long length = syscall6(SYS_pread64, fd, (long)text, sizeof text - 1, 0, 0, 0);
    if (length <= 0)
        return false;
    text[length] = '\0';
    /* "pid (name) S …"; the name may hold anything, so look from its last bracket. */
    const char *bracket = strrchr(text, ')');
    if (bracket == NULL || bracket[1] != ' ')
        return false;
    return strchr("SDTt", bracket[2]) != NULL && bracket[2] != '\0';
}

/* Not by listing /proc/self/task: a list that threads leave meanwhile may miss others. */
int goc__thread_count(void)
{
    int fd = (int)syscall6(SYS_openat, AT_FDCWD, (long)"/proc/self/stat",
                           O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return fd;
    char text[STAT_BYTES];
    long length = syscall3(SYS_read, fd, (long)text, sizeof text - 1);
    syscall3(SYS_close, fd, 0, 0);
    if (length <= 0)
        return length < 0 ? (int)length : -EIO;
    text[length] = '\0';
    /* "pid (name) S …": the name may hold anything, so count from its last bracket. */
    const char *at = strrchr(text, ')');
    for (int field = STAT_NAME; at != NULL && field < STAT_THREADS; field++)
        at = strchr(at + 1, ' ');
    return at == NULL ? -EIO : (int)strtol(at, NULL, 10);
}

int goc__thread_cpus(void)
{
    /* The kernel writes as many bytes as it has CPUs for; 8192 is its own limit. */
    uint64_t mask[8192 / 64] = {0};
    long bytes = syscall3(SYS_sched_getaffinity, 0, sizeof mask, (long)mask);
    int count = 0;
    for (long i = 0; i < bytes / (long)sizeof mask[0]; i++)
        count += __builtin_popcountll(mask[i]);
    return count > 0 ? count : 1;
}

void goc__thread_sleep_exactly(void)
{
    syscall3(SYS_prctl, PR_SET_TIMERSLACK, 1, 0);
}

int32_t goc__thread_cpu(void)
{
    return sched_getcpu();
}

void goc__thread_yield(void)
{
    syscall3(SYS_sched_yield, 0, 0, 0);
}

void goc__thread_end(void)
{
    pthread_exit(NULL);
}
