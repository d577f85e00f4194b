/* TSan's search for deadlocks hangs at the 64th lock held; the bridge switches it off. */
#include <goc.h>
#include <pthread.h>

enum { LOCKS = 100 };

static pthread_mutex_t theirs[LOCKS];
static goc_mutex ours[LOCKS];

int main(void)
{
    for (int i = 0; i < LOCKS; i++) {
        pthread_mutex_init(&theirs[i], NULL);
        pthread_mutex_lock(&theirs[i]);
        goc_mutex_lock(&ours[i]);
    }
    for (int i = 0; i < LOCKS; i++) {
        pthread_mutex_unlock(&theirs[i]);
        goc_mutex_unlock(&ours[i]);
    }
}
