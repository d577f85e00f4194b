/* Four threads at once, each on bytes of its own in words that all share, on blocks that it passes
 * on under a lock, and on what all only read: nothing races, whatever the moment. */
#include "check.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 4,
    WORDS = 64,
    PIECE = 13,
    PIECES = 32,
    ROUNDS = 30000,
    LOCK_EVERY = 16
};

static unsigned char bytes[WORDS][8]; // byte i: thread i % THREADS
static _Alignas(64) unsigned char pieces[PIECES * THREADS * PIECE]; // in turn
static uint32_t constants[WORDS]; // written before the threads
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned char *block; // mutex
static size_t block_size;    // mutex
static uint64_t sum;         // mutex

/* Whoever holds the lock checks the block that another has left, and leaves one. */
static void pass_on(uint32_t draw)
{
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < block_size; i++)
        CHECK_EQ(block[i], (unsigned char)block_size);
    free(block);
    block_size = 1 + draw % 100;
    block = malloc(block_size);
    memset(block, (int)block_size, block_size);
    sum += draw;
    pthread_mutex_unlock(&mutex);
}

static void *work(void *argument)
{
    size_t me = (size_t)argument;
    uint32_t draw = (uint32_t)me;
    for (int round = 0; round < ROUNDS; round++) {
        draw = draw * 1664525u + 1013904223u;
        size_t word = draw >> 20 & (WORDS - 1);
        bytes[word][me] = (unsigned char)round;
        bytes[word][me + THREADS] += bytes[word][me];
        unsigned char *piece =
            pieces + ((draw >> 10 & (PIECES - 1)) * THREADS + me) * PIECE;
        memset(piece, round, PIECE);
        CHECK_EQ(piece[draw % PIECE], (unsigned char)round);
        CHECK_EQ(constants[word], word);
        if (round % LOCK_EVERY == 0)
            pass_on(draw);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (uint32_t i = 0; i < WORDS; i++)
        constants[i] = i;
    for (size_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, work, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    free(block);
}
