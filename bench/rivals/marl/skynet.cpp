#include "channel.h"

static void skynet(Channel<int64_t> *out, int64_t number, int64_t size)
{
    int64_t sum = 0;
    if (size == 1) {
        out->send(number);
        return;
    }
    auto children = std::make_shared<Channel<int64_t>>();
    for (int i = 0; i < 10; i++)
        marl::schedule(
            [=] { skynet(children.get(), number + i * (size / 10), size / 10); });
    for (int i = 0; i < 10; i++)
        sum += children->receive();
    out->send(sum);
}

int main(int argc, char **argv)
{
    int64_t size = bench_argument(argc, argv, 1, 1000000);
    static Channel<int64_t> result;
    run([=] {
        int64_t start = bench_now_ns();
        marl::schedule([=] { skynet(&result, 0, size); });
        if (result.receive() != size * (size - 1) / 2)
            abort();
        bench_print((double)(bench_now_ns() - start) / 1e6);
    });
}
