/* Calls on descriptors: none waits for the other side unless it says so, each answers 0 or
 * more, or a negative errno, and leaves errno as it was.
 *
 * With events they go through libc's names, where a detector's interceptors stand: these
 * see the buffers and know what a descriptor orders.
 */
#ifndef GOC_OS_FILE_H
#define GOC_OS_FILE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Sockets: -EAGAIN where they would wait, whatever mode the descriptor is in.  A send never
 * raises SIGPIPE. */
long goc__file_recv(int fd, void *buffer, size_t size, int flags);
long goc__file_send(int fd, const void *buffer, size_t size, int flags);
long goc__file_recvmsg(int fd, struct msghdr *message, int flags);
long goc__file_sendmsg(int fd, const struct msghdr *message, int flags);

/* Is FD, which is no socket, one on which two that were ready at once may block each other in
 * blocking mode: a pipe, an eventfd?  Not a file or a terminal. */
bool goc__file_is_shared(int fd);

/* read and write on what is no socket.  -EAGAIN where they would wait: in blocking mode a
 * pipe is looked at first, and written to in pieces for which there is room.  A regular file may
 * block the thread.  A write raises SIGPIPE for standard output and error only. */
long goc__file_read(int fd, void *buffer, size_t size);
long goc__file_write(int fd, const void *buffer, size_t size);

/* On descriptors that goc__file_no_wait was called for; the new one is in that mode, and closed on
 * exec. */
int goc__file_accept(int fd, struct sockaddr *address, socklen_t *size);
int goc__file_connect(int fd, const struct sockaddr *address, socklen_t size);

/* The outcome of a connect to ADDRESS that had to wait; -EINPROGRESS while there is none. */
int goc__file_connected(int fd, const struct sockaddr *address, socklen_t size);

int goc__file_close(int fd);

/* Put FD into non-blocking mode. */
int goc__file_no_wait(int fd);

/* Is FD a TCP socket? */
bool goc__file_is_tcp(int fd);

/* poll(2) until TIME on goc__clock_now()'s clock; INT64_MAX is never, 0 does not wait; blocks
 * the thread.  A signal ends the wait with -EINTR. */
int goc__file_poll(struct pollfd *fds, size_t count, int64_t time);

/* Something that another thread can end a goc__file_poll with: a descriptor that becomes readable
 * by goc__file_wake. */
int goc__file_wakeable(void);
void goc__file_wake(int fd);

#endif
