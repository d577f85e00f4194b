/* The heap's blocks: what the interceptors of malloc and its kind tell the detector.
 *
 * realloc is race__heap_free of the old block and race__heap_alloc of the new one, after
 * race__read of the bytes that are kept.
 */
#ifndef GOC_DETECTOR_ENTRY_HEAP_H
#define GOC_DETECTOR_ENTRY_HEAP_H

#include <stddef.h>

/* SIZE bytes at ADDR are a new block of the heap, allocated at PC.  After the allocator
 * has answered, before the program sees the block. */
void race__heap_alloc(const void *addr, size_t size, const void *pc);
/* The block at ADDR goes back at PC: a write of all of it.  Before the allocator gets it.
 * An address that no race__heap_alloc named is ignored, as is NULL. */
void race__heap_free(const void *addr, const void *pc);
/* The size that race__heap_alloc was told for the block at ADDR, 0 for none. */
size_t race__heap_size(const void *addr);

/* SIZE bytes at ADDR, perhaps the first of a block that stays, become a new object: nothing
 * is known of what was there. */
void race__object_new(const void *addr, size_t size);

#endif
