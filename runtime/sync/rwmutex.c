/* RWMutex: many readers or one writer, and writers do not starve.
 *
 * READER_COUNT counts the readers inside and waiting.  A writer first takes WRITER, against
 * other writers, then announces itself by taking READERS_MAX off READER_COUNT: from then
 * on it is negative and new readers wait on READER_SEMA.  The readers that were inside go to
 * READER_WAIT; the last of them to leave wakes the writer on WRITER_SEMA.  Unlock gives
 * READERS_MAX back, wakes the readers that came meanwhile, and only then lets in another
 * writer: so neither side waits for more than one turn of the other.
 *
 * A thread that keeps reading has a bias (bias.h): READER_BIAS is its word, 0 is none.  What it
 * reads then is counted in its slot, so the readers inside are READER_COUNT's and the slot's
 * together; which of the two an runlock takes one from is all the same, for readers are alike.
 * An runlock that finds nothing in either place that it can take from revokes the bias, so that
 * READER_COUNT has them all.  WRITER is held where a bias is given: a writer that has it, and
 * has revoked the bias, meets no other one.
 *
 * After Go's sync/rwmutex.go.
 */
#include "sync/rwmutex.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "events/events.h"
#include "sync/bias.h"
#include "sync/mutex.h"
#include "sync/sema.h"

#include <goc/sync_inline.h>

#define READERS_MAX (INT32_C(1) << 30)

/* Release: who sees that there is no bias finds its readers in READER_COUNT. */
static void fold(void *rwmutex, uint32_t held)
{
    goc_rwmutex *m = rwmutex;
    fetch_add_relaxed(&m->reader_count, (int32_t)held);
    store_release(&m->reader_bias, 0u);
}

static bool adopt(void *rwmutex, uint32_t word)
{
    goc_rwmutex *m = rwmutex;
    store_release(&m->reader_bias, word);
    return true;
}

/* From now on there is none, unless WRITER is free. */
static void revoke(goc_rwmutex *m)
{
    uint32_t word;
    while ((word = load_acquire(&m->reader_bias)) != 0)
        goc__bias_revoke(&m->reader_bias, word, m, fold);
}

/* The bias of a thread that reads no more, or less than the caller's, is in the way of that. */
void goc__rwmutex_bias(goc_rwmutex *m)
{
    if (!goc__mutex_trylock(&m->writer))
        return;
    if (load_acquire(&m->reader_bias) != 0)
        revoke(m);
    else
        goc__bias_give(m, 0, adopt);
    goc__mutex_unlock(&m->writer);
}

void goc__rwmutex_read_often(goc_rwmutex *m)
{
    if (goc__bias_is_due())
        goc__rwmutex_bias(m);
}

/* True: by the caller's bias. */
static bool bias_rlock(goc_rwmutex *m)
{
    struct goc__bias_slot *slot = bias_of(m, load_acquire(&m->reader_bias));
    return slot != NULL && bias_change(slot, m, load_relaxed(&slot->held) + 1);
}

/* True: without touching READER_COUNT, or from what that has while there is a bias. */
static bool bias_runlock(goc_rwmutex *m)
{
    uint32_t word = load_acquire(&m->reader_bias);
    if (LIKELY(word == 0))
        return false;
    struct goc__bias_slot *slot = bias_of(m, word);
    uint32_t held = slot ? load_relaxed(&slot->held) : 0;
    if (held != 0 && bias_change(slot, m, held - 1))
        return true;
    int32_t count = load_relaxed(&m->reader_count);
    while (count > 0)
        if (cas_release(&m->reader_count, &count, count - 1))
            return true;
    revoke(m);
    return false;
}

/* A writer was there or waits, and READER_COUNT counts the reader. */
void goc__rwmutex_rlock_rest(goc_rwmutex *m)
{
    goc__sema_acquire(&m->reader_sema, false, WAIT_RWMUTEX_R, m);
}

/* Acquire pairs with the release in goc_rwmutex_unlock. */
void goc_rwmutex_rlock(goc_rwmutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    if (!bias_rlock(m) && fetch_add_acquire(&m->reader_count, 1) + 1 < 0) {
        event_lock_wait(m, false, RWMUTEX_KIND, pc);
        goc__rwmutex_rlock_rest(m);
        event_lock_waited();
    }
    event_lock(m, false, RWMUTEX_KIND, pc);
}

void goc__rwmutex_rlock_call(goc_rwmutex *m)
    __attribute__((__alias__("goc_rwmutex_rlock")));

bool goc_rwmutex_tryrlock(goc_rwmutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    if (!bias_rlock(m)) {
        int32_t count = load_relaxed(&m->reader_count);
        do {
            if (count < 0)
                return false;
        } while (!cas_acquire(&m->reader_count, &count, count + 1));
    }
    event_trylock(m, false, RWMUTEX_KIND, pc);
    return true;
}

/* A writer waits, and COUNT is what is left of READER_COUNT. */
void goc__rwmutex_runlock_rest(goc_rwmutex *m, int32_t count)
{
    if (count + 1 == 0 || count + 1 == -READERS_MAX)
        goc__fatal("sync: RUnlock of unlocked RWMutex");
    if (fetch_sub_acq_rel(&m->reader_wait, 1) - 1 == 0)
        goc__sema_release(&m->writer_sema);
}

void goc_rwmutex_runlock(goc_rwmutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    event_unlock(m, false, pc);
    if (bias_runlock(m))
        return;
    int32_t count = fetch_sub_release(&m->reader_count, 1) - 1;
    if (count < 0)
        goc__rwmutex_runlock_rest(m, count);
}

void goc__rwmutex_runlock_call(goc_rwmutex *m)
    __attribute__((__alias__("goc_rwmutex_runlock")));

/* Acquire pairs with the release in goc_rwmutex_runlock and in the rest of it. */
void goc_rwmutex_lock(goc_rwmutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    if (!goc__mutex_trylock(&m->writer)) {
        event_lock_wait(m, true, RWMUTEX_KIND, pc);
        goc__mutex_lock(&m->writer, WAIT_RWMUTEX_W, m);
        event_lock_waited();
    }
    revoke(m);
    int32_t inside = fetch_sub_acquire(&m->reader_count, READERS_MAX);
    /* Readers may have left before their number was added: then READER_WAIT was negative. */
    if (inside != 0 && fetch_add_acquire(&m->reader_wait, inside) + inside != 0) {
        event_lock_wait(m, true, RWMUTEX_KIND, pc);
        goc__sema_acquire(&m->writer_sema, false, WAIT_RWMUTEX_W, m);
        event_lock_waited();
    }
    event_lock(m, true, RWMUTEX_KIND, pc);
}

bool goc_rwmutex_trylock(goc_rwmutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    if (!goc__mutex_trylock(&m->writer))
        return false;
    revoke(m);
    int32_t none = 0;
    if (!cas_acquire(&m->reader_count, &none, -READERS_MAX)) {
        goc__mutex_unlock(&m->writer);
        return false;
    }
    event_trylock(m, true, RWMUTEX_KIND, pc);
    return true;
}

void goc_rwmutex_unlock(goc_rwmutex *m)
{
    const void *pc = EVENT_CALLER_PC();
    event_use(m, pc);
    event_unlock(m, true, pc);
    int32_t waiting = fetch_add_release(&m->reader_count, READERS_MAX) + READERS_MAX;
    if (waiting >= READERS_MAX)
        goc__fatal("sync: Unlock of unlocked RWMutex");
    for (; waiting > 0; waiting--)
        goc__sema_release(&m->reader_sema);
    goc__mutex_unlock(&m->writer);
}
