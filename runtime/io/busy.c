/* Invariants
 *   A reader that queues is in no list of waiters; before it waits again it has the poller watch
 *   the socket, which tells at once of what came meanwhile.
 *   A socket for which somebody waits stays watched (netpoll.c).
 *
 * Of several readers of one socket each may find the credit that another has just changed: it is
 * only an estimate, and so it has no lock.
 */
#include "io/busy.h"

#include "io/netpoll.h"
#include "os/clock.h"
#include "sched/park.h"

/* Returns whether some credit is left. */
static bool charge(struct io_desc *desc, int32_t price)
{
    int32_t credit = load_relaxed(&desc->credit) - price;
    store_relaxed(&desc->credit, credit > 0 ? credit : -BUSY_WAITS_AGAIN);
    return credit > 0;
}

bool goc__busy_queue(struct io_op *op)
{
    struct io_desc *desc = op->desc;
    bool others = goc__give_way();
    if (!others)
        charge(desc, BUSY_ALONE);
    return others && !goc__desc_is_closing(desc);
}

void goc__busy_found(struct io_op *op)
{
    struct io_desc *desc = op->desc;
    int32_t credit = load_relaxed(&desc->credit);
    if (credit > 0 && credit < BUSY_CREDIT_MOST)
        store_relaxed(&desc->credit, credit + 1);
    goc__netpoll_forget(op->fd, desc);
}

bool goc__busy_missed(struct io_op *op)
{
    return charge(op->desc, BUSY_VAIN) &&
           (op->deadline == TIMER_NEVER || op->deadline > goc__clock_now());
}

void goc__busy_waited(const struct io_op *op)
{
    const uint32_t needed = DESC_ADOPTED | DESC_TCP;
    struct io_desc *desc = op->desc;
    int32_t credit = load_relaxed(&desc->credit);
    if ((load_relaxed(&desc->flags) & (needed | DESC_ENDING)) != needed || credit > 0)
        return;
    if (!goc__has_company())
        credit = credit < -BUSY_WAITS ? credit : -BUSY_WAITS;
    else
        credit = credit < -1 ? credit + 1 : BUSY_CREDIT;
    store_relaxed(&desc->credit, credit);
}
