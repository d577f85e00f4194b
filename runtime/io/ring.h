/* Reads and writes of TCP sockets through io_uring, where GOC_DEBUG=iouring=1 asks for it.
 *
 * Each P has a ring.  A goroutine queues its call there and parks; the P gives all that is queued
 * to the kernel at its next look around, which comes when it has nothing else to run, so that one
 * system call serves as many connections as were ready together.  Answers are taken by the P
 * when it looks around, and by whoever asks the poller, to which every ring is a descriptor.
 *
 * What has a deadline, or is no TCP socket that this room gave out, waits in epoll as ever.
 */
#ifndef GOC_IO_RING_H
#define GOC_IO_RING_H

#include "io/wait.h"

/* May OP go by a ring? */
bool goc__ring_takes(const struct io_op *op);

/* Wait for SIZE bytes at most, and write them.
 * Blocks   parks the goroutine, which is no thread of its own.
 * Returns  as goc__file_recv and goc__file_send; -EAGAIN: try again another way; -EBADF: closed. */
long goc__ring_recv(struct io_op *op, void *buffer, size_t size);
long goc__ring_send(struct io_op *op, const void *buffer, size_t size);

/* DESC is being closed: end the calls that wait for it. */
void goc__ring_close(struct io_desc *desc);

/* For the poller: what is queued at P's ring goes to the kernel, what was answered is readied. */
void goc__ring_flush(uint32_t p);

/* For the poller: the ring whose descriptor epoll reports as DATA has answers.  False: DATA means
 * no ring. */
bool goc__ring_deliver(int data);

#endif
