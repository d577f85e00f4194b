// Right uses of block literals, which clang has alone.
#include <goc.h>

int main(void)
{
    chan(int) c = chan_make(int, 1);
    __block int sum = 0;
    int twice = 2;
    go ^{
        sum += twice;
        chan_send(c, sum);
    }();
    go ^(chan_send_only(int) out, int v) {
        chan_select
        {
            chan_case_send(out, v * twice) {}
            chan_default {}
        }
    }(c, 3);
    void (^block)(void) = ^{
        chan_close(c);
    };
    go block();
    return chan_recv(c);
}
