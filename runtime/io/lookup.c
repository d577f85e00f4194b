/* Finding addresses: libc's getaddrinfo, which blocks its thread; the monitor gives the P to
 * others meanwhile.
 *
 * With a deadline a goroutine of its own asks.  Who comes last frees the search: the asking
 * goroutine where the caller has given up.
 */
#include "base/panic.h"
#include "events/events.h"
#include "io/wait.h"
#include "os/clock.h"
#include "sched/bubble.h"
#include "sched/lock.h"

#include <goc/go.h>
#include <goc/io.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

struct search {
    struct lock lock;
    struct io_wait *wait;   /* lock: the caller's; NULL: it has given up */
    bool done;              /* lock */
    int status;             /* const once done */
    struct addrinfo *found; /* const once done */
    struct addrinfo hints;  /* const */
    bool has_hints;         /* const */
    const char *node;       /* const: NULL or in text */
    const char *service;    /* const: the same */
    char text[];            /* const */
};

static void free_search(struct search *search)
{
    event_internal_begin();
    free(search);
    event_internal_end();
}

/* A copy of FROM at *TO, which moves on; NULL for NULL. */
static const char *copy_text(char **to, const char *from)
{
    if (from == NULL)
        return NULL;
    size_t size = strlen(from) + 1;
    char *copy = memcpy(*to, from, size);
    *to += size;
    return copy;
}

static struct search *new_search(const char *node, const char *service,
                                 const struct addrinfo *hints)
{
    size_t size = (node != NULL ? strlen(node) + 1 : 0) +
                  (service != NULL ? strlen(service) + 1 : 0);
    event_internal_begin();
    struct search *search = calloc(1, sizeof *search + size);
    event_internal_end();
    if (search == NULL)
        return NULL;
    char *text = search->text;
    search->node = copy_text(&text, node);
    search->service = copy_text(&text, service);
    search->has_hints = hints != NULL;
    if (hints != NULL)
        search->hints = *hints;
    return search;
}

struct search_call {
    struct search *search;
};

static void run_search(void *call)
{
    struct search *search = ((struct search_call *)call)->search;
    struct addrinfo *found = NULL;
    int status = getaddrinfo(search->node, search->service,
                             search->has_hints ? &search->hints : NULL, &found);
    goc__lock(&search->lock);
    search->status = status;
    search->found = found;
    search->done = true;
    event_release(search);
    bool given_up = search->wait == NULL;
    if (!given_up)
        goc__wait_end(search->wait);
    goc__unlock(&search->lock); /* the caller frees it from here on, or the lines below */
    if (!given_up)
        return;
    if (status == 0)
        freeaddrinfo(found);
    free_search(search);
}

/* Wait for SEARCH until DEADLINE; then it is the caller's no more, unless it is done. */
static bool await(struct search *search, int64_t deadline)
{
    struct io_wait wait;
    goc__wait_prepare(&wait, deadline);
    search->wait = &wait;
    struct search_call call = {search};
    goc_go(run_search, &call, sizeof call);
    goc__wait_sleep(&wait, false);
    goc__wait_finish(&wait, deadline);
    goc__lock(&search->lock);
    bool done = search->done;
    search->wait = NULL;
    goc__unlock(&search->lock);
    return done;
}

int goc_getaddrinfo_until(const char *node, const char *service,
                          const struct addrinfo *hints, struct addrinfo **result,
                          goc_time deadline)
{
    if (deadline == GOC_NEVER)
        return getaddrinfo(node, service, hints, result);
    deadline = goc__bubble_real(deadline);
    if (deadline <= goc__clock_now())
        return EAI_AGAIN;
    struct search *search = new_search(node, service, hints);
    if (search == NULL)
        return EAI_MEMORY;
    if (!await(search, deadline))
        return EAI_AGAIN;
    event_acquire(search);
    int status = search->status;
    if (status == 0)
        *result = search->found;
    free_search(search);
    return status;
}

int goc_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                    struct addrinfo **result)
{
    return getaddrinfo(node, service, hints, result);
}
