/* Each coroutine runs before its go returns, and the bundle frees it. */
#include "../../bench.h"

#include <libdill.h>

static coroutine void nothing(void) {}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 3000000);
    int all = bundle();
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++)
        if (bundle_go(all, nothing()) != 0)
            abort();
    if (bundle_wait(all, -1) != 0)
        abort();
    bench_print_per_op(start, count);
}
