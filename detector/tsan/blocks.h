/* Blocks that the runtime has named: channels and their kind, for reports.
 *
 * TSan's own heap knows where its blocks were allocated; these may lie in other memory.
 */
#ifndef GOC_TSAN_BLOCKS_H
#define GOC_TSAN_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct race__tsan_block {
    uintptr_t addr;
    size_t size;
    const char *kind; // a literal
    const void *pc;   // return address of the call that made it
    uint64_t goid;    // goroutine that made it, 0 for a thread
};

void race__tsan_block_add(struct race__tsan_block block);
/* Forgets the block that starts at ADDR, if there is one. */
void race__tsan_block_remove(const void *addr);
/* The block that ADDR lies in.  Looks at all of them: for reports. */
bool race__tsan_block_find(const void *addr, struct race__tsan_block *found);

#endif
