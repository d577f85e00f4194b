/* Accesses that a strand makes again and again, one in each epoch: that it uses a channel. */
#ifndef GOC_DETECTOR_ENTRY_TOUCH_H
#define GOC_DETECTOR_ENTRY_TOUCH_H

#include <goc/race.h>
#include <stdint.h>

/* STRAND, which is watched, reads the byte at ADDR for the program's call at PC. */
void race__touch(goc_strand *strand, uintptr_t addr, const void *pc);

#endif
