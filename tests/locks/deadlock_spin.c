/* A spin lock and a mutex of C11's. */
#include "pair.h"

#include <threads.h>

static pthread_spinlock_t spin;
static mtx_t mutex;

static void first(void)
{
    pthread_spin_lock(&spin);
    mtx_lock(&mutex);
    mtx_unlock(&mutex);
    pthread_spin_unlock(&spin);
}

static void second(void)
{
    mtx_lock(&mutex);
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    mtx_unlock(&mutex);
}

// CHECK: takes pthread_spinlock 'spin' at:
// CHECK: holds mtx 'mutex', taken at:
// CHECK: takes mtx 'mutex' at:
// CHECK: holds pthread_spinlock 'spin', taken at:
int main(void)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    mtx_init(&mutex, mtx_plain);
    pair_in_order();
}
