#include "../../resident.h"

#include <libmill.h>

static coroutine void wait_for(chan gate)
{
    chr(gate, int);
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 1000000);
    chan gate = chmake(int, 0);
    long before = resident_bytes();
    for (int i = 0; i < count; i++)
        go(wait_for(gate));
    bench_print((double)(resident_bytes() - before) / count);
}
