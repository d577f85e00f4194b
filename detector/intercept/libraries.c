/* Libraries that go.
 *
 * What dlclose unmaps goes without munmap's interceptor.  Which libraries that are is known only
 * after it: those that were there before and are not any more, the one closed and what only it
 * needed.  Their memory is forgotten, since the next that is mapped there is new.
 *
 * dlopen has no interceptor: it looks at who calls it, for the paths to search.
 */
#include "entry/events.h"
#include "intercept/next.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>

RACE_NEXT(dlclose)

/* More than this many at once are not all looked at: then something stale may remain. */
#define LIBRARIES_MAX 256u

struct library {
    uintptr_t low;
    uintptr_t high;
    bool gone;
};

struct libraries {
    size_t count;
    struct library library[LIBRARIES_MAX];
};

static struct library extent_of(const struct dl_phdr_info *info)
{
    struct library library = {UINTPTR_MAX, 0, true};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + header->p_vaddr;
        if (header->p_type != PT_LOAD)
            continue;
        if (low < library.low)
            library.low = low;
        if (low + header->p_memsz > library.high)
            library.high = low + header->p_memsz;
    }
    return library;
}

static int note(struct dl_phdr_info *info, size_t size, void *noted)
{
    struct libraries *libraries = noted;
    (void)size;
    if (libraries->count == LIBRARIES_MAX)
        return 1;
    libraries->library[libraries->count++] = extent_of(info);
    return 0;
}

static int find(struct dl_phdr_info *info, size_t size, void *noted)
{
    struct libraries *libraries = noted;
    struct library here = extent_of(info);
    (void)size;
    for (size_t i = 0; i < libraries->count; i++)
        if (libraries->library[i].low == here.low)
            libraries->library[i].gone = false;
    return 0;
}

RACE_INTERCEPT int dlclose(void *handle)
{
    struct libraries libraries;
    libraries.count = 0;
    dl_iterate_phdr(note, &libraries);
    int result = next_dlclose()(handle);
    dl_iterate_phdr(find, &libraries);
    for (size_t i = 0; i < libraries.count; i++) {
        const struct library *library = &libraries.library[i];
        if (library->gone && library->low < library->high)
            race__on_memory_new((const void *)library->low, library->high - library->low,
                                NULL, NULL);
    }
    return result;
}
