// A value is neither const nor volatile: what T's qualifiers say of its channel is nothing.
#include <goc.h>

static double pass_on(chan(double) numbers)
{
    chan(const volatile double) still_numbers = numbers;
    chan_send(still_numbers, 0.5);
    numbers = chan_recv(still_numbers) > 0 ? chan_make(const double, 1) : still_numbers;
    return chan_recv(numbers);
}

int main(void)
{
    return pass_on(chan_make(double, 1)) < 0;
}
