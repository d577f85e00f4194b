/* A weighted semaphore: a number of units that callers take and give back, several at once.
 *
 * First come, first served: a large request is not overtaken by small ones.
 * May not be copied after its first use; there is nothing to destroy. */
#ifndef GOC_SEMAPHORE_H
#define GOC_SEMAPHORE_H

#include <goc/attributes.h>
#include <goc/time.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct goc_semaphore_waiter;

typedef struct goc_semaphore {
    int64_t size;                      /* the caller's: how many units there are */
    int64_t held;                      /* private */
    struct goc_semaphore_waiter *head; /* private */
    struct goc_semaphore_waiter *tail; /* private */
    uint32_t lock;                     /* private */
} goc_semaphore;

#define GOC_SEMAPHORE_INIT(size) {(size), 0, 0, 0, 0}

/* Take N units.  A negative N panics "semaphore: negative weight".
 * Blocks    acquire may park until they are free, for ever where N is more than there are;
 *           acquire_until no longer than until DEADLINE; tryacquire never.
 * Ordering  what came before a release is synchronized before the return of any later acquire
 *           that succeeds.
 * Lifetime  may be freed once no call on it is left that has not returned.
 * Returns   acquire_until: 0, or -ETIMEDOUT with nothing taken; tryacquire: whether it took them.
 * Source    golang.org/x/sync/semaphore; <goc/context.h> has the one with a context. */
GOC_KEEPS_FRAME void goc_semaphore_acquire(goc_semaphore *s, int64_t n);
GOC_KEEPS_FRAME int goc_semaphore_acquire_until(goc_semaphore *s, int64_t n,
                                                goc_time deadline);
GOC_KEEPS_FRAME bool goc_semaphore_tryacquire(goc_semaphore *s, int64_t n);

/* Give N units back.  Never blocks.
 * Fails     panics "semaphore: released more than held". */
GOC_KEEPS_FRAME void goc_semaphore_release(goc_semaphore *s, int64_t n);

#ifdef __cplusplus
}
#endif
#endif
