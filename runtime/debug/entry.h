/* What a goroutine is called: the function that its go statement calls. */
#ifndef GOC_DEBUG_ENTRY_H
#define GOC_DEBUG_ENTRY_H

#include <stddef.h>
#include <stdint.h>

/* The name of goroutine ID, which began at ENTRY (NULL: unknown), into TEXT: "7 worker"; where a
 * function literal or a pointer is called, "7 main.func2" for the second go statement of the
 * file, which stands in main. */
void goc__entry_name(uint64_t id, const void *entry, char *text, size_t size);

#endif
