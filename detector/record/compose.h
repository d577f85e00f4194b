/* The parts of a race record, as goc/race_record.h has them.
 *
 * Guard: the record room's lock.
 */
#ifndef GOC_RECORD_COMPOSE_H
#define GOC_RECORD_COMPOSE_H

#include "record/error.h"
#include "record/journal.h"
#include "record/record.h"

/* {"op":…}: SIZE bytes at ADDR, by the strand of record BIRTH, with TAG's kind, stack and
 * locks. */
void race__compose_access(struct race__line *line, uintptr_t addr, size_t size,
                          uint64_t tag, uint32_t birth);
/* STEP of an error, and the LOCK that it names. */
void race__compose_step(struct race__line *line, const struct race__step *step);
void race__compose_lock(struct race__line *line, const struct race__step *step);
/* [STRAND…]: all that were named so far, and their creators. */
void race__compose_strands(struct race__line *line);
/* MEMORY of ADDR. */
void race__compose_memory(struct race__line *line, uintptr_t addr);

#endif
