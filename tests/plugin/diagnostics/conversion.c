// A channel goes where its element, or anything but a channel, is expected.
#include <goc.h>

struct pair {
    int x, y;
};
struct holder {
    chan(int) c;
};
typedef chan(int) ints;

void takes_ints(chan(int) c, int n);
void takes_pointer(int *p);
void takes_any(void *p);

chan(long) give(chan(int) c)
{
    return c;
// CHECK: conversion.c:[[#@LINE-1]]:12: error: cannot use c (variable of type chan(int)) as chan(long) value in return statement
}

int number(chan(int) c)
{
    return c;
// CHECK: conversion.c:[[#@LINE-1]]:12: error: cannot use c (variable of type chan(int)) as int value in return statement
}

void use(chan(int) c, chan(long) l, chan(struct pair) pairs, ints named, struct holder *h,
         chan(int) * many)
{
    c = l;
// CHECK: conversion.c:[[#@LINE-1]]:9: error: cannot use l (variable of type chan(long)) as chan(int) value in assignment
    named = l;
// CHECK: conversion.c:[[#@LINE-1]]:13: error: cannot use l (variable of type chan(long)) as chan(int) value in assignment
    h->c = pairs;
// CHECK: conversion.c:[[#@LINE-1]]:12: error: cannot use pairs (variable of type chan(struct pair)) as chan(int) value in assignment
    takes_ints(l, 1);
// CHECK: conversion.c:[[#@LINE-1]]:16: error: cannot use l (variable of type chan(long)) as chan(int) value in argument to takes_ints
    chan(unsigned) u = c;
// CHECK: conversion.c:[[#@LINE-1]]:24: error: cannot use c (variable of type chan(int)) as chan(unsigned int) value in variable declaration
    struct holder other = {l};
// CHECK: conversion.c:[[#@LINE-1]]:28: error: cannot use l (variable of type chan(long)) as chan(int) value in initializer list
    chan(int) list[] = {c, l};
// CHECK: conversion.c:[[#@LINE-1]]:28: error: cannot use l (variable of type chan(long)) as chan(int) value in initializer list
    c = 3;
// CHECK: conversion.c:[[#@LINE-1]]:9: error: cannot use 3 (constant of type int) as chan(int) value in assignment
    int n = c;
// CHECK: conversion.c:[[#@LINE-1]]:13: error: cannot use c (variable of type chan(int)) as int value in variable declaration
    takes_pointer(c);
// CHECK: conversion.c:[[#@LINE-1]]:19: error: cannot use c (variable of type chan(int)) as int * value in argument to takes_pointer
    c = &n;
// CHECK: conversion.c:[[#@LINE-1]]:9: error: cannot use &n (value of type int *) as chan(int) value in assignment
    many[1] = l;
// CHECK: conversion.c:[[#@LINE-1]]:15: error: cannot use l (variable of type chan(long)) as chan(int) value in assignment

    goc_chan_close(c);
// CHECK: conversion.c:[[#@LINE-1]]:20: error: cannot use c (variable of type chan(int)) as goc_chan * value in argument to goc_chan_close
// CHECK: fix-it:"conversion.c":{[[#@LINE-2]]:20-[[#@LINE-2]]:20}:"(goc_chan *)"
    takes_any(h->c);
// CHECK: conversion.c:[[#@LINE-1]]:15: error: cannot use h->c (variable of type chan(int)) as void * value in argument to takes_any
// CHECK: fix-it:"conversion.c":{[[#@LINE-2]]:15-[[#@LINE-2]]:15}:"(void *)"
    goc_chan *bare = many[2];
// CHECK: conversion.c:[[#@LINE-1]]:22: error: cannot use many[2] (variable of type chan(int)) as goc_chan * value in variable declaration
// CHECK: fix-it:"conversion.c":{[[#@LINE-2]]:22-[[#@LINE-2]]:22}:"(goc_chan *)"
    void *any = c;
// CHECK: conversion.c:[[#@LINE-1]]:17: error: cannot use c (variable of type chan(int)) as void * value in variable declaration
// CHECK: fix-it:"conversion.c":{[[#@LINE-2]]:17-[[#@LINE-2]]:17}:"(void *)"

    bool same = c == l;
// CHECK: conversion.c:[[#@LINE-1]]:17: error: invalid operation: c == l (mismatched types chan(int) and chan(long))
    same = c != pairs;
// CHECK: conversion.c:[[#@LINE-1]]:12: error: invalid operation: c != pairs (mismatched types chan(int) and chan(struct pair))
    same = c == n;
// CHECK: conversion.c:[[#@LINE-1]]:12: error: invalid operation: c == n (mismatched types chan(int) and int)
    same = bare == c;
// CHECK: conversion.c:[[#@LINE-1]]:12: error: invalid operation: bare == c (mismatched types goc_chan * and chan(int))
    chan(int) chosen = same ? c : l;
// CHECK: conversion.c:[[#@LINE-1]]:31: error: invalid operation: same ? c : l (mismatched types chan(int) and chan(long))

    // Right: a typedef is what it names, a null pointer is nil, a channel is a condition.
    named = c;
    c = NULL;
    c = 0;
    c = any;
    same = c == named || !c || c == NULL;
    (void)u, (void)other, (void)list, (void)chosen, (void)same;
}

chan(int) outside_of_functions = 3;
// CHECK: conversion.c:[[#@LINE-1]]:34: error: cannot use 3 (constant of type int) as chan(int) value in variable declaration
