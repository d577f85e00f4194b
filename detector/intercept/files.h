/* Open files as places of order: what is written to one is before whoever reads it there.
 *
 * POSIX promises no memory order between write and read, but a byte that has been read was
 * written before, and programs lean on it: the pipe that wakes an event loop, the eventfd,
 * the socket pair.  A report against them would be no bug that anybody can observe.
 *
 * Each file has a place to read from and one to write to; a place is an address of the
 * detector's own that stands for the queue behind it.
 *   a pipe           both ends share one
 *   a socket pair    two, crosswise
 *   another socket   one for all of them: who is connected to whom is not followed
 *   a file, a FIFO   one a file, whoever has opened it
 *   anything else    its own: an eventfd, a terminal
 *
 * A descriptor is memory, too: calls that make or use it read it, the call that closes it writes it.  Who
 * closes one while another may use it lets that one's call go to whatever file gets the number
 * next.  Of a number that is closed nothing is remembered: calls that nobody sees, as fopen's,
 * may make a descriptor of it.  Not of handlers: what they interrupt knows when they may come.
 */
#ifndef GOC_INTERCEPT_FILES_H
#define GOC_INTERCEPT_FILES_H

#include <stdbool.h>

/* A call from PC uses FD; before it does. */
void race__file_use(int fd, const void *pc);

/* FD was read or written with success, or is about to be written. */
void race__file_read(int fd);
void race__file_write(int fd);

/* FDS are the ends of a new pipe, of a new pair of sockets; FD is a new other socket. */
void race__file_is_pipe(const int fds[2]);
void race__file_is_pair(const int fds[2]);
void race__file_is_socket(int fd);
/* FD is a signalfd: what is read from it are signals, whose order is theirs (signals.h). */
void race__file_is_of_signals(int fd);
bool race__file_has_signals(int fd);
/* COPY is FD under another number. */
void race__file_is_copy(int fd, int copy);

/* FD is new, by a call from PC; before any of the above. */
void race__file_new(int fd, const void *pc);
/* FD is about to be closed, by a call from PC. */
void race__file_close(int fd, const void *pc);
/* All from FIRST to LAST are about to be closed; who uses them is not asked. */
void race__files_closed(unsigned first, unsigned last);

#endif
