/* Channel operations with a limit, for the deadlines of this room and the contexts above. */
#ifndef GOC_CHAN_UNTIL_H
#define GOC_CHAN_UNTIL_H

#include "chan/chan.h"
#include "sched/limit.h"

/* How an operation with a limit ended. */
enum chan_limited {
    CHAN_WENT,       /* the element went over */
    CHAN_WAS_CLOSED, /* a receive only: the channel is closed and empty, ELEM zeroed */
    CHAN_LIMIT,      /* the limit was reached: nothing was done */
};

/* goc_chan_send, goc_chan_recv for the user's call at PC, until LIMIT is reached. */
enum chan_limited goc__chan_send_limited(goc_chan *c, const void *elem,
                                         struct limit *limit, const void *pc);
enum chan_limited goc__chan_recv_limited(goc_chan *c, void *elem, struct limit *limit,
                                         const void *pc);

#endif
