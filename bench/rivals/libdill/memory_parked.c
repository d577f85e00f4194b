#include "../../resident.h"

#include <libdill.h>

static coroutine void wait_for(int gate)
{
    char nothing;
    chrecv(gate, &nothing, sizeof nothing, -1);
}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 1000000);
    int gate[2];
    if (chmake(gate) != 0)
        abort();
    long before = resident_bytes();
    for (int i = 0; i < count; i++)
        if (dill_go(wait_for(gate[1])) < 0)
            abort();
    bench_print((double)(resident_bytes() - before) / count);
}
