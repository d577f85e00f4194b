/* Calls that wait under another mask of signals. */
#ifndef GOC_INTERCEPT_MASKS_H
#define GOC_INTERCEPT_MASKS_H

#include "base/bytes.h"

#include <signal.h>
#include <stdint.h>

/* SET as the kernel has it. */
static inline uint64_t race__signals_of(const sigset_t *set)
{
    uint64_t bits = 0;
    race__copy(&bits, set, sizeof bits);
    return bits;
}

/* The mask is about to become SET (NULL: stays) for the time of a call.  Answers what
 * swapped, after the call, takes. */
uint64_t race__mask_swap(const sigset_t *set);
void race__mask_swapped(uint64_t unblocked);

#endif
