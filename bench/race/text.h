/* Text that compresses as prose does: words of a small vocabulary, the frequent far more often.
 * The same in every run. */
#ifndef BENCH_RACE_TEXT_H
#define BENCH_RACE_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { TEXT_WORDS = 2048, TEXT_WORD_MAX = 12 };

static inline uint32_t text_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Write SIZE bytes of text to TO. */
static inline void text_fill(char *to, size_t size)
{
    static char words[TEXT_WORDS][TEXT_WORD_MAX];
    static size_t lengths[TEXT_WORDS];
    uint32_t state = 2463534242u;
    for (size_t w = 0; w < TEXT_WORDS; w++) {
        lengths[w] = 2 + text_random(&state) % (TEXT_WORD_MAX - 2);
        for (size_t i = 0; i < lengths[w]; i++)
            words[w][i] = (char)('a' + text_random(&state) % 26);
    }
    for (size_t at = 0; at < size;) {
        /* The lesser of two draws, squared down once more: few words make up most. */
        uint32_t first = text_random(&state) % TEXT_WORDS;
        uint32_t second = text_random(&state) % TEXT_WORDS;
        size_t w = (size_t)first * second / TEXT_WORDS;
        for (size_t i = 0; i < lengths[w] && at < size; i++)
            to[at++] = words[w][i];
        if (at < size)
            to[at++] = text_random(&state) % 16 == 0 ? '\n' : ' ';
    }
}

#endif
