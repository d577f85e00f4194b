/* OpenMP's regions: the detector is the tool that LLVM's library of OpenMP tells what it does.
 *
 * Threads of a team wait for each other by atomics and futexes of the library's own, which nobody
 * sees; the library says instead, by the callbacks of OpenMP 5.2's chapter 19, when a region begins
 * and ends, who arrives at a barrier and leaves it, and which task is created, begun and ended.
 *
 * Order (OpenMP 5.2, 1.4.6): what is before a region in the thread that begins it is before all
 * that the region does, and that is before what comes behind it.
 *
 * Locks, critical regions, flushes and reductions are calls of the program's (openmp_calls.c), for
 * the library tells of an unlock when the next one may have the lock already.
 *
 * Invariants
 *   - A team is there until its region ends; threads of it hear of their last barrier's end later,
 *     and are then told of no region.
 */
#include "intercept/openmp.h"

#include "intercept/next.h"
#include "intercept/openmp_tool.h"
#include "state/slab.h"

#include <goc/race.h>
#include <link.h>

uintptr_t race__openmp_low;
uintptr_t race__openmp_size;

struct race__openmp_tool race__openmp_tool;

struct race__team *race__openmp_team(void)
{
    union race__openmp_data *data = NULL;
    int size;
    if (race__openmp_tool.parallel_info == NULL ||
        race__openmp_tool.parallel_info(0, &data, &size) != 2 || data == NULL)
        return NULL;
    return data->pointer;
}

static void on_parallel_begin(union race__openmp_data *creator, const void *frame,
                              union race__openmp_data *parallel, unsigned requested,
                              int flags, const void *pc)
{
    struct race__team *team = race__slab_alloc(sizeof *team);
    (void)creator;
    (void)frame;
    (void)requested;
    (void)flags;
    (void)pc;
    parallel->pointer = team;
    goc_race_release_merge(&team->fork);
}

static void on_parallel_end(union race__openmp_data *parallel,
                            union race__openmp_data *creator, int flags, const void *pc)
{
    struct race__team *team = parallel->pointer;
    (void)creator;
    (void)flags;
    (void)pc;
    if (team == NULL)
        return;
    goc_race_acquire(&team->rounds[0]);
    goc_race_acquire(&team->rounds[1]);
    parallel->pointer = NULL;
    goc_race_memory_new(team, sizeof *team, NULL, NULL);
    race__slab_free(team, sizeof *team);
}

static void on_implicit_task(int endpoint, union race__openmp_data *parallel,
                             union race__openmp_data *task, unsigned threads,
                             unsigned index, int flags)
{
    struct race__team *team = parallel != NULL ? parallel->pointer : NULL;
    (void)threads;
    (void)index;
    (void)flags;
    if (endpoint != RACE_OPENMP_BEGIN) {
        race__openmp_task_drop(task);
        return;
    }
    race__openmp_task_implicit(task, team);
    if (team != NULL)
        goc_race_acquire(&team->fork);
}

static void on_sync_region(int kind, int endpoint, union race__openmp_data *parallel,
                           union race__openmp_data *task, const void *pc)
{
    bool begins = endpoint == RACE_OPENMP_BEGIN;
    (void)pc;
    if (task == NULL || kind == RACE_OPENMP_REDUCTION)
        return;
    if (kind == RACE_OPENMP_TASKGROUP && begins)
        race__openmp_group_begin(task);
    else if (kind == RACE_OPENMP_TASKGROUP)
        race__openmp_group_end(task);
    else if (kind == RACE_OPENMP_TASKWAIT && !begins)
        race__openmp_tasks_waited(task);
    else if (kind != RACE_OPENMP_TASKWAIT && begins)
        race__openmp_barrier_begin(task);
    else if (kind != RACE_OPENMP_TASKWAIT && parallel != NULL)
        race__openmp_barrier_end(task);
}

/* What a taskgroup has reduced is put together when its tasks have ended, before it has. */
static void on_sync_region_wait(int kind, int endpoint, union race__openmp_data *parallel,
                                union race__openmp_data *task, const void *pc)
{
    (void)parallel;
    (void)pc;
    if (kind == RACE_OPENMP_TASKGROUP && endpoint == RACE_OPENMP_END && task != NULL)
        race__openmp_group_waited(task);
}

static void listen(int which, race__openmp_function *callback)
{
    (void)race__openmp_tool.set_callback(which, callback);
}

static int initialize(race__openmp_lookup *lookup, int device,
                      union race__openmp_data *data)
{
    struct race__openmp_tool *tool = &race__openmp_tool;
    (void)device;
    (void)data;
    *(race__openmp_function **)&tool->parallel_info = lookup("ompt_get_parallel_info");
    *(race__openmp_function **)&tool->task_memory = lookup("ompt_get_task_memory");
    *(race__openmp_function **)&tool->set_callback = lookup("ompt_set_callback");
    listen(RACE_OPENMP_ON_PARALLEL_BEGIN, (race__openmp_function *)on_parallel_begin);
    listen(RACE_OPENMP_ON_PARALLEL_END, (race__openmp_function *)on_parallel_end);
    listen(RACE_OPENMP_ON_IMPLICIT_TASK, (race__openmp_function *)on_implicit_task);
    listen(RACE_OPENMP_ON_SYNC_REGION, (race__openmp_function *)on_sync_region);
    listen(RACE_OPENMP_ON_SYNC_REGION_WAIT, (race__openmp_function *)on_sync_region_wait);
    listen(RACE_OPENMP_ON_TASK_CREATE, (race__openmp_function *)race__openmp_task_create);
    listen(RACE_OPENMP_ON_TASK_SCHEDULE,
           (race__openmp_function *)race__openmp_task_schedule);
    listen(RACE_OPENMP_ON_DEPENDENCES,
           (race__openmp_function *)race__openmp_task_dependences);
    return 1; // the tool stays
}

static void finalize(union race__openmp_data *data)
{
    (void)data;
}

/* The library in which the place PC lies. */
struct lookup {
    uintptr_t pc;
    uintptr_t low;
    uintptr_t high;
};

static int find(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct lookup *lookup = argument;
    uintptr_t low = UINTPTR_MAX;
    uintptr_t high = 0;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + header->p_vaddr;
        if (header->p_type != PT_LOAD)
            continue;
        low = from < low ? from : low;
        high = from + header->p_memsz > high ? from + header->p_memsz : high;
    }
    if (lookup->pc < low || lookup->pc >= high)
        return 0;
    lookup->low = low;
    lookup->high = high;
    return 1;
}

struct race__openmp_start *ompt_start_tool(unsigned version, const char *runtime);

/* The library calls it when it starts, on whatever thread that is. */
RACE_INTERCEPT struct race__openmp_start *ompt_start_tool(unsigned version,
                                                          const char *runtime)
{
    static struct race__openmp_start start = {initialize, finalize, {0}};
    struct lookup lookup = {(uintptr_t)RACE_CALLER_PC(), 0, 0};
    (void)version;
    (void)runtime;
    if (dl_iterate_phdr(find, &lookup) == 1) {
        store_relaxed(&race__openmp_low, lookup.low);
        store_relaxed(&race__openmp_size, lookup.high - lookup.low);
    }
    return &start;
}
