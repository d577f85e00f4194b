/* Each coroutine runs before its go returns. */
#include "../../bench.h"

#include <libmill.h>

static coroutine void nothing(void) {}

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 3000000);
    int64_t start = bench_now_ns();
    for (int i = 0; i < count; i++)
        go(nothing());
    bench_print_per_op(start, count);
}
