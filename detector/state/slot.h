/* Slots of vector clocks: who has which, and when one may be had again.
 *
 * A slot that its strand has left waits in a queue with the last epoch that the strand
 * left anywhere, in a mark or in a view it handed on.  Who knows that epoch knows all
 * that ever happened on the slot, so a strand that begins with such knowledge may go on
 * there, with later clocks.
 *
 * Whoever ends without anybody waiting keeps a slot for good.  Once all are in use, strands
 * begin where somebody was whom they do not know.  Clocks then say too much and too little,
 * and from there on no race is reported: the program goes on.
 */
#ifndef GOC_STATE_SLOT_H
#define GOC_STATE_SLOT_H

#include "state/view.h"

extern uint32_t race__slot_max; // const but for tests: slots are below it

void race__slot_init(void);
/* The next two with race__life.  A slot for a strand that begins with VIEW (no own epoch yet), and
 * whose record is BIRTH.  Answers its first epoch; *PREVIOUS is the record of whoever had the slot
 * before. */
race__epoch race__slot_take(const struct race__view *view, uint32_t birth,
                            uint32_t *previous);
/* The strand whose present epoch is OWN leaves its slot; LAST is the last epoch it left
 * anywhere, none where it left nothing. */
void race__slot_give(race__epoch own, race__epoch last);
/* Are there strands that share a slot though nothing orders them? */
bool race__slots_mixed(void);
/* The newest record on SLOT, 0 where it was never in use. */
uint32_t race__slot_birth(uint32_t slot);
/* How many slots were ever in use. */
uint32_t race__slot_count(void);

#endif
