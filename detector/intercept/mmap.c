/* Mappings: what was known of an address range goes with the pages that were there.
 *
 * Forgotten before the real munmap (once it has returned, another thread's mmap may have
 * the range) and after the real mmap (MAP_FIXED replaces pages without a munmap).
 */
#include "base/pages.h"
#include "entry/events.h"
#include "intercept/next.h"

#include <stdarg.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/shm.h>

RACE_NEXT(mmap)
RACE_NEXT(munmap)
RACE_NEXT(mremap)
RACE_NEXT(shmat)

/* The kernel maps whole pages, all of which the program may use. */
static size_t whole_pages(size_t size)
{
    return (size + RACE_PAGE_SIZE - 1) & ~(RACE_PAGE_SIZE - 1);
}

/* The pages of [FROM, END) from ADDR on are new, or about to go. */
static void forget(const void *addr, size_t from, size_t end)
{
    if (whole_pages(from) < whole_pages(end))
        race__on_memory_new((const char *)addr + whole_pages(from),
                            whole_pages(end) - whole_pages(from), NULL, NULL);
}

static void *mapped(void *addr, size_t size)
{
    if (addr != MAP_FAILED)
        forget(addr, 0, size);
    return addr;
}

RACE_INTERCEPT void *mmap(void *addr, size_t size, int protection, int flags, int fd,
                          off_t offset)
{
    return mapped(next_mmap()(addr, size, protection, flags, fd, offset), size);
}

RACE_INTERCEPT void *mmap64(void *addr, size_t size, int protection, int flags, int fd,
                            __off64_t offset)
{
    return mapped(next_mmap()(addr, size, protection, flags, fd, offset), size);
}

RACE_INTERCEPT int munmap(void *addr, size_t size)
{
    forget(addr, 0, size);
    return next_munmap()(addr, size);
}

RACE_INTERCEPT void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    void *wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(arguments, void *) : NULL;
    va_end(arguments);
    forget(old, size, old_size); // if it shrinks
    void *addr = next_mremap()(old, old_size, size, flags, wanted);
    if (addr == MAP_FAILED || addr != old)
        return mapped(addr, size);
    forget(old, old_size, size); // if it has grown
    return addr;
}

/* System V's memory: of a segment that is attached once more, here or elsewhere, nothing is
 * remembered, for it may be another. */
RACE_INTERCEPT void *shmat(int segment, const void *wanted, int flags)
{
    struct shmid_ds about;
    void *addr = next_shmat()(segment, wanted, flags);
    if (addr == MAP_FAILED || shmctl(segment, IPC_STAT, &about) != 0)
        return addr;
    return mapped(addr, about.shm_segsz);
}
