// What is sent does not fit the channel's element.
#include <goc.h>

struct pair {
    int x, y;
};
struct other {
    int x, y;
};

void use(chan(int) c, chan(struct pair) pairs, chan(char *) texts,
         chan(const char *) constants, chan(chan(int)) channels,
         chan(struct pair *) places, chan(void (*)(int)) calls, chan_recv_only(int) out,
         struct other o, void (*f)(long), const char *constant)
{
    chan_send(c, "text");
// CHECK: send.c:[[#@LINE-1]]:18: error: cannot use "text" (constant of type char[5]) as int value in send
    chan_send(c, &o);
// CHECK: send.c:[[#@LINE-1]]:18: error: cannot use &o (value of type struct other *) as int value in send
    chan_send(c, (struct pair){1, 2});
// CHECK: send.c:[[#@LINE-1]]:18: error: cannot use (struct pair){1, 2} (value of type struct pair) as int value in send
    chan_send(pairs, 1);
// CHECK: send.c:[[#@LINE-1]]:22: error: cannot use 1 (value of type int) as struct pair value in send
    chan_send(pairs, o);
// CHECK: send.c:[[#@LINE-1]]:22: error: cannot use o (value of type struct other) as struct pair value in send
    chan_send(texts, 1);
// CHECK: send.c:[[#@LINE-1]]:22: error: cannot use 1 (constant of type int) as char * value in send
    chan_send(texts, constant);
// CHECK: send.c:[[#@LINE-1]]:22: error: cannot use constant (variable of type const char *) as char * value in send
    chan_send(constants, &o);
// CHECK: send.c:[[#@LINE-1]]:26: error: cannot use &o (value of type struct other *) as const char * value in send
    chan_send(channels, out);
// CHECK: send.c:[[#@LINE-1]]:25: error: cannot use out (variable of type chan_recv_only(int)) as chan(int) value in send
    chan_send(channels, 1);
// CHECK: send.c:[[#@LINE-1]]:25: error: cannot use 1 (constant of type int) as chan(int) value in send
    chan_send(places, &o);
// CHECK: send.c:[[#@LINE-1]]:23: error: cannot use &o (value of type struct other *) as struct pair * value in send
    chan_send(calls, f);
// CHECK: send.c:[[#@LINE-1]]:22: error: cannot use f (variable of type void (*)(long)) as void (*)(int) value in send
    chan_select {
        chan_case_send(c, "text") {
// CHECK: send.c:[[#@LINE-1]]:27: error: cannot use "text" (constant of type char[5]) as int value in send
        }
        chan_case_send(pairs, 1) {
// CHECK: send.c:[[#@LINE-1]]:31: error: cannot use 1 (value of type int) as struct pair value in send
        }
        chan_case_send(pairs, o) {
// CHECK: send.c:[[#@LINE-1]]:31: error: cannot use o (value of type struct other) as struct pair value in send
        }
        chan_case_send(places, &o) {
// CHECK: send.c:[[#@LINE-1]]:32: error: cannot use &o (value of type struct other *) as struct pair * value in send
        }
    }

    // Right: what an assignment would take.
    chan_send(c, 1.5);
    chan_send(c, 'x');
    chan_send(pairs, (struct pair){1, 2});
    chan_send(constants, "text");
    chan_send(channels, c);
    chan_send(channels, NULL);
    chan_send(places, 0);
}
