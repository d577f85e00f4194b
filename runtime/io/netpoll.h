/* The netpoller: epoll under sched/poller.h. */
#ifndef GOC_IO_NETPOLL_H
#define GOC_IO_NETPOLL_H

#include "io/desc.h"

/* See that the poller reports every edge of FD from now on.  Returns 0, or a negative errno. */
int goc__netpoll_watch(int fd, struct io_desc *desc);

/* Report no edge of FD any more, unless somebody waits for one. */
void goc__netpoll_forget(int fd, struct io_desc *desc);

/* Let the poller tell goc__ring_deliver of DATA while FD is readable.  Returns 0, or a negative
 * errno. */
int goc__netpoll_nest(int fd, int data);

#endif
