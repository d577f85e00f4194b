/* Every use of a channel of every direction: what converts, and what each end allows. */
#include <goc.h>

static chan_recv_only(int) r;
static chan_send_only(int) s;
static chan(int) c;

static void conversions(void)
{
    r = c;
    s = c;
    c = r; // expected-error {{cannot use r (variable of type chan_recv_only(int))}}
    c = s; // expected-error {{cannot use s (variable of type chan_send_only(int))}}
    r = s; // expected-error {{as chan_recv_only(int) value in assignment}}
    s = r; // expected-error {{as chan_send_only(int) value in assignment}}
}

static void operations(void)
{
    int x;
    chan_send(c, 0);
    x = chan_recv(c);
    bool ok = chan_recv_ok(c, &x);

    chan_send(r, 0); // expected-error {{cannot send to receive-only channel r}}
    x = chan_recv(r);
    ok = chan_recv_ok(r, &x);

    chan_send(s, 0);
    x = chan_recv(s); // expected-error {{cannot receive from send-only channel s}}
    ok =
        chan_recv_ok(s, &x); // expected-error {{cannot receive from send-only channel s}}
    (void)ok;
    (void)x;
}

static void selected(void)
{
    int x;
    chan_select {
        chan_case_send(c, 0) {
        }
        chan_case_recv(c, x) {
        }
        chan_case_send(r, 0) { // expected-error {{cannot send to receive-only channel r}}
        }
        chan_case_recv(r, x) {
        }
        chan_case_send(s, 0) {
        }
        chan_case_recv(s, x) { // expected-error {{cannot receive from send-only channel}}
        }
        chan_case_recv(s) { // expected-error {{cannot receive from send-only channel s}}
        }
    }
    (void)x;
}

static void ranges_and_closes(void)
{
    chan_range(v, c)
        (void)v;
    chan_range(v, r)
        (void)v;
    chan_range(v, s) // expected-error {{cannot range over s}}
        (void)v;
    chan_close(c);
    chan_close(s);
    chan_close(r); // expected-error {{cannot close receive-only channel r}}
}

int main(void)
{
    conversions();
    operations();
    selected();
    ranges_and_closes();
}
