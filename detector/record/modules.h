/* Modules: the files that code and globals are loaded from.
 *
 * Guard: the caller holds the record room's lock.
 */
#ifndef GOC_RECORD_MODULES_H
#define GOC_RECORD_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RACE_MODULE_NONE (-1)
#define RACE_BUILD_ID_MAX 64

struct race__module {
    uintptr_t low;  // of its loaded segments
    uintptr_t high; // first address beyond them
    uintptr_t bias; // address in the process minus address in the file
    char *path;     // owned, for ever
    uint8_t build_id[RACE_BUILD_ID_MAX];
    uint32_t build_id_size; // 0: it has none
    size_t tls_id;   // libc's number of its thread-local storage; 0: it has none now
    size_t tls_size; // bytes that each thread has of it
    /* How far below the thread pointer they begin, in each thread; 0: elsewhere in each, or
     * nobody knows yet. */
    uintptr_t tls_below;
};

/* Look again what is loaded; modules that were known keep their numbers. */
void race__modules_refresh(void);
/* The number of the module that has ADDR, and ADDR as its file has it. */
int race__module_of(uintptr_t addr, uintptr_t *offset);
const struct race__module *race__module_at(int number);
/* Bytes of thread-local storage that a thread has below its thread pointer. */
size_t race__modules_tls_size(void);

/* The module whose thread-local storage has ADDR, below the thread pointer POINTER, and ADDR
 * as an offset in it. */
int race__module_of_tls(uintptr_t pointer, uintptr_t addr, uintptr_t *offset);
/* The same for storage that the thread got when it first used it, wherever that is.  False,
 * and there is none to ask for. */
bool race__modules_tls_elsewhere(void);
int race__module_of_tls_elsewhere(uintptr_t pointer, uintptr_t addr, uintptr_t *offset);

#endif
