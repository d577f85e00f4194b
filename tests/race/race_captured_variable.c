/* Capturing a __block variable orders nothing between those who use it. */
#include <goc.h>

int main(void)
{
    chan(bool) done = chan_make(bool, 1);
    __block int value = 0;
    go ^{
        value = 1;
        chan_send(done, true);
    }();
    value = 2;
    chan_recv(done);
    return value == 0;
}
