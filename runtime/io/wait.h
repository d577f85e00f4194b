/* Waiting for a descriptor: an operation tries, waits for an edge, and tries again. */
#ifndef GOC_IO_WAIT_H
#define GOC_IO_WAIT_H

#include "io/desc.h"
#include "sched/timers.h"

struct g;

/* One who waits, for one descriptor or several.  Lies on its own stack. */
struct io_wait {
    struct g *g;        /* const: NULL for a plain thread */
    int wake_fd;        /* const: what ends a plain thread's poll */
    uint32_t state;     // atomic: enum wait_state, in wait.c
    struct timer timer; /* armed where there is a deadline */
};

/* Its place at one descriptor.  Whoever takes it out, under the descriptor's lock, may use
 * the wait until that lock is released; the waiter itself comes by every lock. */
struct io_waiter {
    struct list link;     /* the descriptor's lock; linked to itself: taken out */
    struct io_wait *wait; /* const */
};

/* One operation on one descriptor. */
struct io_op {
    int fd;
    enum io_direction direction;
    int64_t deadline; /* TIMER_NEVER: none */
    uint32_t seen;    /* edges before the last try */
    struct io_desc *desc;
};

/* Begin OP, its first three fields set.  Returns 0, or -EBADF, when there is nothing to end. */
__attribute__((__warn_unused_result__)) int goc__io_begin(struct io_op *op);

/* A try would have had to wait.  Returns 0: try again; -ETIMEDOUT; -EBADF: it was closed; another
 * negative errno.
 * Blocks  parks a goroutine; a plain thread blocks in poll. */
int goc__io_wait(struct io_op *op);

/* Let TIME pass where no edge will come.  Returns as goc__io_wait. */
int goc__io_pause(struct io_op *op, int64_t time);

/* End OP, whose outcome is RESULT, which it returns. */
long goc__io_end(struct io_op *op, long result);

/* Count an edge of DESC for reading, for writing or both, and wake who waits for it. */
void goc__io_wake(struct io_desc *desc, bool reading, bool writing);

/* The parts of a wait, for one that is at several descriptors: prepare, join each (false: try
 * again at once), sleep, leave each that was joined, finish.
 * sleep: FOR_EVENTS when what it waits for comes from the poller.
 * finish returns true when the deadline ended it. */
void goc__wait_prepare(struct io_wait *wait, int64_t deadline);
void goc__wait_prepare_thread(struct io_wait *wait, int wake_fd);
bool goc__wait_join(struct io_wait *wait, struct io_waiter *waiter,
                    const struct io_op *op);
void goc__wait_sleep(struct io_wait *wait, bool for_events);
void goc__wait_leave(struct io_waiter *waiter, const struct io_op *op);
bool goc__wait_finish(struct io_wait *wait, int64_t deadline);

/* End WAIT, which lives, from outside. */
void goc__wait_end(struct io_wait *wait);

#endif
