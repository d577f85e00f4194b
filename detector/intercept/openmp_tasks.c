/* OpenMP's tasks and barriers, as places of order.
 *
 * Order (OpenMP 5.2, 1.4.6 and 15.8): the creation of a task is before the task; a task before the
 * end of a taskwait of its parent, of the taskgroup that it is in, of the barrier that its team
 * meets at next, and before later tasks that its dependences name; what a thread did before a
 * barrier is before what any thread of the team does behind it.
 *
 * Two tasks that one thread runs are ordered by it: the strand is the thread, as everywhere.
 *
 * Invariants
 *   - A task is there until it has ended and its children are gone: they leave order with it.
 *   - All tasks of a team that are created before barrier N end before anybody leaves N, and are
 *     created after everybody arrived at N-1: so a task leaves its order at the round that was next
 *     where its thread was when it was created.  More than two rounds never overlap.
 *   - Dependences are told apart by the address that they name.  What a task leaves there stays:
 *     who names it later is ordered behind it, or unordered in OpenMP where it has another parent.
 */
#include "intercept/boot.h"
#include "intercept/openmp.h"
#include "intercept/openmp_tool.h"
#include "intercept/table.h"
#include "state/slab.h"

#include <goc/race.h>
#include <stddef.h>

struct group {
    uint64_t done; // place: tasks of the group that have ended
    struct group *outer;
    uint32_t users; // atomic: its taskgroup region, and tasks in it
};

/* What the tasks that name an address leave there, by what they do with it. */
struct dependence {
    uint64_t out; // places
    uint64_t in;
    uint64_t set;
};

struct task {
    uint64_t start;    // place: the creation, and where it was left
    uint64_t children; // place: children that have ended
    struct task *parent;
    struct race__team *team; // NULL outside of a parallel region
    struct group *group;     // own thread only
    const struct race__openmp_dependence *dependences;
    uint32_t dependence_count;
    uint32_t users;  // atomic: itself, and children that are there
    uint32_t rounds; // own thread only: barriers that its thread has arrived at
    bool begun;      // own thread only
};

static struct race__table dependences; // address → struct dependence

void race__fork_begin_openmp(void)
{
    race__table_fork_begin(&dependences);
}

void race__fork_end_openmp(void)
{
    race__table_fork_end(&dependences);
}

/* BLOCK of SIZE bytes goes back, and what was left at its places is gone. */
static void discard(void *block, size_t size)
{
    goc_race_memory_new(block, size, NULL, NULL);
    race__slab_free(block, size);
}

static void leave_group(struct group *group)
{
    if (group != NULL && fetch_sub_acq_rel(&group->users, 1) == 1)
        discard(group, sizeof *group);
}

static void drop(struct task *task)
{
    while (task != NULL && fetch_sub_acq_rel(&task->users, 1) == 1) {
        struct task *parent = task->parent;
        race__slab_free((void *)task->dependences,
                        task->dependence_count * sizeof *task->dependences);
        discard(task, sizeof *task);
        task = parent;
    }
}

static const uint64_t *round_place(const struct task *task, uint32_t round)
{
    return &task->team->rounds[round % 2];
}

void race__openmp_task_implicit(union race__openmp_data *data, struct race__team *team)
{
    struct task *task = race__slab_alloc(sizeof *task);
    task->team = team;
    task->users = 1;
    task->begun = true;
    data->pointer = task;
}

void race__openmp_task_drop(union race__openmp_data *data)
{
    struct task *task = data->pointer;
    data->pointer = NULL;
    drop(task);
}

void race__openmp_task_create(union race__openmp_data *creator, const void *frame,
                              union race__openmp_data *created, int flags,
                              int has_dependences, const void *pc)
{
    struct task *parent = creator != NULL ? creator->pointer : NULL;
    struct task *task = race__slab_alloc(sizeof *task);
    (void)frame;
    (void)flags;
    (void)has_dependences;
    (void)pc;
    task->users = 1;
    task->parent = parent;
    if (parent != NULL) {
        fetch_add_relaxed(&parent->users, 1);
        task->team = parent->team;
        task->rounds = parent->rounds;
        task->group = parent->group;
    }
    if (task->group != NULL)
        fetch_add_relaxed(&task->group->users, 1);
    created->pointer = task;
    goc_race_release_merge(&task->start);
}

void race__openmp_task_dependences(union race__openmp_data *data,
                                   const struct race__openmp_dependence *named, int count)
{
    struct task *task = data->pointer;
    if (task == NULL || task->dependences != NULL || count <= 0)
        return;
    struct race__openmp_dependence *copy = race__slab_alloc((size_t)count * sizeof *copy);
    for (int i = 0; i < count; i++)
        copy[i] = named[i];
    task->dependences = copy;
    task->dependence_count = (uint32_t)count;
}

static struct dependence *dependence_at(uintptr_t address)
{
    struct dependence *there = race__table_get(&dependences, address);
    if (there != NULL)
        return there;
    struct dependence *made = race__slab_alloc(sizeof *made);
    there = race__table_put_first(&dependences, address, made);
    if (there != made) // another thread was faster
        race__slab_free(made, sizeof *made);
    return there;
}

