/* epoll: many descriptors watched by one, edge-triggered. */
#ifndef GOC_OS_EPOLL_H
#define GOC_OS_EPOLL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* A descriptor that watches others, closed on exec; a negative errno. */
int goc__epoll_open(void);

/* Let POLLER report every edge of FD from now on, and at once if FD is ready now; again for a
 * descriptor that is watched already.
 * Returns  0; -EPERM: FD is always ready and cannot be watched; another negative errno. */
int goc__epoll_watch(int poller, int fd);

/* Let POLLER report nothing of FD any more. */
void goc__epoll_forget(int poller, int fd);

/* Let POLLER, itself watched from outside, be readable while FD is, and report DATA in FD's place.
 * Returns 0; a negative errno. */
int goc__epoll_nest(int poller, int fd, int data);

/* Wait for at most LIMIT events, until TIME on goc__clock_now()'s clock; INT64_MAX is never, 0 does
 * not wait.  Returns how many came; a signal ends the wait with 0. */
int goc__epoll_wait(int poller, struct epoll_event *events, int limit, int64_t time);

#endif
