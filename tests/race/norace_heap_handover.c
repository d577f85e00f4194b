/* A block that one thread fills and another frees, with order between them. */
#include "pair.h"

#include <stdlib.h>
#include <string.h>

static char *block;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
    char *mine = malloc(100);
    memset(mine, 'x', 100);
    pthread_mutex_lock(&mutex);
    block = mine;
    pthread_mutex_unlock(&mutex);
}

static void second(void)
{
    pthread_mutex_lock(&mutex);
    char *theirs = block;
    pthread_mutex_unlock(&mutex);
    CHECK_EQ(theirs[99], 'x');
    theirs = realloc(theirs, 5000);
    CHECK_EQ(theirs[99], 'x');
    theirs[4999] = 'y';
    free(theirs);
}

int main(void)
{
    pair_in_order();
}
