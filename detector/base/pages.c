/* mmap without reserve. */
#include "base/pages.h"

#include "base/assert.h"
#include "base/sys.h"

#include <stdint.h>
#include <sys/mman.h>

#define ERRNO_MAX 4095

static void *reserve(size_t size, long *error)
{
    long result = race__sys6(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (result < 0 && result >= -ERRNO_MAX) {
        *error = -result;
        return NULL;
    }
    race__pages_modest((void *)result, size);
    return (void *)result;
}

void *race__pages_reserve(size_t size, const char *what)
{
    long error = 0;
    void *pages = reserve(size, &error);
    if (pages == NULL)
        race__die("cannot reserve %lu bytes of address space for %s (errno %ld); a limit "
                  "on virtual memory or vm.overcommit_memory=2 does that",
                  size, what, error);
    return pages;
}

void *race__pages_try_reserve(size_t size)
{
    long error = 0;
    return reserve(size, &error);
}

/* Either fails on kernels built without the feature, which then has no effect. */
void race__pages_modest(void *addr, size_t size)
{
    race__sys3(SYS_madvise, (long)addr, (long)size, MADV_NOHUGEPAGE);
    race__sys3(SYS_madvise, (long)addr, (long)size, MADV_DONTDUMP);
}

void race__pages_dense(void *addr, size_t size)
{
    const uintptr_t mask = RACE_HUGE_PAGE_SIZE - 1;
    uintptr_t begin = ((uintptr_t)addr + mask) & ~mask;
    uintptr_t end = ((uintptr_t)addr + size) & ~mask;
    if (begin < end)
        race__sys3(SYS_madvise, (long)begin, (long)(end - begin), MADV_HUGEPAGE);
}

void race__pages_resident(uintptr_t addr, size_t size, unsigned char *resident)
{
    uintptr_t first = addr & ~(uintptr_t)(RACE_PAGE_SIZE - 1);
    size_t span = addr + size - first;
    long error = race__sys3(SYS_mincore, (long)first, (long)span, (long)resident);
    for (size_t i = 0; error < 0 && i * RACE_PAGE_SIZE < span; i++)
        resident[i] = 0;
}

void race__pages_release(void *addr, size_t size)
{
    race__sys3(SYS_madvise, (long)addr, (long)size, MADV_DONTNEED);
}
