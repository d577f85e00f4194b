/* The order of munmap and of the mmap that gets the same pages again, which the kernel brings
 * and ThreadSanitizer cannot see: the runtime asks the kernel without libc.  The linker
 * puts these around the runtime's own (--wrap). */
#include <stddef.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

int __real_goc__pages_map(size_t size, char **address);
int __wrap_goc__pages_map(size_t size, char **address);
void __real_goc__pages_unmap(char *address, size_t size);
void __wrap_goc__pages_unmap(char *address, size_t size);

static char mappings;

int __wrap_goc__pages_map(size_t size, char **address)
{
    int result = __real_goc__pages_map(size, address);
    __tsan_acquire(&mappings);
    return result;
}

void __wrap_goc__pages_unmap(char *address, size_t size)
{
    __tsan_release(&mappings);
    __real_goc__pages_unmap(address, size);
}
