/* Calls that wait under another mask of signals. */
#ifndef GOC_INTERCEPT_MASKS_H
#define GOC_INTERCEPT_MASKS_H

#include <signal.h>
#include <stdint.h>

/* The mask is about to become SET (NULL: stays) for the time of a call.  Answers what
 * swapped, after the call, takes. */
uint64_t race__mask_swap(const sigset_t *set);
void race__mask_swapped(uint64_t unblocked);

#endif
