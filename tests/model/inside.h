/* What the model's own files share; no scenario includes it.  The model's state lies outside what
 * is put back between two executions (explore.c). */
#ifndef TESTS_MODEL_INSIDE_H
#define TESTS_MODEL_INSIDE_H

#include "base/atomic.h"
#include "model.h"

#define MODEL_KEPT __attribute__((__section__("model_kept")))

/* explore.c */
extern bool model_random_mode;
unsigned model_decide(unsigned count);          /* free */
bool model_surprise(void);                      /* costs one, if there is one left */
unsigned model_decide_surprise(unsigned count); /* 0 is free, the others cost one */
unsigned model_pick_task(const unsigned *tasks, unsigned count, bool leave);
void model_note(const char *what, const char *site, const volatile void *address,
                uint64_t value);
void *model_map(size_t size); /* zeroed, for good */

/* tasks.c */
extern unsigned
    model_current; /* the task that runs; MODEL_NOBODY outside of executions */
#define MODEL_NOBODY (~0u)
static inline bool model_runs(void)
{
    return model_current != MODEL_NOBODY;
}
void model_tasks_run(void (*scenario)(void)); /* one execution */
__attribute__((__noreturn__)) void model_tasks_abandon(void);
unsigned model_task_count(void);
void model_step(void);     /* before an operation that others can see */
void model_progress(void); /* after one that may let a spinning task go on */
void model_yield(void);
void model_spin_ended(void);
bool model_wait(const uint32_t *word, int64_t until); /* false: the time came */
void model_wake(const uint32_t *word, int count);
int64_t model_now(void);
bool model_is_quiet(void);

/* memory.c */
void model_memory_reset(void);
void model_memory_fork(unsigned parent, unsigned child);
void model_memory_join(unsigned parent, unsigned child);
void model_memory_barrier(void);                         /* membarrier(2) */
bool model_ordered_before(unsigned task, uint32_t time); /* before what runs now? */
uint32_t model_clock(void);
void model_memory_dirty(const volatile void *p, size_t size);

/* weaker.c: the order that the operation at SITE has, and whether the barrier there is one. */
enum model_order model_order_at(enum model_order order, const char *site);
bool model_barrier_at(const char *site);

/* shadow.c */
enum model_access { MODEL_READ = 0, MODEL_WRITE = 1, MODEL_ATOMIC = 2 };
void model_shadow_reset(void);
void model_shadow_access(const volatile void *p, size_t size, unsigned kind,
                         const void *pc);
void model_shadow_free(const void *p, size_t size);
void model_shadow_new(const void *p, size_t size);

/* files.c */
void model_files_change(void); /* who waits for a descriptor looks again */
/* A call moves SIZE bytes at most out of, or into, the program, and returns how many; of none it
 * says whether it could.  -EAGAIN: not now. */
long model_file_move(int fd, bool out, size_t size);

/* rings.c */
struct epoll_event;
void model_rings_look(void); /* calls that are ready are answered */
void model_rings_check_closed(int fd);
void model_ring_nest(int fd, int data);
int model_ring_events(struct epoll_event *events, int limit);

/* system.c */
void model_system_reset(void);
void model_thread_starts(void);
void model_thread_ends(void);

#endif
