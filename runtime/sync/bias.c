#include "sync/bias.h"

#include "os/clock.h"
#include "os/membarrier.h"
#include "os/pages.h"
#include "os/thread.h"
#include "sched/claim.h"

#define PAUSE_LEAST_NS INT64_C(1000000)
#define PAUSE_MOST_NS INT64_C(1000000000)

enum { SPINS_MAX = 1000 };

char *goc__bias_slots;

_Thread_local int32_t goc__bias_left = BIAS_EVERY;

/* How long a thread waits after a bias, and after a revocation, with the next one.  For all of
 * them: what a lock is like that they share, each need not find out for itself. */
static int64_t pause_ns = PAUSE_LEAST_NS; // atomic, relaxed: a lost update does no harm

static uint32_t bias_count; // atomic, relaxed: Ms that have slots, or asked for some

COLD bool goc__bias_counts(struct goc__bias_slot *slot, uint32_t held)
{
    /* Not by the lock: to enter the runtime may take the goroutine to another thread, and
     * this one could use the slot again.  Relaxed: the number alone matters; who goes the common
     * way then and still sees the slot's name in the lock, asks under the bias lock. */
    uint32_t seen;
    for (int i = 0; (seen = load_relaxed(&slot->seen)) == BIAS_UNSEEN; i++) {
        if (i < SPINS_MAX)
            cpu_relax();
        else
            goc__thread_yield(); /* the revoker may wait for this very CPU */
    }
    return seen == held;
}

/* All slots there are; NULL: no memory. */
static struct goc__bias_slot *all_slots(void)
{
    char *slots = load_relaxed(&goc__bias_slots);
    if (slots == NULL) {
        char *mine = goc__pages_permanent((size_t)BIAS_MS_MAX * BIAS_SLOTS *
                                          sizeof(struct goc__bias_slot));
        if (mine == NULL || cas_relaxed(&goc__bias_slots, &slots, mine))
            slots = mine; /* else another thread was faster, and this memory is left */
    }
    return (struct goc__bias_slot *)(void *)slots;
}

/* SELF, the caller's and entered, gets its slots; NULL: there are no more. */
static struct bias *new_bias(struct m *self)
{
    struct goc__bias_slot *slots = all_slots();
    if (slots == NULL || load_relaxed(&bias_count) >= BIAS_MS_MAX)
        return NULL;
    uint32_t number = fetch_add_relaxed(&bias_count, 1u);
    struct bias *bias = number < BIAS_MS_MAX ? goc__pages_permanent(sizeof *bias) : NULL;
    if (bias == NULL)
        return NULL;
    bias->slots = slots + (size_t)number * BIAS_SLOTS;
    for (uint32_t i = 0; i < BIAS_SLOTS; i++) {
        bias->slots[i].owner = self;
        bias->slots[i].bias = bias;
    }
    self->bias = bias;
    return bias;
}

/* Under BIAS's lock, by its owner: a free slot, else one whose lock is not held; or NULL. */
static struct goc__bias_slot *choose(struct bias *bias)
{
    for (uint32_t i = 0; i < BIAS_SLOTS; i++)
        if (load_relaxed(&bias->slots[i].object) == NULL)
            return &bias->slots[i];
    struct goc__bias_slot *slot = &bias->slots[bias->next++ % BIAS_SLOTS];
    return load_relaxed(&slot->held) == 0 ? slot : NULL;
}

/* Under BIAS's lock: is it too early for another one?  Counts this one otherwise. */
static bool is_early(struct bias *bias, int64_t now)
{
    if (now < bias->not_before)
        return true;
    int64_t pause = load_relaxed(&pause_ns);
    if (!bias->revoked && pause > PAUSE_LEAST_NS)
        store_relaxed(&pause_ns, pause /= 2);
    bias->revoked = false;
    bias->not_before = now + pause;
    return false;
}

static void give(struct bias *bias, void *object, uint32_t held,
                 bool (*adopt)(void *object, uint32_t word))
{
    int64_t now = goc__clock_now();
    goc__lock(&bias->lock);
    struct goc__bias_slot *slot = is_early(bias, now) ? NULL : choose(bias);
    if (slot != NULL) {
        uint32_t place = (uint32_t)((char *)slot - load_relaxed(&goc__bias_slots));
        store_relaxed(&slot->held, held);
        store_relaxed(&slot->seen, BIAS_UNSEEN);
        store_relaxed(&slot->object, (const void *)object);
        if (!adopt(object, BIASED | place))
            store_relaxed(&slot->object, (const void *)NULL);
    }
    goc__unlock(&bias->lock);
}

COLD void goc__bias_give(void *object, uint32_t held,
                         bool (*adopt)(void *object, uint32_t word))
{
    if (goc__m() == goc__claim_stub() || !goc__barrier_register())
        return;
    struct m *self = goc__enter(); /* until the end it is this thread */
    struct bias *bias = self->bias ? self->bias : new_bias(self);
    if (bias != NULL)
        give(bias, object, held, adopt);
    goc__leave(self);
}

/* Under BIAS's lock: one was revoked. */
static void slow_down(struct bias *bias)
{
    int64_t pause = load_relaxed(&pause_ns);
    if (pause < PAUSE_MOST_NS)
        store_relaxed(&pause_ns, pause *= 2);
    bias->revoked = true;
    bias->not_before = goc__clock_now() + pause;
}

COLD void goc__bias_revoke(uint32_t *wordp, uint32_t word, void *object,
                           void (*fold)(void *object, uint32_t held))
{
    struct goc__bias_slot *slot = goc__bias_slot(word);
    struct bias *bias = slot->bias;
    goc__lock(&bias->lock);
    if (load_relaxed(wordp) != word) {
        goc__unlock(&bias->lock);
        return;
    }
    if (load_relaxed(&slot->object) != object) {
        fold(object, 0);
    } else {
        store_relaxed(&slot->object, NULL);
        goc__barrier_heavy();
        uint32_t held = load_acquire(&slot->held);
        fold(object, held);
        store_relaxed(&slot->seen, held);
        slow_down(bias);
    }
    goc__unlock(&bias->lock);
}
