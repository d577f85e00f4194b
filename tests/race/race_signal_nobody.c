/* A thread of a runtime's that runs no goroutine is interrupted: the handler is a strand all the
 * same.  As a runtime would, the program itself says that its thread runs nobody. */
// BEYOND TSAN: a handler is no party of its own there.
#include "interrupt.h"

/* Of goc/race.h, which is not the program's. */
typedef struct goc_strand goc_strand;
goc_strand *goc_race_strand_current(void);
void goc_race_strand_switch(goc_strand *strand);

int shared;

static void handle(int signal)
{
    (void)signal;
    shared = 1; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_handled();
}

UNSEEN static void schedule(void)
{
    goc_strand *mine = goc_race_strand_current();
    goc_race_strand_switch(NULL);
    interrupt(SIGUSR1);
    goc_race_strand_switch(mine);
}

// CHECK-GOC-DAG: by signal handler:
// CHECK-GOC-DAG: Signal handler was installed at:
int main(void)
{
    pthread_t sender = interrupt_start();
    CHECK(signal(SIGUSR1, handle) == SIG_DFL);
    schedule();
    shared = 2; // CHECK-DAG: .c:[[#@LINE]]:
    interrupt_stop(sender);
}
