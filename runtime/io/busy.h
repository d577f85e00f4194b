/* Busy sockets are read by turns, not by events.
 *
 * Where goroutines are always queued at a P, a peer that answers at once has answered by the time
 * they have had their turns.  To tell epoll of that answer, the poller of the edge and the
 * scheduler of the goroutine is then more work than to look: so the reader queues behind the
 * others, looks when its turn comes, and the poller does not watch the socket meanwhile.
 *
 * A look in vain costs about as much as a look that finds something saves.  So a socket has a
 * credit of looks.  It gets it when so many waits in a row have ended with others queued, which
 * says that the P had no time to sleep; and loses it when too many looks were in vain, or nobody
 * else is queued: a P without work has to sleep, and only the poller can wake it.
 *
 * Only for TCP sockets that this room gave out, after a read that got less than it asked for, and
 * for goroutines.
 */
#ifndef GOC_IO_BUSY_H
#define GOC_IO_BUSY_H

#include "io/wait.h"

enum {
    BUSY_WAITS = 16,        /* in a row, with others queued: then it is read by turns */
    BUSY_WAITS_AGAIN = 128, /* the same after a credit was used up */
    BUSY_CREDIT = 16,       /* looks, at first */
    BUSY_CREDIT_MOST = 64,
    /* What a look in vain takes from the credit; one that is not gives 1. */
    BUSY_VAIN = 2,
    BUSY_ALONE = 4, /* the same of a wait with nobody to give way to */
};

/* Is OP, a read that has begun, to be tried when the others have had their turn? */
static inline bool goc__busy_takes(const struct io_op *op)
{
    return load_relaxed(&op->desc->credit) > 0 && load_relaxed(&op->desc->drained) != 0;
}

/* Let the others have their turn.  False: there are none, and the credit is lost. */
bool goc__busy_queue(struct io_op *op);

/* A look for OP's data got something, or was in vain.  In vain: true when OP may queue again. */
void goc__busy_found(struct io_op *op);
bool goc__busy_missed(struct io_op *op);

/* A read of OP's has waited for an edge, which came. */
void goc__busy_waited(const struct io_op *op);

#endif
