/* When main returns the process ends, whoever else still runs: the two goroutines below
 * would sleep for an hour, and nobody waits for them. */
#include <goc.h>
#include <stdio.h>

static void too_late(const char *word)
{
    goc_sleep(GOC_HOUR);
    printf("%s\n", word);
}

int main(void)
{
    go too_late("foo");
    go too_late("bar");
    printf("main ends\n");
}

// CHECK: main ends
// CHECK-NOT: foo
// CHECK-NOT: bar
