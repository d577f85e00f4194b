#include "../../resident.h"
#include "channel.h"

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 1000000);
    static Channel<char> gate;
    run([=] {
        marl::WaitGroup parked(count);
        long before = resident_bytes();
        for (int i = 0; i < count; i++)
            marl::schedule([=] {
                parked.done();
                gate.receive();
            });
        parked.wait();
        bench_print((double)(resident_bytes() - before) / count);
    });
}
