/* mmap without reserve. */
#include "base/pages.h"

#include "base/assert.h"
#include "base/sys.h"

#include <sys/mman.h>

#define ERRNO_MAX 4095

void *race__pages_reserve(size_t size, const char *what)
{
    long result = race__sys6(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (result < 0 && result >= -ERRNO_MAX)
        race__die("cannot reserve %lu bytes of address space for %s (errno %ld); a limit "
                  "on virtual memory or vm.overcommit_memory=2 does that",
                  size, what, -result);
    /* Either fails on kernels built without the feature, which then has no effect. */
    race__sys3(SYS_madvise, result, (long)size, MADV_NOHUGEPAGE);
    race__sys3(SYS_madvise, result, (long)size, MADV_DONTDUMP);
    return (void *)result;
}

void race__pages_release(void *addr, size_t size)
{
    race__sys3(SYS_madvise, (long)addr, (long)size, MADV_DONTNEED);
}
