/* Looking up what an interceptor hides.
 *
 * dlsym may allocate; the heap's interceptors therefore never come here (heap.c).
 */
#include "intercept/next.h"

#include "base/assert.h"

#include <dlfcn.h>
#include <errno.h>

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

void *race__next(const char *name)
{
    int saved = errno;
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL)
        race__die("no library of this program has %s", name);
    errno = saved;
    return function;
}
