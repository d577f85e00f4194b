/* What the runtime knows of where it runs. */
#include <goc.h>
#include <stdio.h>

static void wait_for(chan_recv_only(bool) gate)
{
    chan_recv(gate);
}

int main(void)
{
    printf("OS %s, ARCH %s\n", GOC_OS, GOC_ARCH);
    printf("CPUs: %s\n", goc_num_cpu() >= 1 ? "at least one" : "none?");
    printf("GOMAXPROCS was %s\n", goc_maxprocs(0) >= 1 ? "set" : "unset?");

    chan(bool) gate = chan_make(bool, 0);
    for (int i = 0; i < 3; i++)
        go wait_for(gate);
    printf("goroutines: %d\n", goc_num_goroutine());
    chan_close(gate);
}

// CHECK:      OS linux, ARCH amd64
// CHECK-NEXT: CPUs: at least one
// CHECK-NEXT: GOMAXPROCS was set
// CHECK-NEXT: goroutines: 4
