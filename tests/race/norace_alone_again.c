/* Alone, then not, then alone again: what one did while it was alone is before all that
 * threads born later do, and what joined threads did is before what it does then. */
#include "pair.h"

#define WORDS 1000
#define ROUNDS 5

static long words[WORDS];

static void first(void)
{
    for (int i = 1; i < WORDS; i += 2)
        words[i]++;
    for (int i = 0; i < WORDS; i += 2)
        CHECK_EQ(words[i], words[0]);
}

static void second(void)
{
    for (int i = 0; i < WORDS; i += 2)
        CHECK_EQ(words[i], words[0]);
}

static void *run_alone(void *unused)
{
    first();
    return unused;
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t thread;
        for (int i = 0; i < WORDS; i++)
            words[i] = round;
        CHECK_EQ(pthread_create(&thread, NULL, run_alone, NULL), 0);
        second();
        CHECK_EQ(pthread_join(thread, NULL), 0);
        for (int i = 0; i < WORDS; i++)
            CHECK_EQ(words[i], round + i % 2);
    }
    (void)pair_in_order, (void)pair_at_once;
}
