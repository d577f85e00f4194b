/* OpenMP's locks, critical and ordered regions, flushes and reductions: functions of its library
 * that the program calls, or the compiler for it.
 *
 * Order (OpenMP 5.2, 15.8 and 1.4.4): that of mutexes for locks and critical regions; an ordered
 * region is before the next one of its loop; a flush is a fence of both directions; the values that
 * a reduction puts together were left before.
 *
 * A reduction of many threads is put together inside of its barrier, by functions of the program's
 * that the library calls on any of the threads, with the values of two.  There each takes what all
 * have left who arrived, and leaves its own.  Who gets the result adds it to the variable after
 * that, which nobody else is behind before the next barrier.  A reduction of few threads is a
 * critical region of each, or atomic operations of theirs.
 */
#include "entry/abi.h"
#include "intercept/next.h"
#include "intercept/object.h"
#include "intercept/openmp.h"

#include <goc/race.h>

struct location; // where in the program's source; the library's business

typedef void reduce_function(void *into, void *from);

void __kmpc_critical(struct location *at, int thread, void *name);
void __kmpc_critical_with_hint(struct location *at, int thread, void *name,
                               uint32_t hint);
void __kmpc_end_critical(struct location *at, int thread, void *name);
void __kmpc_ordered(struct location *at, int thread);
void __kmpc_end_ordered(struct location *at, int thread);
void __kmpc_doacross_post(struct location *at, int thread, const int64_t *iteration);
void __kmpc_doacross_wait(struct location *at, int thread, const int64_t *iteration);
void __kmpc_flush(struct location *at);
int __kmpc_reduce(struct location *at, int thread, int count, size_t size, void *values,
                  reduce_function *function, void *name);
int __kmpc_reduce_nowait(struct location *at, int thread, int count, size_t size,
                         void *values, reduce_function *function, void *name);
void __kmpc_end_reduce(struct location *at, int thread, void *name);
void __kmpc_end_reduce_nowait(struct location *at, int thread, void *name);
void omp_init_lock(void *lock);
void omp_init_lock_with_hint(void *lock, int hint);
void omp_destroy_lock(void *lock);
void omp_set_lock(void *lock);
int omp_test_lock(void *lock);
void omp_unset_lock(void *lock);
void omp_init_nest_lock(void *lock);
void omp_init_nest_lock_with_hint(void *lock, int hint);
void omp_destroy_nest_lock(void *lock);
void omp_set_nest_lock(void *lock);
int omp_test_nest_lock(void *lock);
void omp_unset_nest_lock(void *lock);

RACE_NEXT(__kmpc_critical)
RACE_NEXT(__kmpc_critical_with_hint)
RACE_NEXT(__kmpc_end_critical)
RACE_NEXT(__kmpc_ordered)
RACE_NEXT(__kmpc_end_ordered)
RACE_NEXT(__kmpc_doacross_post)
RACE_NEXT(__kmpc_doacross_wait)
RACE_NEXT(__kmpc_flush)
RACE_NEXT(__kmpc_reduce)
RACE_NEXT(__kmpc_reduce_nowait)
RACE_NEXT(__kmpc_end_reduce)
RACE_NEXT(__kmpc_end_reduce_nowait)
RACE_NEXT(omp_init_lock)
RACE_NEXT(omp_init_lock_with_hint)
RACE_NEXT(omp_destroy_lock)
RACE_NEXT(omp_set_lock)
RACE_NEXT(omp_test_lock)
RACE_NEXT(omp_unset_lock)
RACE_NEXT(omp_init_nest_lock)
RACE_NEXT(omp_init_nest_lock_with_hint)
RACE_NEXT(omp_destroy_nest_lock)
RACE_NEXT(omp_set_nest_lock)
RACE_NEXT(omp_test_nest_lock)
RACE_NEXT(omp_unset_nest_lock)

static const char critical_kind[] = "omp critical";
static const char lock_kind[] = "omp_lock";
static const char nest_kind[] = "omp_nest_lock";

