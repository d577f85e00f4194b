/* The parts of a race record, as goc/race_record.h has them.
 *
 * Guard: the record room's lock.
 */
#ifndef GOC_RECORD_COMPOSE_H
#define GOC_RECORD_COMPOSE_H

#include "record/journal.h"
#include "record/record.h"

/* {"op":…}: SIZE bytes at ADDR, by the strand of record BIRTH, with TAG's kind, stack and
 * locks. */
void race__compose_access(struct race__line *line, uintptr_t addr, size_t size,
                          uint64_t tag, uint32_t birth);
/* [STRAND…]: all that were named so far, and their creators. */
void race__compose_strands(struct race__line *line);
/* MEMORY of ADDR. */
void race__compose_memory(struct race__line *line, uintptr_t addr);

#endif
