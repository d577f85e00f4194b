/* Bit-fields that share a unit are one memory location (C17 3.14): a report names all that the
 * access was of. */
// CHECK-GOC-DAG: Location is global 'flags.{one:1, other:1}' in 'flags' of size 4
// CHECK-GOC-DAG: 'struct job.{ready:1, kind:3}' (offset 8), allocated
// CHECK-GOC-DAG: to order them: guard all bit-fields beside each other with one pthread_mutex_t
#include "pair.h"

#include <stdlib.h>

struct flags {
    unsigned one : 1;
    unsigned other : 1;
};

struct job {
    long number;
    unsigned ready : 1;
    unsigned kind : 3;
};

struct flags flags;
static struct job *job;

static void first(void)
{
    flags.one = 1;  // CHECK-DAG: .c:[[#@LINE]]:
    job->ready = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    flags.other = 1; // CHECK-DAG: .c:[[#@LINE]]:
    job->kind = 2;   // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    job = calloc(1, sizeof *job);
    pair_in_order();
    free(job);
}
