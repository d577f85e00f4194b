/* Descriptors as this room knows them: who uses one, who waits for it, what is known of it.
 *
 * A descriptor is found by its number in a table that never shrinks.  Numbers are the system's
 * and come back under other files, so nothing here is believed that costs more than a
 * needless retry when it is out of date; except of an adopted one, which a goc_ function gave out
 * and which only goc_close closes.
 *
 * Closing.  An operation holds a reference.  goc_close marks the descriptor and wakes who waits;
 * whoever gives the last reference back closes it.  So the number stays taken until no
 * operation can use it by mistake.
 *
 * Waiting.  The poller counts the edges that it sees, by direction.  An operation notes the count,
 * tries, and if it would have to wait and the count is still the same, waits for the next
 * one.  An edge wakes all that wait in its direction: each tries again.
 */
#ifndef GOC_IO_DESC_H
#define GOC_IO_DESC_H

#include "base/atomic.h"
#include "base/list.h"
#include "sched/lock.h"

#include <stdbool.h>
#include <stdint.h>

enum io_direction { IO_READ, IO_WRITE, IO_DIRECTIONS };

enum {
    /* flags */
    DESC_ADOPTED = 1, /* given out by this room: only goc_close closes it */
    DESC_WATCHED = 2, /* the poller has it; believed where it is adopted */
    DESC_FILE = 4,    /* not a socket, as far as was seen */
    DESC_SHARED = 8,  /* a file on which one that was ready may block another: a pipe */
    DESC_TCP = 16,
    DESC_ENDING = 32, /* the end or urgent data was seen: a short read means nothing */
    /* references */
    DESC_CLOSING = 1,
    DESC_REFERENCE = 2,
};

struct io_desc {
    struct lock lock;
    /* Held from a look whether a pipe is ready to its use. */
    struct lock turn[IO_DIRECTIONS];
    uint32_t references;           // atomic: DESC_CLOSING, and DESC_REFERENCE for each
    uint32_t flags;                // atomic: written under lock
    uint32_t edges[IO_DIRECTIONS]; // atomic, release: written under lock
    uint32_t drained; // atomic, relaxed: edges at a read that got less than it
                      // asked for; 0: at none
    int32_t credit;   // atomic, relaxed: busy.h
    struct list waiters[IO_DIRECTIONS]; /* lock: of io_waiter */
    struct list calls;                  /* lock: of ring.c's call */
};

/* FD's; NULL for a number that no descriptor has. */
struct io_desc *goc__desc(int fd);

/* Take a reference.  False: it is being closed. */
bool goc__desc_use(struct io_desc *desc);

/* Give a reference back; the last one of a closing descriptor closes FD.
 * Returns  0, or what close answered. */
int goc__desc_leave(struct io_desc *desc, int fd);

/* Nobody may use it any more; the caller holds a reference.  False: somebody was first. */
bool goc__desc_close(struct io_desc *desc);

static inline bool goc__desc_is_closing(const struct io_desc *desc)
{
    return load_acquire(&desc->references) & DESC_CLOSING;
}

/* FD is new, from this room: forget its number's past.  TCP says whether it is that. */
void goc__desc_adopt(int fd, bool tcp);

/* Under the lock. */
static inline void goc__desc_add_flags(struct io_desc *desc, uint32_t flags)
{
    store_relaxed(&desc->flags, desc->flags | flags);
}

void goc__desc_note(struct io_desc *desc, uint32_t flags);

#endif
