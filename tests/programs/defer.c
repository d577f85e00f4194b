/* goc_defer wherever a function may have it: results of any type, blocks, loops, goto, variable
 * lengths, arguments evaluated at once, goroutines that exit. */
#include <goc.h>
#include <goc/errgroup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *text, int n)
{
    printf("%s %d\n", text, n);
}

static void recover(void)
{
    const char *text = goc_recover();
    printf("recovered %s\n", text ? text : "nothing");
}

/* The arguments are those of the moment, the function pointer as well. */
static void evaluated_at_once(void)
{
    int n = 1;
    void (*f)(const char *, int) = say;
    goc_defer f("then", n);
    f = NULL;
    n = 2;
    say("now", n);
}

/* The operand of return comes before what is deferred. */
static int counter;

static int count(void)
{
    goc_defer ^{
        counter++;
    }();
    return counter;
}

struct large {
    char text[100];
};

static struct large large(int how)
{
    goc_defer ^{
        if (goc_recover())
            strcpy(((struct large *)goc_result())->text, "assigned");
    }();
    struct large value = {"returned"};
    if (how == 0)
        return value;
    goc_panic("large");
}

static double number(void)
{
    goc_defer recover();
    goc_panic("%s", "number");
}

static const char *string(void)
{
    goc_defer recover();
    free(NULL);
    goc_panic("string");
}

static int in_blocks(void)
{
    int (^twice)(int) = ^(int n) {
        goc_defer say("end of the block", n);
        if (n < 0)
            return 0;
        return 2 * n;
    };
    __block int sum = 0;
    goc_defer ^{
        goc_defer say("sum", sum);
        sum += 100;
    }();
    sum = twice(4);
    return sum + twice(-1);
}

/* Jumps within the function leave what is deferred alone. */
static void jumps(int n)
{
    int lengths[n];
    lengths[n - 1] = n;
    goc_defer say("length", lengths[n - 1]);
again:
    goc_defer say("round", n);
    if (--n > 0)
        goto again;
    switch (n) {
        goc_defer say("never", n);
    case 0:
        goc_defer say("case", n);
    }
}

/* What the function's variables hold does not matter after a recover. */
static long registers(long a, long b)
{
    goc_defer recover();
    long c = a * b;
    long d = a + b;
    for (int i = 0; i < 10; i++) {
        c ^= d << i;
        d += c;
        if (c == 12345)
            return c;
    }
    if (d)
        goc_panic("after %s", d ? "work" : "nothing");
    return c + d;
}

static int recursive(int n)
{
    goc_defer ^{
        if (n == 3)
            recover();
    }();
    if (n == 0)
        goc_panic("at the bottom");
    return recursive(n - 1) + 1;
}

static void task(goc_waitgroup *done, int how)
{
    goc_defer goc_waitgroup_done(done);
    if (how == 0)
        goc_exit();
    goc_defer ^{
        goc_recover();
    }();
    if (how == 1)
        goc_panic("in a goroutine");
}

int main(void)
{
    evaluated_at_once();
    int before = count();
    printf("count %d %d\n", before, counter);
    printf("%s, %s\n", large(0).text, large(1).text);
    printf("%g\n", number());
    printf("%s\n", string() ? "text" : "null");
    printf("%d\n", in_blocks());
    jumps(2);
    printf("%ld\n", registers(3, 4));
    printf("%d\n", recursive(5));
    goc_waitgroup done = {0};
    for (int i = 0; i < 300; i++) {
        goc_waitgroup_add(&done, 1);
        go task(&done, i % 3);
    }
    goc_waitgroup_wait(&done);
    goc_defer printf("end of main\n");
    return 0;
}

// CHECK:      now 2
// CHECK-NEXT: then 1
// CHECK-NEXT: count 0 1
// CHECK-NEXT: returned, assigned
// CHECK-NEXT: recovered number
// CHECK-NEXT: 0
// CHECK-NEXT: recovered string
// CHECK-NEXT: null
// CHECK-NEXT: end of the block 4
// CHECK-NEXT: end of the block -1
// CHECK-NEXT: sum 8
// CHECK-NEXT: 8
// CHECK-NEXT: case 0
// CHECK-NEXT: round 1
// CHECK-NEXT: round 2
// CHECK-NEXT: length 2
// CHECK-NEXT: recovered after work
// CHECK-NEXT: 0
// CHECK-NEXT: recovered at the bottom
// CHECK-NEXT: 2
// CHECK-NEXT: end of main
