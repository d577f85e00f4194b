#include "sched/fork.h"

#include "base/bytes.h"
#include "base/panic.h"
#include "os/pages.h"
#include "os/process.h"
#include "sched/claim.h"
#include "sched/procs.h"

/* A line of the cache each: Ps take ids at the same time. */
struct place {
    _Alignas(64) struct batch batch;
};

struct places {
    struct place alive; /* next_id is 1, but in a child */
    struct place of[PROCS_MAX + 1];
};

enum {
    BYTES = (sizeof(struct places) + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES *
            GOC_PAGE_BYTES, /* of which as much is committed as there are Ps */
};

/* Mapped with the program; anonymous memory, which alone can be wiped, because it is zeroes and has
 * its pages to itself. */
static _Alignas(GOC_PAGE_BYTES) union {
    struct places places;
    char pages[BYTES];
} room;

static struct places *const places = &room.places;

static bool begun;   /* const after the start */
static bool wiped;   /* const after the start: by the kernel */
static bool settled; /* a child's one thread: it has its world */

/* In the child of a fork, on the thread that forked: its goroutine is the only one. */
static void on_child(void)
{
    if (!wiped)
        bytes_zero(places, sizeof *places);
    struct m *m = goc__m();
    if (m == goc__claim_stub() || load_relaxed(&m->depth) != 0)
        return; /* has nothing of the runtime's, or is in the midst of it */
    settled = true;
    goc__procs_orphan(m, false);
}

void goc__fork_start(void)
{
    places->alive.batch.next_id = 1;
    begun = true;
    wiped = goc__pages_wipe_in_child(room.pages, BYTES) == 0;
    goc__process_at_fork(on_child);
}

struct batch *goc__fork_batch(uint32_t id)
{
    return &places->of[id].batch;
}

bool goc__fork_is_child(void)
{
    return places->alive.batch.next_id == 0;
}

bool goc__fork_settle(struct m *m)
{
    if (LIKELY(!begun || !goc__fork_is_child()) || settled)
        return false;
    settled = true;
    goc__procs_orphan(m, true);
    return true;
}

void goc__fork_check(void)
{
    if (UNLIKELY(goc__fork_is_child()))
        goc__fatal("go statement in a child of fork whose parent had goroutines: "
                   "exec, or fork before the first go");
}
