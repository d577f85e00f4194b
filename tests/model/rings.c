/* The kernel's side of io_uring, for runtime/os/uring.c, which is in the model with the orders that
 * it shares with the kernel: two small rings, so that both queues fill up.
 *
 * The kernel takes calls in io_uring_enter, on the thread that submits, and answers them there if
 * they are ready, else in the task that makes them so.  What it writes and reads of the shared
 * memory goes through the model: calls, buffers and answers as plain memory, heads and tails as
 * atomics with the orders that Linux has.  Of its own order it has but what it needs itself, and
 * what the interface promises: a call's submission is before its answer, of two answers at one ring
 * the one before the other, and both before the event that tells epoll's caller of them.  Its
 * parts are not parted by others.
 *
 * Answers without room are kept until somebody asks for them (IORING_FEAT_NODROP).  A call may be
 * disturbed, and a submission refused: surprises.  A number that is closed while a call uses it is
 * a failure, as everywhere (files.c). */
#include "inside.h"
#include "kernel_calls.h"
#include "os/pages.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/epoll.h>

enum { RINGS = 2, FIRST_RING = 100, CALLS = 2, ANSWERS = 2, REQUESTS = 8, KEPT = 32 };

/* What begins the memory that the queues share. */
struct queues {
    uint32_t tail;        // atomic: of the calls
    uint32_t flags;       // atomic: IORING_SQ_CQ_OVERFLOW
    uint32_t answer_head; // atomic
    uint32_t answer_tail; // atomic
    uint32_t places[CALLS];
    struct io_uring_cqe answers[ANSWERS];
};

/* A call that was taken and not answered. */
struct request {
    bool open;
    uint8_t opcode;
    int fd;
    void *buffer;
    uint32_t size;
    uint64_t tag;
    uint32_t submitted; // atomic: before the answer
};

struct kept {
    uint64_t tag;
    int32_t result;
};

static struct ring {
    struct queues *queues;
    struct io_uring_sqe *calls;
    uint32_t taken;    /* calls */
    uint32_t answered; /* answers that had room */
    struct request requests[REQUESTS];
    struct kept kept[KEPT];
    unsigned kept_count;
    uint32_t answering; // atomic: one answer is before the next
    bool watched;
    int data; /* what epoll says of it */
} rings[RINGS];
static int ring_count;
static unsigned refusals;

/* ---- answers -------------------------------------------------------------------------------- */

static void answering_begins(struct ring *ring)
{
    goc__model_load(&ring->answering, sizeof ring->answering, MODEL_ACQUIRE,
                    "kernel: answers begin");
}

static void answering_ends(struct ring *ring)
{
    goc__model_store(&ring->answering, sizeof ring->answering, 0, MODEL_RELEASE,
                     "kernel: answers end");
}

static bool has_room(const struct ring *ring)
{
    uint32_t head =
        (uint32_t)goc__model_load(&ring->queues->answer_head, sizeof(uint32_t),
                                  MODEL_ACQUIRE, "kernel: head of answers");
    return ring->answered - head < ANSWERS;
}

static void put_answer(struct ring *ring, struct kept what)
{
    struct io_uring_cqe *answer = &ring->queues->answers[ring->answered % ANSWERS];
    model_shadow_access(answer, sizeof *answer, MODEL_WRITE, __builtin_return_address(0));
    *answer = (struct io_uring_cqe){.user_data = what.tag, .res = what.result};
    goc__model_store(&ring->queues->answer_tail, sizeof(uint32_t), ++ring->answered,
                     MODEL_RELEASE, "kernel: tail of answers");
}

static void say_kept(struct ring *ring)
{
    goc__model_store(&ring->queues->flags, sizeof(uint32_t),
                     ring->kept_count > 0 ? IORING_SQ_CQ_OVERFLOW : 0, MODEL_RELAXED,
                     "kernel: flags");
}

