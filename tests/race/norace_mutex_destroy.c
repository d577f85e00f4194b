/* The last user of a mutex destroys and frees it. */
#include "pair.h"

#include <stdlib.h>

struct object {
    pthread_mutex_t mutex;
    int users;
};

static struct object *object;

static void release(void)
{
    pthread_mutex_lock(&object->mutex);
    int left = --object->users;
    pthread_mutex_unlock(&object->mutex);
    if (left == 0) {
        pthread_mutex_destroy(&object->mutex);
        free(object);
    }
}

static void first(void)
{
    release();
}

static void second(void)
{
    release();
}

int main(void)
{
    object = malloc(sizeof *object);
    pthread_mutex_init(&object->mutex, NULL);
    object->users = 2;
    pair_in_order();
}
