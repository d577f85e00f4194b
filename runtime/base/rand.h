/* Random numbers that are fast, seedable and good enough to be fair; never for secrets.
 * xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators,
 * scrambled", ACM TOMS 42 (2016).  One state an owner; nothing here is atomic. */
#ifndef GOC_BASE_RAND_H
#define GOC_BASE_RAND_H

#include <stdint.h>

struct rand {
    uint64_t state; /* never 0 */
};

static inline void rand_seed(struct rand *rand, uint64_t seed)
{
    /* The increment of splitmix64 keeps neighbouring seeds apart, the 1 keeps 0 out. */
    rand->state = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15) | 1;
}

static inline uint64_t rand_next(struct rand *rand)
{
    uint64_t x = rand->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    rand->state = x;
    return x * UINT64_C(0x2545F4914F6CDD1D);
}

/* A number from 0 up to, not including, BOUND, which is not 0.  Lemire, "Fast random
 * integer generation in an interval" (2019), without the rejection: the bias is below
 * 2^-32 * BOUND. */
static inline uint32_t rand_below(struct rand *rand, uint32_t bound)
{
    return (uint32_t)(((rand_next(rand) >> 32) * bound) >> 32);
}

#endif