static void depend_begin(const struct dependence *on, int type)
{
    goc_race_acquire(&on->out);
    if (type != RACE_OPENMP_INOUTSET)
        goc_race_acquire(&on->set);
    if (type != RACE_OPENMP_IN)
        goc_race_acquire(&on->in);
}

static void depend_end(const struct dependence *on, int type)
{
    if (type == RACE_OPENMP_IN)
        goc_race_release_merge(&on->in);
    else if (type == RACE_OPENMP_INOUTSET)
        goc_race_release_merge(&on->set);
    else
        goc_race_release_merge(&on->out);
}

/* TASK meets what it depends on.  One that names all memory is an output at address 0, which all
 * others that have dependences take for an input. */
static void depend(const struct task *task, void (*meet)(const struct dependence *, int))
{
    bool of_all = false;
    for (uint32_t i = 0; i < task->dependence_count; i++) {
        const struct race__openmp_dependence *named = &task->dependences[i];
        if (named->type == RACE_OPENMP_SOURCE || named->type == RACE_OPENMP_SINK)
            continue;
        if (named->type >= RACE_OPENMP_ALL_MEMORY)
            of_all = true;
        else
            meet(dependence_at(named->variable.value), named->type);
    }
    if (task->dependence_count != 0)
        meet(dependence_at(0), of_all ? RACE_OPENMP_OUT : RACE_OPENMP_IN);
}

/* What TASK did so far is before all that waits for it. */
static void end(const struct task *task)
{
    depend(task, depend_end);
    if (task->group != NULL)
        goc_race_release_merge(&task->group->done);
    if (task->team != NULL)
        goc_race_release_merge(round_place(task, task->rounds));
    if (task->parent != NULL)
        goc_race_release_merge(&task->parent->children);
}

/* It will not be heard of again. */
static void gone(union race__openmp_data *data)
{
    struct task *task = data->pointer;
    leave_group(task->group);
    race__openmp_task_drop(data);
}

/* The calling thread goes on with TASK. */
static void resume(struct task *task)
{
    goc_race_acquire(&task->start);
    if (!task->begun)
        depend(task, depend_begin);
    task->begun = true;
}

/* The memory of the running task goes back to OpenMP's own allocator, which hands it to the
 * next. */
static void forget_memory(void)
{
    void *block;
    size_t size;
    if (race__openmp_tool.task_memory(&block, &size, 0) == 0 && size != 0)
        goc_race_memory_new(block, size, NULL, NULL);
}

void race__openmp_task_schedule(union race__openmp_data *prior, int status,
                                union race__openmp_data *next)
{
    struct task *task = prior != NULL ? prior->pointer : NULL;
    struct task *following = next != NULL ? next->pointer : NULL;
    if (task == NULL)
        return;
    switch (status) {
    case RACE_OPENMP_TASK_COMPLETE:
    case RACE_OPENMP_TASK_CANCEL:
        end(task);
        forget_memory();
        gone(prior);
        break;
    case RACE_OPENMP_TASK_DETACH: // its end comes by an event
    case RACE_OPENMP_TASK_EARLY_FULFILL:
        end(task);
        break;
    case RACE_OPENMP_TASK_LATE_FULFILL:
        end(task);
        gone(prior);
        return;
    case RACE_OPENMP_TASKWAIT_COMPLETE:
        depend(task, depend_begin);
        gone(prior);
        return;
    default:
        goc_race_release_merge(&task->start);
        break;
    }
    if (following != NULL)
        resume(following);
}

void race__openmp_barrier_begin(union race__openmp_data *data)
{
    struct task *task = data->pointer;
    if (task != NULL && task->team != NULL)
        goc_race_release_merge(round_place(task, task->rounds++));
}

void race__openmp_barrier_end(union race__openmp_data *data)
{
    const struct task *task = data->pointer;
    if (task != NULL && task->team != NULL)
        goc_race_acquire(round_place(task, task->rounds - 1));
}

void race__openmp_tasks_waited(union race__openmp_data *data)
{
    const struct task *task = data->pointer;
    if (task != NULL)
        goc_race_acquire(&task->children);
}

void race__openmp_group_begin(union race__openmp_data *data)
{
    struct task *task = data->pointer;
    if (task == NULL)
        return;
    struct group *group = race__slab_alloc(sizeof *group);
    group->outer = task->group;
    group->users = 1;
    task->group = group;
}

void race__openmp_group_waited(union race__openmp_data *data)
{
    const struct task *task = data->pointer;
    if (task != NULL && task->group != NULL)
        goc_race_acquire(&task->group->done);
}

void race__openmp_group_end(union race__openmp_data *data)
{
    struct task *task = data->pointer;
    if (task == NULL || task->group == NULL)
        return;
    struct group *group = task->group;
    race__openmp_group_waited(data);
    task->group = group->outer;
    leave_group(group);
}
