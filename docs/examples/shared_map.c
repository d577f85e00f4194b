/* A map that many goroutines use, and a semaphore that lets two of them work at a time.  Values
 * that are pointers stay the program's: who takes one out frees it. */
#include <goc.h>
#include <goc/map.h>
#include <goc/semaphore.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 6 };

static goc_map lengths;
static goc_semaphore places = GOC_SEMAPHORE_INIT(2);

static void measure(const char *word, uintptr_t key, goc_waitgroup *done)
{
    goc_semaphore_acquire(&places, 1);
    int *length = malloc(sizeof *length);
    for (*length = 0; word[*length]; ++*length) {
    }
    uintptr_t before;
    if (goc_map_load_or_store(&lengths, key, (uintptr_t)length, &before))
        free(length); /* somebody was faster */
    goc_semaphore_release(&places, 1);
    goc_waitgroup_done(done);
}

static bool add_and_take_out(void *total, uintptr_t key, uintptr_t value)
{
    *(int *)total += *(int *)value;
    goc_map_delete(&lengths, key);
    free((int *)value);
    return true;
}

int main(void)
{
    static const char *const words[WORDS] = {"do", "not",     "communicate",
                                             "by", "sharing", "memory"};
    goc_waitgroup done = {0};
    for (int i = 0; i < 2 * WORDS; i++) {
        goc_waitgroup_add(&done, 1);
        go measure(words[i % WORDS], (uintptr_t)i % WORDS, &done);
    }
    goc_waitgroup_wait(&done);
    uintptr_t longest;
    if (goc_map_load(&lengths, 2, &longest))
        printf("%s has %d letters\n", words[2], *(int *)longest);
    int total = 0;
    goc_map_range(&lengths, add_and_take_out, &total);
    printf("%d in all\n", total);
    goc_map_free(&lengths);
}

// CHECK:      communicate has 11 letters
// CHECK-NEXT: 31 in all
