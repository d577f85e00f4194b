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
 * Beside it lie two more: one for the end of a queue, which whoever reads it to the end comes
 * after, and who writes there in vain; and one for the locks on a file (flock).
 *
 * A descriptor is memory, too: calls that make or use it read it, the call that closes it writes
 * it.  Who closes one while another may use it lets that one's call go to whatever file gets the
 * number next.  Of a number that is closed nothing is remembered: calls that nobody sees, as
 * fopen's, may make a descriptor of it.  Not of handlers: what they interrupt knows when they may
 * come.
 */
#ifndef GOC_INTERCEPT_FILES_H
#define GOC_INTERCEPT_FILES_H

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>

/* A call from PC uses FD; before it does. */
void race__file_use(int fd, const void *pc);

/* FD was read or written with success, or is about to be written. */
void race__file_read(int fd);
void race__file_write(int fd);
/* FD is about to be shut down, or to be closed or replaced. */
void race__file_ends(int fd);
void race__file_closes(int fd);
/* FD was read to its end, or hangs up; and: what was written to it met nobody. */
void race__file_ended(int fd);
void race__file_broken(int fd);
/* SIZE bytes came from FD, and none where it has ended. */
static inline void race__file_got(int fd, ssize_t size)
{
    race__file_read(fd);
    if (size == 0)
        race__file_ended(fd);
}

/* A write to FD has answered SIZE, which is returned. */
static inline ssize_t race__file_sent(int fd, ssize_t size)
{
    if (size < 0 && errno == EPIPE)
        race__file_broken(fd);
    return size;
}

/* A lock on the file of FD was taken, or is about to be given back. */
void race__file_locked(int fd);
void race__file_unlocks(int fd);

/* FDS are the ends of a new pipe, of a new pair of sockets; FD is a new other socket. */
void race__file_is_pipe(const int fds[2]);
void race__file_is_pair(const int fds[2]);
void race__file_is_socket(int fd);
/* FD is a signalfd: what is read from it are signals, whose order is theirs (signals.h). */
void race__file_is_of_signals(int fd);
bool race__file_has_signals(int fd);
/* FD came from elsewhere, as a message: it may be one that the process has already. */
void race__file_is_passed(int fd);
struct msghdr;
/* So did those in MESSAGE, which a call from PC has received. */
void race__files_passed(const struct msghdr *message, const void *pc);
/* COPY is FD under another number. */
void race__file_is_copy(int fd, int copy);

/* Is it known what FD is?  Not of one that was inherited and never used. */
bool race__file_is_known(int fd);

/* FD is new, by a call from PC; before any of the above. */
void race__file_new(int fd, const void *pc);
/* FD is about to be closed, by a call from PC. */
void race__file_close(int fd, const void *pc);
/* All from FIRST to LAST are about to be closed; who uses them is not asked. */
void race__files_closed(unsigned first, unsigned last);

#endif
