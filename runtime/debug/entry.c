/* goc-cc lets each go statement begin at a function of its own: goc__go_main_1.worker is main's
 * first, which calls worker; without what is behind the dot it calls no function by name. */
#include "debug/entry.h"

#include "debug/elf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CACHE = 256 }; /* a power of two */

static const char *function_at(const void *entry)
{
    static struct {
        const void *entry;
        const char *function;
    } cache[CACHE];
    size_t at = (uintptr_t)entry / 16 % CACHE;
    if (cache[at].entry != entry) {
        struct elf_place place;
        bool found = goc__elf_find(entry, &place);
        cache[at].entry = entry;
        cache[at].function = found ? place.function : NULL;
    }
    return cache[at].function;
}

void goc__entry_name(uint64_t id, const void *entry, char *text, size_t size)
{
    static const char prefix[] = "goc__go_";
    const char *function = id == 1 ? "main" : NULL;
    if (function == NULL && entry != NULL)
        function = function_at(entry);
    if (function == NULL) {
        snprintf(text, size, "%" PRIu64, id);
        return;
    }
    const char *number = NULL;
    int length = (int)strlen(function);
    if (strncmp(function, prefix, sizeof prefix - 1) == 0) {
        const char *dot = strchr(function, '.');
        function = dot != NULL ? dot + 1 : function + sizeof prefix - 1;
        number = dot == NULL ? strrchr(function, '_') : NULL;
        length = number != NULL ? (int)(number - function) : (int)strlen(function);
    }
    snprintf(text, size, "%" PRIu64 " %.*s%s%s", id, length, function,
             number != NULL ? ".func" : "", number != NULL ? number + 1 : "");
}
