/* Looking up what an interceptor hides.
 *
 * dlsym may allocate; the heap's interceptors therefore never come here (heap.c).
 */
#include "intercept/next.h"

#include "base/assert.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>

/* The linker's names for the section's bounds. */
extern struct race__next_entry __start_race_next[];
extern struct race__next_entry __stop_race_next[];

void race__next_all(void)
{
    for (struct race__next_entry *entry = __start_race_next; entry < __stop_race_next;
         entry++) {
        void *function = entry->sanitizer;
        if (function == NULL)
            function = dlsym(RTLD_NEXT, entry->name);
        if (function != NULL)
            store_relaxed(entry->found, function);
    }
}

/* Libraries that were opened for themselves, which RTLD_NEXT does not look into. */
#define LIBRARIES_MAX 256u

struct libraries {
    size_t count;
    const char *path[LIBRARIES_MAX];
};

static int note(struct dl_phdr_info *info, size_t size, void *noted)
{
    struct libraries *libraries = noted;
    (void)size;
    if (info->dlpi_name == NULL || info->dlpi_name[0] == '\0')
        return 0; // the program
    if (libraries->count == LIBRARIES_MAX)
        return 1;
    libraries->path[libraries->count++] = info->dlpi_name;
    return 0;
}

/* NAME in any library that is there. */
static void *find_anywhere(const char *name)
{
    struct libraries libraries;
    void *function = NULL;
    libraries.count = 0;
    dl_iterate_phdr(note, &libraries);
    for (size_t i = 0; i < libraries.count && function == NULL; i++) {
        void *library = dlopen(libraries.path[i], RTLD_LAZY | RTLD_NOLOAD);
        if (library == NULL)
            continue;
        function = dlsym(library, name);
        (void)dlclose(library);
    }
    return function;
}

void *race__next(const char *name)
{
    int saved = errno;
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL)
        function = find_anywhere(name);
    if (function == NULL)
        race__die("no library of this program has %s", name);
    errno = saved;
    return function;
}
