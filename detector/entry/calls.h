/* The open calls of the running strand, for whoever changes stacks beneath it. */
#ifndef GOC_DETECTOR_ENTRY_CALLS_H
#define GOC_DETECTOR_ENTRY_CALLS_H

#include <stdint.h>

/* Open calls, outermost first. */
struct race__calls {
    const void **pc; // owned
    uint32_t depth;
};

void race__calls_keep(struct race__calls *calls);
/* What was kept are the open calls of the strand that runs now; CALLS is gone. */
void race__calls_again(struct race__calls *calls);
/* None is open: a new stack begins. */
void race__calls_none(void);

#endif
