/* What a goroutine or thread still has to do should a function not return.
 *
 * Records form a list, the youngest first.  A record of the runtime's own (goc_once_do, …) lies in
 * the frame of who pushed it and has a CALL; one of the user's is the head of a struct
 * goc_frame, has none, and carries a list of calls.
 *
 * Who runs them: a function that returns, its own; goc_exit and a panic, all, until somebody
 * recovers.  Each is taken out before it is called, so a call that panics or exits in its turn
 * goes on with the rest.
 *
 * RUNNING lists the deferred calls that have begun and not returned, the youngest first; each
 * says for whom it runs.  It lies in the frame of who runs it, deeper than the frame that
 * deferred the call: a recover that lands in a frame drops those below it, by address.
 */
#ifndef GOC_SCHED_DEFER_H
#define GOC_SCHED_DEFER_H

struct defer {
    struct defer *next;               /* older; the goroutine's own */
    void (*call)(struct defer *self); /* NULL: a struct goc_frame */
};

/* From now on CALL runs if the calling goroutine ends, or a panic passes. */
void goc__defer_push(struct defer *defer, void (*call)(struct defer *self));

/* DEFER, which is the youngest, is forgotten. */
void goc__defer_pop(struct defer *defer);

/* The calling goroutine ends: run all of its records.  Callable out of the runtime only. */
void goc__defer_run(void);

#endif
