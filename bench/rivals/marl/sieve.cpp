#include "channel.h"

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 2000);
    run([=] {
        int64_t start = bench_now_ns();
        auto *in = new Channel<int>();
        marl::schedule([=] {
            for (int i = 2;; i++)
                in->send(i);
        });
        int prime = 0;
        for (int i = 0; i < count; i++) {
            prime = in->receive();
            auto *out = new Channel<int>();
            marl::schedule([=] {
                for (;;) {
                    int n = in->receive();
                    if (n % prime != 0)
                        out->send(n);
                }
            });
            in = out;
        }
        if (count == 2000 && prime != 17389)
            abort();
        bench_print((double)(bench_now_ns() - start) / 1e6);
    });
}
