/* GOC_RACE=halt_on_error=1: the first misuse is the last thing that happens. */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

// CHECK-NOT: went on
// CHECK: WARNING:
// CHECK: misuse_halt.c:[[#@LINE+5]]:
// CHECK-NOT: second
// CHECK-NOT: went on
int main(void)
{
    pthread_mutex_unlock(&first);
    (void)!write(STDOUT_FILENO, "went on\n", 8);
    pthread_mutex_unlock(&second);
}
