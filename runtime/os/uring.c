#include "uring.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "descriptor.h"
#include "syscall.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
    CALLS = 256,    /* queued at once */
    ANSWERS = 4096, /* before the kernel keeps them elsewhere */
};

static bool map(int fd, size_t size, off_t what, char **address)
{
    /* mmap's wrapper writes errno, which belongs to the goroutine: hence the call itself. */
    long result = syscall6(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_POPULATE, fd, what);
    if (result < 0 && result >= -4095)
        return false;
    *address = (char *)result;
    return true;
}

static uint32_t *word(char *at, uint32_t offset)
{
    return (uint32_t *)(void *)(at + offset);
}

/* The places of the calls are those of the kernel's own order. */
static void number_places(char *queues, const struct io_uring_params *params)
{
    uint32_t *array = word(queues, params->sq_off.array);
    for (uint32_t i = 0; i < params->sq_entries; i++)
        array[i] = i;
}

static int map_queues(struct uring *ring, const struct io_uring_params *params)
{
    size_t bytes = params->sq_off.array + params->sq_entries * sizeof(uint32_t);
    size_t answer_bytes =
        params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);
    if (answer_bytes > bytes)
        bytes = answer_bytes;
    char *queues;
    char *calls;
    if (!map(ring->fd, bytes, IORING_OFF_SQ_RING, &queues))
        return -ENOMEM;
    if (!map(ring->fd, params->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES,
             &calls)) {
        (void)syscall3(SYS_munmap, (long)queues, (long)bytes, 0);
        return -ENOMEM;
    }
    number_places(queues, params);
    ring->limit = params->sq_entries;
    ring->mask = params->sq_entries - 1;
    ring->answer_mask = params->cq_entries - 1;
    ring->calls = (struct io_uring_sqe *)(void *)calls;
    ring->tail = word(queues, params->sq_off.tail);
    ring->flags = word(queues, params->sq_off.flags);
    ring->answer_head = word(queues, params->cq_off.head);
    ring->answer_tail = word(queues, params->cq_off.tail);
    ring->answers = (struct io_uring_cqe *)(void *)(queues + params->cq_off.cqes);
    return 0;
}

int goc__uring_open(struct uring *ring)
{
    const uint32_t needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP;
    /* Answers are brought about by the thread that submitted the call, in its next system call
     * or interrupt, not by an interrupt of its own for each. */
    struct io_uring_params params = {
        .flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
        .cq_entries = ANSWERS,
    };
    int fd = goc__descriptor_apart(syscall3(SYS_io_uring_setup, CALLS, (long)&params, 0));
    if (fd < 0)
        return fd == -EINVAL ? -EOPNOTSUPP : fd;
    *ring = (struct uring){.fd = fd};
    int result =
        (params.features & needed) == needed ? map_queues(ring, &params) : -EOPNOTSUPP;
    if (result != 0)
        (void)syscall3(SYS_close, fd, 0, 0);
    return result;
}

/* A place for a call, in zeroes; NULL: full. */
static struct io_uring_sqe *new_call(struct uring *ring, uint8_t opcode, uint64_t tag)
{
    uint32_t queued = load_relaxed(&ring->queued);
    if (queued == ring->limit)
        return NULL;
    store_relaxed(&ring->queued, queued + 1);
    struct io_uring_sqe *call =
        &ring->calls[(load_relaxed(ring->tail) + queued) & ring->mask];
    memset(call, 0, sizeof *call);
    call->opcode = opcode;
    call->user_data = tag;
    return call;
}

static bool transfer(struct uring *ring, uint8_t opcode, int fd, const void *buffer,
                     size_t size, uint64_t tag)
{
    struct io_uring_sqe *call = new_call(ring, opcode, tag);
    if (call == NULL)
        return false;
    call->fd = fd;
    call->addr = (uintptr_t)buffer;
    call->len = (uint32_t)size;
    if (opcode == IORING_OP_RECV)
        call->ioprio = IORING_RECVSEND_POLL_FIRST;
    else
        call->msg_flags = MSG_NOSIGNAL;
    return true;
}

bool goc__uring_recv(struct uring *ring, int fd, void *buffer, size_t size, uint64_t tag)
{
    return transfer(ring, IORING_OP_RECV, fd, buffer, size, tag);
}

bool goc__uring_send(struct uring *ring, int fd, const void *buffer, size_t size,
                     uint64_t tag)
{
    return transfer(ring, IORING_OP_SEND, fd, buffer, size, tag);
}

bool goc__uring_cancel(struct uring *ring, uint64_t tag)
{
    struct io_uring_sqe *call = new_call(ring, IORING_OP_ASYNC_CANCEL, 0);
    if (call != NULL)
        call->addr = tag;
    return call != NULL;
}

void goc__uring_submit(struct uring *ring)
{
    uint32_t queued = load_relaxed(&ring->queued);
    uint32_t tail = load_relaxed(ring->tail);
    store_release(ring->tail, tail + queued); /* with the kernel's acquire */
    long taken =
        syscall6(SYS_io_uring_enter, ring->fd, queued, 0, IORING_ENTER_GETEVENTS, 0, 0);
    if (taken < 0) {
        if (taken != -EINTR && taken != -EAGAIN && taken != -EBUSY)
            goc__throwf("io_uring_enter failed: errno %ld", -taken);
        taken = 0;
    }
    /* Outside of the call the kernel does not look at the queue: what it left is taken back. */
    store_relaxed(ring->tail, tail + (uint32_t)taken);
    store_relaxed(&ring->queued, queued - (uint32_t)taken);
}

/* Let the kernel bring the answers that had no room. */
static void fetch_overflow(const struct uring *ring)
{
    (void)syscall6(SYS_io_uring_enter, ring->fd, 0, 0, IORING_ENTER_GETEVENTS, 0, 0);
}

bool goc__uring_next(struct uring *ring, uint64_t *tag, int32_t *result)
{
    uint32_t head = load_relaxed(ring->answer_head);
    if (head == load_acquire(ring->answer_tail)) { /* with the kernel's release */
        if (!(load_relaxed(ring->flags) & IORING_SQ_CQ_OVERFLOW))
            return false;
        fetch_overflow(ring);
        if (head == load_acquire(ring->answer_tail))
            return false;
    }
    const struct io_uring_cqe *answer = &ring->answers[head & ring->answer_mask];
    *tag = answer->user_data;
    *result = answer->res;
    store_release(ring->answer_head, head + 1); /* with the kernel's acquire */
    return true;
}