RACE_INTERCEPT void __kmpc_critical(struct location *at, int thread, void *name)
{
    next___kmpc_critical()(at, thread, name);
    goc_race_lock(name, true, critical_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT void __kmpc_critical_with_hint(struct location *at, int thread, void *name,
                                              uint32_t hint)
{
    next___kmpc_critical_with_hint()(at, thread, name, hint);
    goc_race_lock(name, true, critical_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT void __kmpc_end_critical(struct location *at, int thread, void *name)
{
    goc_race_unlock(name, true, RACE_CALLER_PC());
    next___kmpc_end_critical()(at, thread, name);
}

static void find_ordered(void)
{
    struct race__team *team = race__openmp_team();
    if (team != NULL)
        goc_race_acquire(&team->ordered);
}

static void leave_ordered(void)
{
    struct race__team *team = race__openmp_team();
    if (team != NULL)
        goc_race_release_merge(&team->ordered);
}

RACE_INTERCEPT void __kmpc_ordered(struct location *at, int thread)
{
    next___kmpc_ordered()(at, thread);
    find_ordered();
}

RACE_INTERCEPT void __kmpc_end_ordered(struct location *at, int thread)
{
    leave_ordered();
    next___kmpc_end_ordered()(at, thread);
}

RACE_INTERCEPT void __kmpc_doacross_post(struct location *at, int thread,
                                         const int64_t *iteration)
{
    leave_ordered();
    next___kmpc_doacross_post()(at, thread, iteration);
}

RACE_INTERCEPT void __kmpc_doacross_wait(struct location *at, int thread,
                                         const int64_t *iteration)
{
    next___kmpc_doacross_wait()(at, thread, iteration);
    find_ordered();
}

RACE_INTERCEPT void __kmpc_flush(struct location *at)
{
    goc_race_atomic_thread_fence(__ATOMIC_SEQ_CST);
    next___kmpc_flush()(at);
}

#define REDUCE_ATOMICALLY 2

/* The reduction that the thread is in. */
static RACE_THREAD_LOCAL reduce_function *reduces; // own thread only
static RACE_THREAD_LOCAL const void *gathered;     // own thread only: its place
static RACE_THREAD_LOCAL bool reduced;             // own thread only: in its barrier

/* In the place of the program's function, on any thread that is in the reduction. */
static void reduce(void *into, void *from)
{
    goc_race_acquire(gathered);
    reduces(into, from);
    reduced = true;
    goc_race_release_merge(gathered);
}

static reduce_function *reduce_begin(reduce_function *function, const void *name)
{
    const struct race__team *team = race__openmp_team();
    gathered = team != NULL ? (const void *)&team->reduction : name;
    reduces = function;
    reduced = false;
    goc_race_release_merge(gathered);
    return reduce;
}

/* HOW the library says that the caller's values are to be used: by atomic operations, by the caller
 * alone now, or not any more. */
static int reduce_decided(int how)
{
    if (how != REDUCE_ATOMICALLY)
        goc_race_acquire(gathered);
    return how;
}

/* The caller, alone, has used them: in a critical region. */
static void reduce_end(void)
{
    if (!reduced)
        goc_race_release_merge(gathered);
}

RACE_INTERCEPT int __kmpc_reduce(struct location *at, int thread, int count, size_t size,
                                 void *values, reduce_function *function, void *name)
{
    function = reduce_begin(function, name);
    return reduce_decided(
        next___kmpc_reduce()(at, thread, count, size, values, function, name));
}

RACE_INTERCEPT int __kmpc_reduce_nowait(struct location *at, int thread, int count,
                                        size_t size, void *values,
                                        reduce_function *function, void *name)
{
    function = reduce_begin(function, name);
    return reduce_decided(
        next___kmpc_reduce_nowait()(at, thread, count, size, values, function, name));
}

RACE_INTERCEPT void __kmpc_end_reduce(struct location *at, int thread, void *name)
{
    reduce_end();
    next___kmpc_end_reduce()(at, thread, name);
}

RACE_INTERCEPT void __kmpc_end_reduce_nowait(struct location *at, int thread, void *name)
{
    reduce_end();
    next___kmpc_end_reduce_nowait()(at, thread, name);
}

/* A lock is a pointer to the program. */
#define LOCK_SIZE sizeof(void *)

RACE_INTERCEPT void omp_init_lock(void *lock)
{
    object_make(lock, LOCK_SIZE, RACE_CALLER_PC());
    next_omp_init_lock()(lock);
}

RACE_INTERCEPT void omp_init_lock_with_hint(void *lock, int hint)
{
    object_make(lock, LOCK_SIZE, RACE_CALLER_PC());
    next_omp_init_lock_with_hint()(lock, hint);
}

RACE_INTERCEPT void omp_destroy_lock(void *lock)
{
    object_destroy(lock, RACE_CALLER_PC());
    next_omp_destroy_lock()(lock);
}

RACE_INTERCEPT void omp_set_lock(void *lock)
{
    object_use(lock, RACE_CALLER_PC());
    next_omp_set_lock()(lock);
    goc_race_lock(lock, true, lock_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int omp_test_lock(void *lock)
{
    object_use(lock, RACE_CALLER_PC());
    int got = next_omp_test_lock()(lock);
    if (got != 0)
        goc_race_trylock(lock, true, lock_kind, RACE_CALLER_PC());
    return got;
}

RACE_INTERCEPT void omp_unset_lock(void *lock)
{
    object_use(lock, RACE_CALLER_PC());
    goc_race_unlock(lock, true, RACE_CALLER_PC());
    next_omp_unset_lock()(lock);
}

RACE_INTERCEPT void omp_init_nest_lock(void *lock)
{
    object_make(lock, LOCK_SIZE, RACE_CALLER_PC());
    next_omp_init_nest_lock()(lock);
}

RACE_INTERCEPT void omp_init_nest_lock_with_hint(void *lock, int hint)
{
    object_make(lock, LOCK_SIZE, RACE_CALLER_PC());
    next_omp_init_nest_lock_with_hint()(lock, hint);
}

RACE_INTERCEPT void omp_destroy_nest_lock(void *lock)
{
    object_destroy(lock, RACE_CALLER_PC());
    next_omp_destroy_nest_lock()(lock);
}

RACE_INTERCEPT void omp_set_nest_lock(void *lock)
{
    object_use(lock, RACE_CALLER_PC());
    next_omp_set_nest_lock()(lock);
    goc_race_lock(lock, true, nest_kind, RACE_CALLER_PC());
}

RACE_INTERCEPT int omp_test_nest_lock(void *lock)
{
    object_use(lock, RACE_CALLER_PC());
    int depth = next_omp_test_nest_lock()(lock);
    if (depth != 0)
        goc_race_trylock(lock, true, nest_kind, RACE_CALLER_PC());
    return depth;
}

RACE_INTERCEPT void omp_unset_nest_lock(void *lock)
{
    object_use(lock, RACE_CALLER_PC());
    goc_race_unlock(lock, true, RACE_CALLER_PC());
    next_omp_unset_nest_lock()(lock);
}
