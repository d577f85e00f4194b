/* A place in a heap block → the member of the struct that the program had in mind there.
 *
 * The compiler noted which member of which struct each line and column accesses
 * (plugin/instrument/Members.h); what the struct looks like is in the debug information
 * of the access's compile unit.  A name is given only where everything agrees: the
 * struct's extent, the block's, and all notes of the place.
 */
#ifndef REPORT_MEMBER_H
#define REPORT_MEMBER_H

#include "report/arena.h"
#include "report/image.h"
#include "report/model.h"
#include "report/part.h"

/* Some bytes of a block. */
struct block_part {
    uint64_t offset; // from the block's beginning
    uint64_t size;
    uint64_t block_size;
};

/* What the code at ADDRESS of IMAGE, which stands at PLACE in the source, accesses as
 * PART: "struct job.count"; no path where nobody knows. */
struct part member_find(struct arena *arena, struct image *image, uint64_t address,
                        const struct frame *place, const struct block_part *part);

#endif
