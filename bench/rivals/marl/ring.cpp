#include "channel.h"

enum { SIZE = 1000 };

int main(int argc, char **argv)
{
    int rounds = bench_argument(argc, argv, 1, 2000);
    static Channel<int> links[SIZE];
    run([=] {
        for (int i = 0; i < SIZE - 1; i++)
            marl::schedule([=] {
                for (;;)
                    links[i + 1].send(links[i].receive() + 1);
            });
        int64_t start = bench_now_ns();
        for (int i = 0; i < rounds; i++) {
            links[0].send(1);
            if (links[SIZE - 1].receive() != SIZE)
                abort();
        }
        bench_print_per_op(start, (int64_t)rounds * SIZE);
    });
}
