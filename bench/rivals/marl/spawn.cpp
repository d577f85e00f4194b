#include "channel.h"

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 3000000);
    run([=] {
        int64_t start = bench_now_ns();
        for (int left = count; left > 0; left -= 64) {
            marl::WaitGroup ended(64);
            for (int i = 0; i < 64; i++)
                marl::schedule([=] { ended.done(); });
            ended.wait();
        }
        bench_print_per_op(start, (count + 63) / 64 * 64);
    });
}
