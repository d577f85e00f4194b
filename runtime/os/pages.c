#include "pages.h"

#include "base/atomic.h"
#include "base/start.h"
#include "syscall.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/uio.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13, include/uapi/asm-generic/mman-common.h */
#endif

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14, likewise */
#endif

enum {
    PERMANENT_ALIGN = 128,
    PERMANENT_CHUNK_BYTES = 256 * 1024,
};

AT_START static uint32_t
    no_guard_pages; // atomic, relaxed: 1 once the kernel refused MADV_GUARD_INSTALL

/* The first chunk of permanent memory; it is mapped with the program. */
static _Alignas(GOC_PAGE_BYTES) char first_chunk[PERMANENT_CHUNK_BYTES];

AT_START static struct {
    uint32_t lock; // atomic: 0 free, 1 held
    char *next;    /* lock */
    char *end;     /* lock */
} permanent = {.next = first_chunk, .end = first_chunk + sizeof first_chunk};

static int map(size_t size, int flags, char **address)
{
    long result = syscall6(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if (result < 0 && result > -GOC_PAGE_BYTES)
        return (int)result;
    *address = (char *)result;
    return 0;
}

int goc__pages_map(size_t size, char **address)
{
    return map(size, 0, address);
}

int goc__pages_reserve(size_t size, char **address)
{
    int result = map(size, MAP_NORESERVE, address);
    if (result == 0)
        syscall3(SYS_madvise, (long)*address, (long)size, MADV_NOHUGEPAGE);
    return result;
}

void goc__pages_bring(char *address, size_t size)
{
    syscall3(SYS_madvise, (long)address, (long)size, MADV_POPULATE_WRITE);
}

int goc__pages_wipe_in_child(char *address, size_t size)
{
    return (int)syscall3(SYS_madvise, (long)address, (long)size, MADV_WIPEONFORK);
}

bool goc__pages_read(const void *from, void *to, size_t size)
{
    struct iovec there = {.iov_base = (void *)(uintptr_t)from, .iov_len = size};
    struct iovec here = {.iov_base = to, .iov_len = size};
    return syscall6(SYS_process_vm_readv, syscall3(SYS_getpid, 0, 0, 0), (long)&here, 1,
                    (long)&there, 1, 0) == (long)size;
}

void goc__pages_dump(char *address, size_t size, bool wanted)
{
    syscall3(SYS_madvise, (long)address, (long)size,
             wanted ? MADV_DODUMP : MADV_DONTDUMP);
}

int goc__pages_guard(char *address, size_t size)
{
    if (load_relaxed(&no_guard_pages) == 0) {
        long result;
        do
            result = syscall3(SYS_madvise, (long)address, (long)size, MADV_GUARD_INSTALL);
        while (result == -EINTR || result == -EAGAIN);
        /* Else it is unknown, or forbidden by a filter of system calls. */
        if (result == 0 || result == -ENOMEM)
            return (int)result;
        store_relaxed(&no_guard_pages, 1u);
    }
    return (int)syscall3(SYS_mprotect, (long)address, (long)size, PROT_NONE);
}

void goc__pages_release(char *address, size_t size)
{
    syscall3(SYS_madvise, (long)address, (long)size, MADV_DONTNEED);
}

void goc__pages_unmap(char *address, size_t size)
{
    syscall3(SYS_munmap, (long)address, (long)size, 0);
}

/* The next SIZE bytes of the current chunk, or of a new one. */
static void *permanent_take(size_t size)
{
    if ((size_t)(permanent.end - permanent.next) < size) {
        size_t chunk = PERMANENT_CHUNK_BYTES;
        if (size > chunk)
            chunk = (size + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES;
        char *fresh;
        if (map(chunk, 0, &fresh) != 0)
            return NULL;
        permanent.next = fresh;
        permanent.end = fresh + chunk;
    }
    void *taken = permanent.next;
    permanent.next += size;
    return taken;
}

void *goc__pages_permanent(size_t size)
{
    size = (size + PERMANENT_ALIGN - 1) / PERMANENT_ALIGN * PERMANENT_ALIGN;
    uint32_t expected = 0;
    while (!cas_acquire(&permanent.lock, &expected, 1u)) {
        cpu_relax();
        expected = 0;
    }
    void *taken = permanent_take(size);
    store_release(&permanent.lock, 0u);
    return taken;
}
