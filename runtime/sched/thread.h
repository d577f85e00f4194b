/* Plain threads in the runtime: each gets an M that never holds a P, and a struct g that sleeps
 * on a futex, at its first entry; both are given back when the thread ends. */
#ifndef GOC_SCHED_THREAD_H
#define GOC_SCHED_THREAD_H

#include "sched/gmp.h"

/* Make the calling thread, whose M is the stub, known.  Returns its M, entered once. */
struct m *goc__thread_adopt(void);

/* The calling thread's g, adopting it first if need be. */
struct g *goc__thread_g(void);

/* Make the calling thread, one of the runtime's own, known as M; ID is as for other Ms. */
void goc__thread_become(struct m *m);

/* From now on the end of the calling thread, whose M is M, is noticed; M NULL: no more. */
void goc__thread_watch_end(struct m *m);

/* Park and ready for a plain thread's g; park.h has the contract. */
void goc__thread_park(struct g *g, bool (*unlock)(void *lock), void *lock);
void goc__thread_ready(struct g *g);

/* The kernel's id of the thread that G, a plain thread's, stands for. */
int32_t goc__thread_tid(const struct g *g);

/* How many threads might still call into the runtime, when OURS are the runtime's own:
 * those that are not parked in it. */
int goc__thread_others(int ours);

/* At the boot. */
void goc__thread_setup(void);

/* Around the runtime's first start of a thread.  A sanitizer makes a thread of its own on that
 * occasion: whatever is there afterwards beyond OURS new ones would wake no goroutine. */
void goc__thread_count_begin(void);
void goc__thread_count_end(int ours);

/* A number for a new M: a claimer's name. */
uint32_t goc__thread_new_id(void);

#endif
