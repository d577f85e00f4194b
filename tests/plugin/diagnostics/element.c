// Types that can be no element.
#include <goc.h>

void use(int n)
{
    goc_chan *c;
    c = (goc_chan *)chan_make(void, 0);
    c = (goc_chan *)chan_make(int[4], 0);
    c = (goc_chan *)chan_make(int(*)[n], 0);
    c = (goc_chan *)chan_make(int(void), 0);
    c = (goc_chan *)chan_make(struct nobody, 0);
// CHECK: element.c:[[#@LINE-1]]:21: error: invalid application of 'sizeof' to an incomplete type 'struct nobody'
// CHECK: element.c:[[#@LINE-2]]:38: note: forward declaration of 'struct nobody'
// CHECK: element.c:[[#@LINE-7]]:21: error: invalid channel element type void
// CHECK: element.c:[[#@LINE-7]]:21: error: invalid channel element type int[4]: it cannot be copied by assignment
// CHECK: element.c:[[#@LINE-7]]:21: error: invalid channel element type int (*)[n]: its size is not constant
// CHECK: element.c:[[#@LINE-7]]:21: error: invalid channel element type int (void): it cannot be copied by assignment
    chan(int[2]) array;
// CHECK: element.c:[[#@LINE-1]]:5: error: invalid channel element type int[2]: it cannot be copied by assignment
    chan(int(int)) function;
// CHECK: element.c:[[#@LINE-1]]:5: error: invalid channel element type int (int): it cannot be copied by assignment

    // Right.
    chan(int(*)[4]) rows = chan_make(int(*)[4], 0);
    chan(int (*)(void)) calls = chan_make(int (*)(void), 1);
    chan(struct nobody *) places = chan_make(struct nobody *, 1);
    chan(chan(int)) channels = chan_make(chan(int), 1);
    (void)c, (void)rows, (void)calls, (void)places, (void)channels;
}
