/* Two threads at once through sixteen places, each of which writes words of its own: one race a
 * place, whoever comes first and however closely they meet; and none between two places.
 *
 * CHECK-COUNT-16: WARNING: DATA RACE
 * CHECK-NOT: WARNING: DATA RACE
 */
// BEYOND TSAN: it sees none of them where the one thread has ended before the other begins
#include "check.h"

#include <pthread.h>

enum { PLACES = 16, WORDS = 32, ROUNDS = 2000 };

long words[PLACES]
          [WORDS]; // visible elsewhere: else nobody reads it, and nobody writes it

#define PLACE(n)                                                                         \
    static __attribute__((noinline)) void write_##n(int word)                            \
    {                                                                                    \
        words[n][word] = n;                                                              \
    }
PLACE(0)
PLACE(1)
PLACE(2)
PLACE(3)
PLACE(4)
PLACE(5)
PLACE(6)
PLACE(7)
PLACE(8)
PLACE(9)
PLACE(10)
PLACE(11)
PLACE(12)
PLACE(13)
PLACE(14)
PLACE(15)

static void (*const write_word[PLACES])(int) = {
    write_0, write_1, write_2,  write_3,  write_4,  write_5,  write_6,  write_7,
    write_8, write_9, write_10, write_11, write_12, write_13, write_14, write_15,
};

static void *work(void *unused)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int word = 0; word < WORDS; word++)
            write_word[round % PLACES](word);
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, work, NULL), 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
}
