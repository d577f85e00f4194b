/* Threads: a strand for each, with the place where it was created.
 *
 * Order (POSIX.1-2017, 4.12): what a thread did before pthread_create is before all that
 * the new one does; all that a thread did is before the return of the pthread_join that
 * saw it end.
 *
 * Invariants
 *   - A thread is in the table of joinable threads from before its first instruction of
 *     the program until it is joined or detached.  pthread_create returns only after that,
 *     so nobody can hold a pthread_t that the table does not know.
 *   - An entry is removed only if it still means the same strand: once the real join has
 *     returned, libc may give the pthread_t to a new thread at any moment.
 *   - A strand stops in the last round of the destructors of thread-specific data, so that
 *     the program's destructors, and those of <threads.h>, still run as the strand.
 *   - Threads that a runtime makes for itself are no strands, but what the detector keeps
 *     for a thread goes back at their ends too.
 */
#include "base/lock.h"
#include "base/out.h"
#include "base/sys.h"
#include "entry/access.h"
#include "entry/events.h"
#include "entry/threads.h"
#include "intercept/boot.h"
#include "intercept/next.h"
#include "intercept/pthread.h"
#include "intercept/table.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>

RACE_NEXT(pthread_create)
RACE_NEXT(pthread_join)
RACE_NEXT(pthread_tryjoin_np)
RACE_NEXT(pthread_timedjoin_np)
RACE_NEXT(pthread_clockjoin_np)
RACE_NEXT(pthread_detach)

static struct race__table joinable; // pthread_t → goc_strand
static pthread_key_t leaving;       // const after boot

/* The last of PTHREAD_DESTRUCTOR_ITERATIONS rounds; the value counts them down. */
RACE_BEHIND_TSAN static void leave(void *rounds)
{
    uintptr_t left = (uintptr_t)rounds - 1;
    if (left == 0 || pthread_setspecific(leaving, (void *)left) != 0)
        race__thread_stop();
}

void race__boot_threads(void)
{
    int error = pthread_key_create(&leaving, leave);
    if (error != 0)
        race__warn("threads' ends are not seen: pthread_key_create: errno %d", error);
    /* The initial thread may end by pthread_exit and be joined like any other. */
    (void)pthread_setspecific(leaving, (void *)(uintptr_t)PTHREAD_DESTRUCTOR_ITERATIONS);
    race__table_put(&joinable, (uintptr_t)pthread_self(), race__on_strand_current());
}

void race__fork_begin_threads(void)
{
    race__table_fork_begin(&joinable);
}

void race__fork_end_threads(void)
{
    race__table_fork_end(&joinable);
}

/* A new thread's orders.  On its creator's stack: valid until STARTED is set. */
struct start {
    void *(*function)(void *);
    void *argument;
    goc_strand *strand; // NULL: a runtime's own thread
    bool detached;
    uint32_t started; // atomic, futex: release by the thread, acquire by its creator
};

/* The memory that the calling thread's stack and thread-local objects lie in. */
static void find_stack(void **stack, size_t *size)
{
    pthread_attr_t attributes;
    *stack = NULL;
    *size = 0;
    race__on_internal_begin();
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        (void)pthread_attr_getstack(&attributes, stack, size);
        (void)pthread_attr_destroy(&attributes);
    }
    race__on_internal_end();
}

/* What a thread was made to call. */
struct call {
    void *(*function)(void *);
    void *argument;
};

/* The calling thread becomes what its creator ordered.  Two words, so that nothing of it
 * stays on the stack. */
static RACE_NOINLINE struct call begin(struct start *start)
{
    struct call call = {start->function, start->argument};
    goc_strand *strand = start->strand;
    void *stack;
    size_t size;
    if (strand != NULL) {
        find_stack(&stack, &size);
        race__thread_start(strand, stack, size);
    } else {
        race__thread_start_unseen();
    }
    (void)pthread_setspecific(leaving, (void *)(uintptr_t)PTHREAD_DESTRUCTOR_ITERATIONS);
    if (start->detached)
        race__thread_detach(strand);
    else if (strand != NULL)
        race__table_put(&joinable, (uintptr_t)pthread_self(), strand);

    store_release(&start->started, 1);
    race__sys4(SYS_futex, (long)&start->started, FUTEX_WAKE_PRIVATE, 1, 0);
    return call;
}

/* Leaves by a jump: the program's function returns to libc, and stacks end there. */
static void *run(void *orders)
{
    struct call call = begin(orders);
    return call.function(call.argument);
}

int race__pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                         void *(*function)(void *), void *argument, const void *pc)
{
    race__lock_others();
    goc_strand *strand = race__is_internal() ? NULL : race__thread_spawn(pc);
    int detach_state = PTHREAD_CREATE_JOINABLE;
    if (attributes != NULL)
        (void)pthread_attr_getdetachstate(attributes, &detach_state);
    struct start start = {.function = function,
                          .argument = argument,
                          .strand = strand,
                          .detached = detach_state == PTHREAD_CREATE_DETACHED};
    int error = next_pthread_create()(thread, attributes, run, &start);
    if (error != 0) {
        race__thread_discard(strand);
        return error;
    }
    while (load_acquire(&start.started) == 0)
        race__sys4(SYS_futex, (long)&start.started, FUTEX_WAIT_PRIVATE, 0, 0);
    if (strand != NULL)
        race__write(thread, sizeof *thread, pc);
    return 0;
}

static goc_strand *strand_of(pthread_t thread)
{
    return race__table_get(&joinable, (uintptr_t)thread);
}

/* The real join of THREAD, whose strand was looked up before it, has answered ERROR. */
static int joined(int error, pthread_t thread, goc_strand *strand, void **result,
                  const void *pc)
{
    if (error != 0)
        return error;
    if (strand != NULL) {
        race__table_remove(&joinable, (uintptr_t)thread, strand);
        race__thread_join(strand);
    }
    if (result != NULL)
        race__write(result, sizeof *result, pc);
    return 0;
}

int race__pthread_join(pthread_t thread, void **result, const void *pc)
{
    goc_strand *strand = strand_of(thread);
    return joined(next_pthread_join()(thread, result), thread, strand, result, pc);
}

int race__pthread_detach(pthread_t thread)
{
    goc_strand *strand = strand_of(thread);
    int error = next_pthread_detach()(thread);
    if (error == 0 && strand != NULL) {
        race__table_remove(&joinable, (uintptr_t)thread, strand);
        race__thread_detach(strand);
    }
    return error;
}

RACE_INTERCEPT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                  void *(*function)(void *), void *argument)
{
    return race__pthread_create(thread, attributes, function, argument, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_join(pthread_t thread, void **result)
{
    return race__pthread_join(thread, result, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_tryjoin_np(pthread_t thread, void **result)
{
    goc_strand *strand = strand_of(thread);
    return joined(next_pthread_tryjoin_np()(thread, result), thread, strand, result,
                  RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_timedjoin_np(pthread_t thread, void **result,
                                        const struct timespec *deadline)
{
    goc_strand *strand = strand_of(thread);
    return joined(next_pthread_timedjoin_np()(thread, result, deadline), thread, strand,
                  result, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
                                        const struct timespec *deadline)
{
    goc_strand *strand = strand_of(thread);
    return joined(next_pthread_clockjoin_np()(thread, result, clock, deadline), thread,
                  strand, result, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_detach(pthread_t thread)
{
    return race__pthread_detach(thread);
}
