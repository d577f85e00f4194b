/* The random choices that a program can observe: which ready arm a select takes.
 *
 * Like the choice of the next goroutine they are a schedule's, so they are asked for here
 * and nowhere else: a controlled schedule can then repeat them.
 */
#ifndef GOC_SCHED_RANDOM_H
#define GOC_SCHED_RANDOM_H

#include <stdint.h>

/* A number from 0 up to, not including, BOUND, which is not 0; uniform.
 * Never blocks.  Callable from goroutines and from plain threads. */
uint32_t goc__random_below(uint32_t bound);

#endif
