/* The netpoller: epoll under sched/poller.h. */
#ifndef GOC_IO_NETPOLL_H
#define GOC_IO_NETPOLL_H

#include "io/desc.h"

/* See that the poller reports every edge of FD from now on.  Returns 0, or a negative errno. */
int goc__netpoll_watch(int fd, struct io_desc *desc);

#endif
