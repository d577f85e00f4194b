/* Memory that is new: what was known of it is known no more. */
#ifndef GOC_STATE_FORGET_H
#define GOC_STATE_FORGET_H

#include <stddef.h>
#include <stdint.h>

/* Accesses to [ADDR, ADDR + SIZE), sync objects and blocks that begin there. */
void race__forget(uintptr_t addr, size_t size);

#endif
