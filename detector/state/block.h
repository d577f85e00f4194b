/* Blocks: which memory was allocated where, for reports.
 *
 * A block is found by its first byte when it is freed, and by any byte when a race is
 * reported; the second looks back through the lines before the address, which is slow and
 * rare.  A freed block stays until its memory is new again.
 */
#ifndef GOC_STATE_BLOCK_H
#define GOC_STATE_BLOCK_H

#include "state/line.h"

/* What is known of a block. */
struct race__block {
    uintptr_t addr;
    size_t size;
    bool freed;           // it is not alive any more
    uint8_t kind;         // a number for race__block_kind
    uint32_t birth;       // the strand that allocated it, 0 unknown
    uint32_t leaf;        // where
    uint32_t freed_birth; // the strand that freed it, 0 unknown
    uint32_t freed_leaf;  // where
};

/* "heap", "channel": what race__block_add was told. */
const char *race__block_kind(const struct race__block *block);

/* A new block; KIND is a literal.  What was at that memory before has been forgotten
 * (state/forget.h). */
void race__block_add(uintptr_t addr, size_t size, const char *kind, uint32_t birth,
                     uint32_t leaf);
/* race__forget of the block's memory and race__block_add, under one lock of ADDR's line: a
 * record that stands there already is the new block's, and anything else of the line that
 * lies in the block goes. */
void race__block_renew(uintptr_t addr, size_t size, const char *kind, uint32_t birth,
                       uint32_t leaf);
/* The block that begins at ADDR is freed.  Its size; 0 where none is alive there.  NOTED: has
 * whoever used it left notes of it (state/shadow.h)?  All but a strand that was alone at some
 * time of the block's life. */
size_t race__block_free(uintptr_t addr, uint32_t birth, uint32_t leaf, bool *noted);
/* A thing that is a block's record, out of the line of HEAD and gone. */
void race__block_drop(uint64_t *head, struct race__thing *thing);
/* The size of the living block that begins at ADDR, 0 for none. */
size_t race__block_size(uintptr_t addr);
/* A copy of the innermost block that has ADDR in it; false where there is none. */
bool race__block_find(uintptr_t addr, struct race__block *block);

#endif
