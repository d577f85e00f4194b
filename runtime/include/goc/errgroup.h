/* Errgroup: goroutines that work on one task; the first error counts, and ends the rest.
 *
 * The zero value is ready to use; may not be copied after its first use.  goc_errgroup_wait
 * gives back all it holds. */
#ifndef GOC_ERRGROUP_H
#define GOC_ERRGROUP_H

#include <goc/attributes.h>
#include <goc/context.h>
#include <goc/semaphore.h>
#include <goc/sync.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct goc_errgroup {
    goc_waitgroup wg;     /* private */
    goc_semaphore places; /* private */
    goc_context *context; /* private: one reference of it */
    int error;            /* private */
    bool limited;         /* private */
} goc_errgroup;

/* A context from PARENT that ends with the first error, which is its cause, or when wait
 * returns.  Call it before go, at most once.
 * Owns      the caller one reference, the group another. */
GOC_KEEPS_FRAME goc_context *goc_errgroup_with_context(goc_errgroup *group,
                                                       goc_context *parent);

/* At most N goroutines at once from now on; a negative N: no limit.
 * Fails     panics "errgroup: modify limit while N goroutines in the group are still active". */
GOC_KEEPS_FRAME void goc_errgroup_set_limit(goc_errgroup *group, int n);

/* Call F with ARGUMENT on a goroutine.  What it returns other than 0 is an error.
 * Blocks    go may park until the limit lets one more in; trygo returns false then.
 * Ordering  the call is synchronized before the start of F. */
GOC_KEEPS_FRAME void goc_errgroup_go(goc_errgroup *group, int (*f)(void *argument),
                                     void *argument);
GOC_KEEPS_FRAME bool goc_errgroup_trygo(goc_errgroup *group, int (*f)(void *argument),
                                        void *argument);

/* Wait for all of them; returns the first error, or 0.  The group may be used again, without
 * a context.
 * Ordering  the return of each F is synchronized before the return of wait.
 * Source    golang.org/x/sync/errgroup. */
GOC_KEEPS_FRAME int goc_errgroup_wait(goc_errgroup *group);

#ifdef __cplusplus
}
#endif
#endif
