/* A goroutine may unlock what another locked: it orders as any unlock does. */
#include <goc.h>

enum { ROUNDS = 100 };

static goc_mutex mutex;
static goc_waitgroup done;
static int shared;

static void hand_back(void)
{
    shared++;
    goc_mutex_unlock(&mutex);
}

static void use(void)
{
    goc_mutex_lock(&mutex);
    shared++;
    goc_mutex_unlock(&mutex);
    goc_waitgroup_done(&done);
}

int main(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        goc_waitgroup_add(&done, 1);
        goc_mutex_lock(&mutex);
        go use();
        go hand_back();
        goc_waitgroup_wait(&done);
    }
}
