#include "channel.h"

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 2, 8000000);
    static Channel<int> channel(100);
    run([=] {
        int64_t start = bench_now_ns();
        marl::schedule([=] {
            for (int i = 0; i < count; i++)
                channel.send(i);
        });
        for (int i = 0; i < count; i++)
            if (channel.receive() != i)
                abort();
        bench_print_per_op(start, count);
    });
}
