/* io_uring: calls that are queued in memory, given to the kernel many at a time, and answered in
 * memory.
 *
 * A call is named by a tag, any number but 0.  Queueing and submitting is for one thread at a time,
 * taking answers for one at a time; the caller sees to both.  Which thread submits does not
 * matter, but a thread that ends takes what it submitted with it: answered with -ECANCELED.
 */
#ifndef GOC_OS_URING_H
#define GOC_OS_URING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct io_uring_sqe;
struct io_uring_cqe;

struct uring {
    int fd; /* readable while there are answers */
    uint32_t
        queued; // atomic for looks: calls that were not submitted; who submits writes it
    uint32_t limit; /* the most that can be */
    uint32_t mask;  /* of a place in CALLS */
    uint32_t answer_mask;
    struct io_uring_sqe *calls;
    uint32_t *tail;              /* atomic, release: the kernel reads it */
    const uint32_t *flags;       /* atomic: the kernel writes it */
    uint32_t *answer_head;       /* atomic, release: the kernel reads it */
    const uint32_t *answer_tail; /* atomic, acquire: the kernel writes it */
    const struct io_uring_cqe *answers;
};

/* A new ring in *RING, closed on exec.  Returns 0, or a negative errno: the kernel has no io_uring
 * (-ENOSYS, -EPERM), not enough of it (-EOPNOTSUPP), or no memory. */
__attribute__((__warn_unused_result__)) int goc__uring_open(struct uring *ring);

/* Queue a recv, which waits for data first, and a send, which never raises SIGPIPE.  The buffer is
 * the kernel's until the answer.  False: the queue is full. */
bool goc__uring_recv(struct uring *ring, int fd, void *buffer, size_t size, uint64_t tag);
bool goc__uring_send(struct uring *ring, int fd, const void *buffer, size_t size,
                     uint64_t tag);

/* Queue the end of the call with TAG, which answers -ECANCELED if it was not answered before. */
bool goc__uring_cancel(struct uring *ring, uint64_t tag);

/* Give the kernel what is queued.  What it does not take stays queued. */
void goc__uring_submit(struct uring *ring);

/* The next answer: what the call returned, or a negative errno.  False: there is none. */
bool goc__uring_next(struct uring *ring, uint64_t *tag, int32_t *result);

#endif
