// What is received does not fit where it goes.
#include <goc.h>

struct pair {
    int x, y;
};
struct other {
    int x, y;
};

void takes(int *p);

void use(chan(int) c, chan(struct pair) pairs, chan(struct pair *) places,
         chan(const char *) texts, chan(chan_recv_only(int)) channels)
{
    int *p = chan_recv(c);
// CHECK: receive.c:[[#@LINE-1]]:14: error: cannot use chan_recv(c) (value of type int) as int * value in variable declaration
    struct other *o = chan_recv(places);
// CHECK: receive.c:[[#@LINE-1]]:23: error: cannot use chan_recv(places) (value of type struct pair *) as struct other * value in variable declaration
    char *text = chan_recv(texts);
// CHECK: receive.c:[[#@LINE-1]]:18: error: cannot use chan_recv(texts) (value of type const char *) as char * value in variable declaration
    takes(chan_recv(c));
// CHECK: receive.c:[[#@LINE-1]]:11: error: cannot use chan_recv(c) (value of type int) as int * value in argument to takes
    chan(int) d = chan_recv(channels);
// CHECK: receive.c:[[#@LINE-1]]:19: error: cannot use chan_recv(channels) (value of type chan_recv_only(int)) as chan(int) value in variable declaration
    int n = chan_recv(pairs);
// CHECK: receive.c:[[#@LINE-1]]:13: error: cannot use chan_recv(pairs) (value of type struct pair) as int value
    struct other record = chan_recv(pairs);
// CHECK: receive.c:[[#@LINE-1]]:27: error: cannot use chan_recv(pairs) (value of type struct pair) as struct other value

    chan_recv_ok(c, n);
// CHECK: receive.c:[[#@LINE-1]]:21: error: cannot use n (variable of type int) as int * value in argument to chan_recv_ok
// CHECK: fix-it:"receive.c":{[[#@LINE-2]]:21-[[#@LINE-2]]:21}:"&"
    chan_recv_ok(c, p);
    long l;
    chan_recv_ok(c, &l);
// CHECK: receive.c:[[#@LINE-1]]:21: error: cannot use &l (value of type long *) as int * value in argument to chan_recv_ok
    chan_recv_ok(pairs, record);
// CHECK: receive.c:[[#@LINE-1]]:25: error: cannot use record (value of type struct other) as struct pair * value in argument to chan_recv_ok
    chan_recv_ok(texts, text);
// CHECK: receive.c:[[#@LINE-1]]:25: error: cannot use text (variable of type char *) as const char ** value in argument to chan_recv_ok

    struct pair pair;
    bool ok;
    chan_select {
        chan_case_recv(places, o) {
// CHECK: receive.c:[[#@LINE-1]]:32: error: cannot use received value of type struct pair * as struct other * value in assignment
        }
        chan_case_recv(c, p) {
// CHECK: receive.c:[[#@LINE-1]]:27: error: cannot use received value of type int as int * value in assignment
        }
        chan_case_recv(pairs, n) {
// CHECK: receive.c:[[#@LINE-1]]:31: error: cannot use received value of type struct pair as int value in assignment
        }
        chan_case_recv(pairs, record, ok) {
// CHECK: receive.c:[[#@LINE-1]]:31: error: cannot use received value of type struct pair as struct other value in assignment
        }
        chan_case_recv(channels, d) {
// CHECK: receive.c:[[#@LINE-1]]:34: error: cannot use received value of type chan_recv_only(int) as chan(int) value in assignment
        }
        chan_case_recv(pairs, pair, ok) {
        }
        chan_case_recv(pairs, pair, record) {
// CHECK: receive.c:[[#@LINE-1]]:37: error: cannot use received ok of type bool as struct other value in assignment
        }
    }

    // Right.
    l = chan_recv(c);
    chan_recv_ok(c, NULL);
    chan_recv_ok(c, &n);
    chan_recv_ok(pairs, &pair);
    const char *constant = chan_recv(texts);
    (void)l, (void)ok, (void)constant, (void)text, (void)d;
}