static void post(struct ring *ring, uint64_t tag, int32_t result)
{
    struct kept what = {tag, result};
    model_note("answer", NULL, (void *)(uintptr_t)tag, (uint64_t)result);
    answering_begins(ring);
    if (ring->kept_count == 0 && has_room(ring)) {
        put_answer(ring, what);
    } else {
        if (ring->kept_count == KEPT)
            model_fail("more than %d answers are kept", KEPT);
        ring->kept[ring->kept_count++] = what;
        say_kept(ring);
    }
    answering_ends(ring);
    model_files_change();
}

static void bring_kept(struct ring *ring)
{
    if (ring->kept_count == 0)
        return;
    answering_begins(ring);
    unsigned brought = 0;
    while (brought < ring->kept_count && has_room(ring))
        put_answer(ring, ring->kept[brought++]);
    ring->kept_count -= brought;
    memmove(ring->kept, ring->kept + brought, ring->kept_count * sizeof *ring->kept);
    say_kept(ring);
    answering_ends(ring);
}

/* ---- calls ---------------------------------------------------------------------------------- */

static bool is_ready(const struct request *request)
{
    return model_file_move(request->fd, request->opcode == IORING_OP_SEND, 0) == 0;
}

/* Answer it; it is ready. */
static void complete(struct ring *ring, struct request *request, bool disturbed)
{
    bool send = request->opcode == IORING_OP_SEND;
    long moved = disturbed ? 0 : model_file_move(request->fd, send, request->size);
    goc__model_load(&request->submitted, sizeof request->submitted, MODEL_ACQUIRE,
                    "kernel: a call");
    if (moved > 0)
        model_shadow_access(request->buffer, (size_t)moved,
                            send ? MODEL_READ : MODEL_WRITE, __builtin_return_address(0));
    request->open = false;
    post(ring, request->tag, disturbed ? -EINTR : (int32_t)moved);
}

void model_rings_look(void)
{
    for (int i = 0; i < ring_count; i++) {
        for (int k = 0; k < REQUESTS; k++) {
            struct request *request = &rings[i].requests[k];
            if (!request->open || !is_ready(request))
                continue;
            bool disturbed = model_surprise();
            bool quiet = model_is_quiet();
            model_quiet(true);
            complete(&rings[i], request, disturbed);
            model_quiet(quiet);
        }
    }
}

void model_rings_check_closed(int fd)
{
    for (int i = 0; i < ring_count; i++)
        for (int k = 0; k < REQUESTS; k++)
            if (rings[i].requests[k].open && rings[i].requests[k].fd == fd)
                model_fail("descriptor %d is closed under a call", fd);
}

static struct request *request_with(struct ring *ring, uint64_t tag)
{
    for (int k = 0; k < REQUESTS; k++)
        if (ring->requests[k].open && ring->requests[k].tag == tag)
            return &ring->requests[k];
    return NULL;
}

static void cancel(struct ring *ring, uint64_t tag)
{
    struct request *request = request_with(ring, tag);
    if (request == NULL) {
        post(ring, 0, -ENOENT);
        return;
    }
    goc__model_load(&request->submitted, sizeof request->submitted, MODEL_ACQUIRE,
                    "kernel: a call");
    request->open = false;
    post(ring, request->tag, -ECANCELED);
    post(ring, 0, 0);
}

static void begin_request(struct ring *ring, const struct io_uring_sqe *call)
{
    for (int k = 0; k < REQUESTS; k++) {
        struct request *request = &ring->requests[k];
        if (request->open)
            continue;
        request->open = true;
        request->opcode = call->opcode;
        request->fd = call->fd;
        request->buffer = (void *)(uintptr_t)call->addr;
        request->size = call->len;
        request->tag = call->user_data;
        goc__model_store(&request->submitted, sizeof request->submitted, 1, MODEL_RELEASE,
                         "kernel: a call");
        if (is_ready(request))
            complete(ring, request, false);
        return;
    }
    model_fail("more than %d calls", REQUESTS);
}

