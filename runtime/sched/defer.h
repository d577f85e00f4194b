/* What a goroutine still has to do should it end inside a call.
 *
 * A record lies in the frame of whoever pushed it, the youngest first; goc_exit takes each
 * out and calls it, on the goroutine, before its stack is given back.  A call may end the
 * goroutine itself: the records below it follow then.
 * A plain thread does not end by goc_exit: on it a record only waits to be popped.
 */
#ifndef GOC_SCHED_DEFER_H
#define GOC_SCHED_DEFER_H

struct defer {
    struct defer *next; /* older; the goroutine's own */
    void (*call)(struct defer *self);
};

/* From now on CALL runs if the calling goroutine ends. */
void goc__defer_push(struct defer *defer, void (*call)(struct defer *self));

/* DEFER, which is the youngest, is forgotten. */
void goc__defer_pop(struct defer *defer);

/* The calling goroutine ends: run all of its records.  Callable out of the runtime only. */
void goc__defer_run(void);

#endif
