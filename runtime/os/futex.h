/* Sleep on a word until somebody changes it.  Spurious returns happen: look at the word
 * again. */
#ifndef GOC_OS_FUTEX_H
#define GOC_OS_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#define FUTEX_NO_DEADLINE INT64_MAX

/* Sleep while *WORD is EXPECTED, until a wake or until DEADLINE, nanoseconds on
 * goc__clock_now()'s clock.
 * Returns  true: woken or interrupted, or *WORD was not EXPECTED; false: the time is up. */
bool goc__futex_wait(uint32_t *word, uint32_t expected, int64_t deadline);

/* Wake at most COUNT threads that sleep on WORD. */
void goc__futex_wake(uint32_t *word, int count);

#endif
