/* Memory that is new: what was known of it is known no more. */
#ifndef GOC_STATE_FORGET_H
#define GOC_STATE_FORGET_H

#include "state/line.h"

#include <stddef.h>
#include <stdint.h>

/* Accesses to [ADDR, ADDR + SIZE), sync objects and blocks that begin there. */
void race__forget(uintptr_t addr, size_t size);
/* The same, but for what is in ADDR's line: somebody looks through that anyway. */
void race__forget_around(uintptr_t addr, size_t size);
/* With the lock of THING's line, whose head this is. */
void race__forget_thing(uint64_t *head, struct race__thing *thing);

#endif
