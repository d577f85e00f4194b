// Mistakes that every compiler sees, without the plugin as well: the lines that say so.
#include <goc.h>

struct pair {
    int x, y;
};

void use(chan(int) c, chan(long) l, chan_send_only(int) in, chan_recv_only(int) out,
         chan(struct pair) pairs, struct pair pair, int *p, int n)
{
    c = l;                      // wrong
    c = in;                     // wrong
    in = out;                   // wrong
    pairs = c;                  // wrong
    c = p;                      // wrong
    c = 1;                      // wrong
    goc_chan_close(c);          // wrong
    chan_send(out, 1);          // wrong
    chan_send(c, p);            // wrong
    chan_send(pairs, 1);        // wrong
    chan_send(n, 1);            // wrong
    chan_close(out);            // wrong
    n = chan_recv(in);          // wrong
    n = chan_recv(pairs);       // wrong
    p = chan_recv(c);           // wrong
    chan_recv_ok(c, p + 0 == 0); // wrong
    chan_recv_ok(l, &n);        // wrong
    chan_range(v, in) n += v;   // wrong
    chan_default {}             // wrong
    go n + 1;                   // wrong
    chan_select
    {
        chan_case_send(out, 1) {} // wrong
        chan_case_recv(in, n) {}  // wrong
        chan_case_recv(pairs, n) {} // wrong
        chan_case_recv(c, p) {}     // wrong
        chan_case_recv(pairs, pair) {}
    }

    in = c;
    out = c;
    chan_send(in, n);
    n = chan_recv(out);
    chan_recv_ok(pairs, &pair);
}
