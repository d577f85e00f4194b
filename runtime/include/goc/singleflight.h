/* Singleflight: callers that ask for the same thing at the same time share one call.
 *
 * The zero value is ready to use; may not be copied after its first use.  There is nothing to
 * destroy. */
#ifndef GOC_SINGLEFLIGHT_H
#define GOC_SINGLEFLIGHT_H

#include <goc/attributes.h>
#include <goc/sync.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct goc_flight;

typedef struct goc_singleflight {
    goc_mutex mutex;            /* private */
    struct goc_flight *flights; /* private */
} goc_singleflight;

/* What a call came to.  VALUE belongs to all CALLERS of them together. */
struct goc_flight_result {
    void *value;
    int error;   /* what F returned */
    int callers; /* how many got this result; more than 1: it is shared (Go's "shared") */
};

/* Call F, unless a call for KEY is under way: then wait for it and take its result.
 *
 * KEY       compared as a string; need not outlive the call.
 * F         gets ARGUMENT, leaves a value in *VALUE (NULL at first), returns 0 or an error.  It
 *           must not ask for the same KEY: it would wait for itself.
 * Blocks    as F does; may park.
 * Ordering  the return of F is synchronized before the return of each do that takes its result.
 * Fails     an F that calls goc_exit or panics ends those who wait for it, too.
 * Source    golang.org/x/sync/singleflight. */
GOC_KEEPS_FRAME struct goc_flight_result
goc_singleflight_do(goc_singleflight *group, const char *key,
                    int (*f)(void *argument, void **value), void *argument);

/* Forget a call for KEY that is under way: who asks from now on starts another one. */
GOC_KEEPS_FRAME void goc_singleflight_forget(goc_singleflight *group, const char *key);

#ifdef __cplusplus
}
#endif
#endif
