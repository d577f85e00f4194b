/* Pool: objects put aside for the next who needs one, a cache for each P.
 *
 * Ready to use with MAKE and DROP set, also as a static object; may not be copied after its
 * first use. */
#ifndef GOC_POOL_H
#define GOC_POOL_H

#include <goc/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

struct goc_pool_caches;

typedef struct goc_pool {
    void *(*make)(void);            /* the caller's; NULL: an empty pool gives NULL */
    void (*drop)(void *object);     /* the caller's; what frees an object, e.g. free */
    struct goc_pool_caches *caches; /* private */
} goc_pool;

#define GOC_POOL_INIT(make, drop) {(make), (drop), 0}

/* An object that was put, any one, else what MAKE returns.
 * Owns      the caller, until it puts it.
 * Blocks    never for longer than MAKE.
 * Ordering  a put is synchronized before the return of the get that gives the same object.
 * Source    Go's sync.Pool. */
GOC_KEEPS_FRAME void *goc_pool_get(goc_pool *pool);

/* Put OBJECT aside.  NULL is ignored.
 * Owns      the pool: who puts it touches it no more.
 * Blocks    never. */
GOC_KEEPS_FRAME void goc_pool_put(goc_pool *pool, void *object);

/* Drop the objects that nobody has asked for since the trim before this one, and set the others
 * aside as victims: gets still take them, the next trim drops them.  Go's collector does
 * this at each collection; here the program says when, from a ticker for instance.
 * Blocks    as DROP does; may run beside gets, puts and other trims. */
GOC_KEEPS_FRAME void goc_pool_trim(goc_pool *pool);

/* Drop every object and give back the pool's own memory.  Nobody else may be using it. */
GOC_KEEPS_FRAME void goc_pool_free(goc_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
