#include "os/linking.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

enum { SOME = 64 };

/* Calls that the compiler can neither leave out nor write out. */
static void call_once(void)
{
    static char from[SOME];
    static char to[SOME];
    size_t size = SOME;
    struct timespec now;
    __asm__ volatile("" : "+r"(size));
    memset(from, 0, size);
    memcpy(to, from, size);
    memmove(from, to, size);
    clock_gettime(CLOCK_MONOTONIC, &now);
}

struct question {
    const uintptr_t *addresses;
    size_t count;
    bool together;
};

/* In the module of the first address all have to be. */
static int look_at(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct question *question = argument;
    size_t found = 0;
    bool first = false;
    (void)size;
    for (size_t i = 0; i < question->count; i++) {
        for (size_t k = 0; k < info->dlpi_phnum; k++) {
            const ElfW(Phdr) *segment = &info->dlpi_phdr[k];
            uintptr_t offset =
                question->addresses[i] - info->dlpi_addr - segment->p_vaddr;
            if (segment->p_type != PT_LOAD || offset >= segment->p_memsz)
                continue;
            found++;
            first = first || i == 0;
            break;
        }
    }
    question->together = found == question->count;
    return first; /* the end of the search */
}

bool goc__linking_is_plain(void)
{
    /* NOLINTBEGIN(concurrency-mt-unsafe): as at the start, nobody writes the environment */
    if (getauxval(AT_BASE) == 0 || getenv("LD_AUDIT") != NULL ||
        getenv("LD_PROFILE") != NULL)
        return false;
    /* NOLINTEND(concurrency-mt-unsafe) */
    const uintptr_t called[] = {(uintptr_t)dlsym(RTLD_DEFAULT, "gnu_get_libc_version"),
                                (uintptr_t)memset, (uintptr_t)memcpy, (uintptr_t)memmove,
                                (uintptr_t)clock_gettime};
    struct question question = {called, sizeof called / sizeof called[0], false};
    dl_iterate_phdr(look_at, &question); /* dladdr reads every symbol there is */
    if (!question.together)
        return false;
    call_once();
    return true;
}
