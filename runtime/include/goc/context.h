/* Contexts: when to stop, and why; deadlines and values that go along with a task.
 *
 * A context is made from a parent and is never changed, but that it may end once: cancelled, its
 * deadline passed, or its parent ended.  Then its done channel is closed, and so are those of
 * all that was made from it.
 *
 * Ownership.  Contexts are counted.  Each function that makes one gives the caller a reference,
 * which goc_context_release gives back; goc_context_retain makes another.  A context keeps
 * its parent.  Whoever uses a context, also its done channel, holds a reference the while:
 * a goroutine gets one of its own, retained before the go statement, unless the spawner waits
 * for it.  Releasing the last reference stops the timer and takes the context from its parent; it
 * does not end it.
 *
 * Go hands the right to cancel out by itself, as a function; here who holds what with_cancel,
 * with_deadline or with_timeout gave may cancel it.
 *
 * All callable from goroutines and threads; what may park says so.
 * Source    Go's package context. */
#ifndef GOC_CONTEXT_H
#define GOC_CONTEXT_H

#include <goc/attributes.h>
#include <goc/chan.h>
#include <goc/semaphore.h>
#include <goc/sync.h>
#include <goc/time.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct goc_context goc_context;

/* The root: it never ends and has no values.  Not counted: retain and release ignore it. */
goc_context *goc_context_background(void);

/* A context that ends when it is cancelled or PARENT ends.
 * Fails     panics "cannot create context from nil parent", as all that follow. */
GOC_KEEPS_FRAME goc_context *goc_context_with_cancel(goc_context *parent);

/* ... or at DEADLINE, or after TIMEOUT; it has ended at once if that has passed.  CAUSE, a negative
 * number, is what goc_context_cause says then; 0 stands for -ETIMEDOUT. */
GOC_KEEPS_FRAME goc_context *goc_context_with_deadline(goc_context *parent,
                                                       goc_time deadline);
GOC_KEEPS_FRAME goc_context *goc_context_with_timeout(goc_context *parent,
                                                      goc_duration timeout);
GOC_KEEPS_FRAME goc_context *
goc_context_with_deadline_cause(goc_context *parent, goc_time deadline, int cause);

/* A context in which KEY has VALUE; it ends with PARENT and cannot be cancelled by itself.
 * KEY       compared by its address, e.g. that of a static object of the caller's.
 * DROP      called with VALUE when the last reference is released; NULL: VALUE is borrowed.
 * Fails     panics "nil key". */
GOC_KEEPS_FRAME goc_context *goc_context_with_value(goc_context *parent, const void *key,
                                                    void *value,
                                                    void (*drop)(void *value));

/* A context with PARENT's values that does not end with it. */
GOC_KEEPS_FRAME goc_context *goc_context_without_cancel(goc_context *parent);

/* One reference more; returns CONTEXT.  One less. */
goc_context *goc_context_retain(goc_context *context);
GOC_KEEPS_FRAME void goc_context_release(goc_context *context);

/* End CONTEXT, unless it has ended.  CAUSE is a negative number, -ECANCELED without one or with 0.
 * Ordering  what came before the cancel is synchronized before what sees that it has ended: a
 *           receive from the done channel, err, cause.
 * Fails     panics "context: cancel of a context that has no cancel". */
GOC_KEEPS_FRAME void goc_context_cancel(goc_context *context);
GOC_KEEPS_FRAME void goc_context_cancel_cause(goc_context *context, int cause);

/* How it ended: 0, it has not; -ECANCELED; -ETIMEDOUT, its deadline has passed. */
int goc_context_err(const goc_context *context);

/* Why: what the first cancel gave, of this context or the one above that ended it; else as err. */
int goc_context_cause(const goc_context *context);

/* The channel that is closed when CONTEXT ends; NULL: it never does.  The context owns it.
 * <goc.h> spells it goc_context_done(context), for chan_select. */
goc_chan *goc_context_done_chan(const goc_context *context);

/* Whether it has a deadline, its own or one from above: the earliest to *DEADLINE. */
bool goc_context_deadline(const goc_context *context, goc_time *deadline);

/* What KEY has in CONTEXT or the nearest above; NULL: nothing. */
void *goc_context_value(const goc_context *context, const void *key);

/* Call F with ARGUMENT on a goroutine of its own once CONTEXT has ended.
 * Fails     F is NULL: fatal error "go of nil func value", which Go says when it would begin.
 * Owns      the caller the result, until goc_context_stop, called once.  It keeps CONTEXT.
 * Costs     a goroutine that waits, from now until F has run or stop is called. */
typedef struct goc_context_after goc_context_after;
GOC_KEEPS_FRAME goc_context_after *
goc_context_after_func(goc_context *context, void (*f)(void *argument), void *argument);

/* Give AFTER back.  True: F will not be called; false: it was, or is being called. */
GOC_KEEPS_FRAME bool goc_context_stop(goc_context_after *after);

/* Blocking calls that end with a context.  What need not wait is done even if it has ended.
 * Returns   as the function that ends in _until, but with goc_context_err(context) where that
 *           says -ETIMEDOUT. */
GOC_KEEPS_FRAME int goc_chan_send_context(goc_chan *c, const void *elem,
                                          goc_context *context);
GOC_KEEPS_FRAME int goc_chan_recv_context(goc_chan *c, void *elem, goc_context *context);
GOC_KEEPS_FRAME int goc_waitgroup_wait_context(goc_waitgroup *wg, goc_context *context);
GOC_KEEPS_FRAME int goc_cond_wait_context(goc_cond *c, goc_context *context);
GOC_KEEPS_FRAME int goc_semaphore_acquire_context(goc_semaphore *s, int64_t n,
                                                  goc_context *context);

/* Sleep for D; 0, or goc_context_err(context) once that has ended before. */
GOC_KEEPS_FRAME int goc_sleep_context(goc_duration d, goc_context *context);

#ifdef __cplusplus
}
#endif
#endif