static void take_call(struct ring *ring)
{
    uint32_t place = ring->queues->places[ring->taken++ % CALLS];
    struct io_uring_sqe *call = &ring->calls[place];
    model_shadow_access(call, sizeof *call, MODEL_READ, __builtin_return_address(0));
    model_note("call", NULL, (void *)(uintptr_t)call->user_data, call->opcode);
    if (call->opcode == IORING_OP_ASYNC_CANCEL)
        cancel(ring, call->addr);
    else
        begin_request(ring, call);
}

/* ---- system calls --------------------------------------------------------------------------- */

static struct ring *ring_of(long fd)
{
    if (fd < FIRST_RING || fd >= FIRST_RING + ring_count)
        model_fail("%ld is no ring", fd);
    return &rings[fd - FIRST_RING];
}

static long setup(struct io_uring_params *params)
{
    if (ring_count == RINGS)
        model_fail("more than %d rings", RINGS);
    struct ring *ring = &rings[ring_count];
    ring->queues = goc__pages_permanent(sizeof *ring->queues);
    ring->calls = goc__pages_permanent(CALLS * sizeof *ring->calls);
    model_shadow_access(params, sizeof *params, MODEL_WRITE, __builtin_return_address(0));
    params->features = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP;
    params->sq_entries = CALLS;
    params->cq_entries = ANSWERS;
    params->sq_off.tail = offsetof(struct queues, tail);
    params->sq_off.flags = offsetof(struct queues, flags);
    params->sq_off.array = offsetof(struct queues, places);
    params->cq_off.head = offsetof(struct queues, answer_head);
    params->cq_off.tail = offsetof(struct queues, answer_tail);
    params->cq_off.cqes = offsetof(struct queues, answers);
    return FIRST_RING + ring_count++;
}

static long enter(struct ring *ring, uint32_t count, unsigned flags)
{
    model_step();
    bool refused = count > 0 && model_surprise();
    bool quiet = model_is_quiet();
    model_quiet(true);
    uint32_t tail = (uint32_t)goc__model_load(&ring->queues->tail, sizeof(uint32_t),
                                              MODEL_ACQUIRE, "kernel: tail of calls");
    long taken = 0;
    while (!refused && taken < count && ring->taken != tail) {
        take_call(ring);
        taken++;
    }
    if (flags & IORING_ENTER_GETEVENTS)
        bring_kept(ring);
    model_quiet(quiet);
    refusals += refused;
    return refused ? -EAGAIN : taken;
}

unsigned model_ring_refusals(void)
{
    return refusals;
}

static long map(const struct ring *ring, uint64_t what)
{
    return what == IORING_OFF_SQES ? (long)ring->calls : (long)ring->queues;
}

long model_system_call(long number, long a, long b, long c, long d, long e, long f)
{
    (void)c;
    switch (number) {
    case SYS_mmap:
        return map(ring_of(e), (uint64_t)f);
    case SYS_io_uring_setup:
        return setup((struct io_uring_params *)b);
    case SYS_io_uring_enter:
        return enter(ring_of(a), (uint32_t)b, (unsigned)d);
    default:
        model_fail("system call %ld", number);
    }
}

/* ---- for files.c ---------------------------------------------------------------------------- */

void model_ring_nest(int fd, int data)
{
    if (fd < FIRST_RING)
        return;
    ring_of(fd)->watched = true;
    ring_of(fd)->data = data;
}

/* Level-triggered: as long as there are answers. */
int model_ring_events(struct epoll_event *events, int limit)
{
    int count = 0;
    for (int i = 0; i < ring_count && count < limit; i++) {
        struct ring *ring = &rings[i];
        bool answers =
            ring->kept_count > 0 || ring->answered != ring->queues->answer_head;
        if (!ring->watched || !answers)
            continue;
        bool quiet = model_is_quiet();
        model_quiet(true);
        answering_begins(ring);
        model_quiet(quiet);
        events[count++] = (struct epoll_event){.events = EPOLLIN, .data.fd = ring->data};
    }
    return count;
}
