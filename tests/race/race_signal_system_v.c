/* signal() of a program that is compiled to the letter of ISO C is another function. */
// FLAGS: -std=c11 -U_GNU_SOURCE -D_POSIX_C_SOURCE=200809L
// BEYOND TSAN: a handler is no party of its own there.
#include <pthread.h>
#include <signal.h>

int shared;
static volatile sig_atomic_t came;

static void handle(int signal)
{
    (void)signal;
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    came = 1;
}

static void *send(void *thread)
{
    pthread_kill(*(pthread_t *)thread, SIGTERM);
    return NULL;
}

// CHECK-GOC-DAG: by signal handler in main thread
int main(void)
{
    pthread_t self = pthread_self();
    pthread_t thread;
    if (signal(SIGTERM, handle) == SIG_ERR ||
        pthread_create(&thread, NULL, send, &self) != 0)
        return 1;
    while (!came)
        ;
    shared++; // CHECK-DAG: .c:[[#@LINE]]:
    return pthread_join(thread, NULL);
}
