#include "channel.h"

int main(int argc, char **argv)
{
    int rounds = bench_argument(argc, argv, 1, 2000000);
    static Channel<int> there, back;
    run([=] {
        marl::schedule([] {
            for (;;)
                back.send(there.receive());
        });
        int64_t start = bench_now_ns();
        for (int i = 0; i < rounds; i++) {
            there.send(i);
            if (back.receive() != i)
                abort();
        }
        bench_print_per_op(start, rounds);
    });
}
