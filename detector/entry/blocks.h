/* Memory that begins and ends, whoever hands it out. */
#ifndef GOC_DETECTOR_ENTRY_BLOCKS_H
#define GOC_DETECTOR_ENTRY_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* As goc_race_memory_new and goc_race_memory_free. */
void race__block_begin(uintptr_t addr, size_t size, const char *kind, const void *pc);
void race__block_end(uintptr_t addr, size_t size, const void *pc);

#endif
