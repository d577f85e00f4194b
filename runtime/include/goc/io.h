/* Input and output that park the goroutine, not its thread.
 *
 * On any descriptor: sockets, pipes, terminals, eventfds; a regular file is read and written at
 * once, in the thread, whose P goes to others if that takes long.  Sockets may be in either mode;
 * accept and connect put theirs into non-blocking mode and leave it so.
 *
 * DEADLINE  of the functions that end in _until: on goc_now()'s clock, GOC_NEVER for none.  One
 *           that has passed: what can be done at once is done.
 * Blocks    all may park but goc_close; a plain thread blocks.  Any number of goroutines may
 *           use one descriptor.
 * Ordering  what was done before a write is synchronized before the return of the read that gets
 *           it, where the descriptors are the two ends of one pipe or socket pair; likewise between
 *           sockets.
 * Returns   0 or more as the system call of that name, else a negative errno, and errno is
 *           left alone.  Besides the system call's:
 *           -ETIMEDOUT  the deadline came
 *           -EBADF      the descriptor is closed, perhaps while the call waited
 *           -EPIPE      nobody reads any more.  SIGPIPE is raised for standard output and
 *                       standard error only, as in Go.
 * Signals   no call is ended by one.
 * Source    Go's package net, internal/poll.
 */
#ifndef GOC_IO_H
#define GOC_IO_H

#include <goc/attributes.h>
#include <goc/time.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of <netdb.h>, <poll.h> and <sys/socket.h>, which are not included: their names, such as send,
 * are the program's own until it includes them.  unsigned int is socklen_t, unsigned long
 * nfds_t. */
struct addrinfo;
struct msghdr;
struct pollfd;
struct sockaddr;

/* Read up to SIZE bytes, waiting for the first; 0 is the end. */
GOC_KEEPS_FRAME ssize_t goc_read(int fd, void *buffer, size_t size);
GOC_KEEPS_FRAME ssize_t goc_read_until(int fd, void *buffer, size_t size,
                                       goc_time deadline);

/* Write all SIZE bytes.  Returns fewer only where some were written before an error or the
 * deadline came, which the next call meets again. */
GOC_KEEPS_FRAME ssize_t goc_write(int fd, const void *buffer, size_t size);
GOC_KEEPS_FRAME ssize_t goc_write_until(int fd, const void *buffer, size_t size,
                                        goc_time deadline);

/* recv(2) and send(2); send sends all, as goc_write does. */
GOC_KEEPS_FRAME ssize_t goc_recv(int fd, void *buffer, size_t size, int flags);
GOC_KEEPS_FRAME ssize_t goc_recv_until(int fd, void *buffer, size_t size, int flags,
                                       goc_time deadline);
GOC_KEEPS_FRAME ssize_t goc_send(int fd, const void *buffer, size_t size, int flags);
GOC_KEEPS_FRAME ssize_t goc_send_until(int fd, const void *buffer, size_t size, int flags,
                                       goc_time deadline);

/* recvmsg(2) and sendmsg(2), once: datagrams with their addresses, several buffers, control
 * messages. */
GOC_KEEPS_FRAME ssize_t goc_recvmsg(int fd, struct msghdr *message, int flags);
GOC_KEEPS_FRAME ssize_t goc_recvmsg_until(int fd, struct msghdr *message, int flags,
                                          goc_time deadline);
GOC_KEEPS_FRAME ssize_t goc_sendmsg(int fd, const struct msghdr *message, int flags);
GOC_KEEPS_FRAME ssize_t goc_sendmsg_until(int fd, const struct msghdr *message, int flags,
                                          goc_time deadline);

/* Accept a connection of FD, which listens.  ADDRESS and *SIZE as for accept(2), may be NULL.
 * Returns   the connection: non-blocking, closed on exec, and the program's, to be closed by
 *           goc_close and by nothing else. */
GOC_KEEPS_FRAME int goc_accept(int fd, struct sockaddr *address, unsigned int *size);
GOC_KEEPS_FRAME int goc_accept_until(int fd, struct sockaddr *address, unsigned int *size,
                                     goc_time deadline);

/* Connect the socket FD, which from now on is to be closed by goc_close and by nothing else,
 * also where this fails.  After -ETIMEDOUT the attempt goes on. */
GOC_KEEPS_FRAME int goc_connect(int fd, const struct sockaddr *address,
                                unsigned int size);
GOC_KEEPS_FRAME int goc_connect_until(int fd, const struct sockaddr *address,
                                      unsigned int size, goc_time deadline);

/* Close FD, whatever it is.  Who waits for it gets -EBADF; it is really closed when the
 * last of them has gone, so its number is not another file's before. */
int goc_close(int fd);

/* poll(2) on COUNT descriptors: how many are ready; 0: the deadline came. */
GOC_KEEPS_FRAME int goc_poll(struct pollfd *fds, unsigned long count);
GOC_KEEPS_FRAME int goc_poll_until(struct pollfd *fds, unsigned long count,
                                   goc_time deadline);

/* getaddrinfo(3).  With a deadline the search goes on in a goroutine of its own.
 * Returns   as getaddrinfo, not a negative errno; EAI_AGAIN when the deadline came. */
GOC_KEEPS_FRAME int goc_getaddrinfo(const char *node, const char *service,
                                    const struct addrinfo *hints,
                                    struct addrinfo **result);
GOC_KEEPS_FRAME int goc_getaddrinfo_until(const char *node, const char *service,
                                          const struct addrinfo *hints,
                                          struct addrinfo **result, goc_time deadline);

#ifdef __cplusplus
}
#endif
#endif
