#include "io/desc.h"

#include "base/panic.h"
#include "events/events.h"
#include "io/busy.h"
#include "io/ring.h"
#include "io/wait.h"
#include "os/error.h"
#include "os/file.h"
#include "os/pages.h"

#include <stddef.h>

enum { PART = 1024, PARTS = 4096 };

static struct io_desc *parts[PARTS]; // atomic, release: each of PART descriptors

static struct io_desc *make_part(struct io_desc **place)
{
    char *fresh;
    size_t bytes = (PART * sizeof(struct io_desc) + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES *
                   GOC_PAGE_BYTES;
    if (goc__pages_map(bytes, &fresh) != 0)
        goc__fatal("runtime: cannot allocate memory for descriptors");
    struct io_desc *part = (struct io_desc *)(void *)fresh;
    for (int i = 0; i < PART; i++) {
        part[i].edges[IO_READ] = part[i].edges[IO_WRITE] = 1;
        list_init(&part[i].waiters[IO_READ]);
        list_init(&part[i].waiters[IO_WRITE]);
        list_init(&part[i].calls);
    }
    struct io_desc *first = NULL;
    if (cas_acq_rel(place, &first, part))
        return part;
    goc__pages_unmap(fresh, bytes);
    return first;
}

struct io_desc *goc__desc(int fd)
{
    if (fd < 0 || fd >= PART * PARTS)
        return NULL;
    struct io_desc **place = &parts[fd / PART];
    struct io_desc *part = load_acquire(place);
    if (part == NULL)
        part = make_part(place);
    return &part[fd % PART];
}

bool goc__desc_use(struct io_desc *desc)
{
    uint32_t before = load_relaxed(&desc->references);
    do {
        if (before & DESC_CLOSING)
            return false;
    } while (!cas_acquire(&desc->references, &before, before + DESC_REFERENCE));
    return true;
}

/* All have gone.  The number is free for others once close has returned, so it must look new
 * before that. */
static int close_now(struct io_desc *desc, int fd)
{
    event_acquire(desc);
    goc__lock(&desc->lock);
    store_relaxed(&desc->flags, 0u);
    store_relaxed(&desc->drained, 0u);
    store_release(&desc->references, 0u);
    goc__unlock(&desc->lock);
    return goc__file_close(fd);
}

int goc__desc_leave(struct io_desc *desc, int fd)
{
    event_release_merge(desc);
    uint32_t before = fetch_sub_acq_rel(&desc->references, (uint32_t)DESC_REFERENCE);
    return before == DESC_REFERENCE + DESC_CLOSING ? close_now(desc, fd) : 0;
}

bool goc__desc_close(struct io_desc *desc)
{
    if (fetch_or_acq_rel(&desc->references, (uint32_t)DESC_CLOSING) & DESC_CLOSING)
        return false;
    goc__io_wake(desc, true, true);
    goc__ring_close(desc);
    return true;
}

void goc__desc_adopt(int fd, bool tcp)
{
    struct io_desc *desc = goc__desc(fd);
    if (desc == NULL)
        return;
    goc__lock(&desc->lock);
    store_relaxed(&desc->flags, (uint32_t)(DESC_ADOPTED | (tcp ? DESC_TCP : 0)));
    store_relaxed(&desc->drained, 0u);
    store_relaxed(&desc->credit, -BUSY_WAITS);
    goc__unlock(&desc->lock);
    goc__io_wake(desc, true, true); /* who waited for the number's past */
}

void goc__desc_note(struct io_desc *desc, uint32_t flags)
{
    goc__lock(&desc->lock);
    goc__desc_add_flags(desc, flags);
    goc__unlock(&desc->lock);
}
