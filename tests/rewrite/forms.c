/* The forms of go and chan_select that the examples do not have. */
#include <goc.h>
#include <stdarg.h>
#include <stdio.h>

struct pair {
    int x, y;
};
typedef struct {
    int value;
} unnamed;
struct object {
    void (*method)(struct pair p, chan_send_only(int) out);
};

#define START(call) go call
#define TAKE(c, v) chan_case_recv(c, v)

static void add(struct pair p, chan_send_only(int) out)
{
    chan_send(out, p.x + p.y);
}

static void sum(chan_send_only(int) out, int n, ...)
{
    va_list list;
    int total = 0;
    va_start(list, n);
    while (n-- > 0)
        total += va_arg(list, int);
    va_end(list);
    chan_send(out, total);
}

/* Known to nobody before it starts itself. */
static inline void count(unnamed from, const char *const *names, chan_send_only(int) out)
{
    if (from.value == 0)
        chan_send(out, names[0][0]);
    else
        go count((unnamed){from.value - 1}, names, out);
}

static void starts(chan(int) c)
{
    static const char *const names[] = {"A"};
    struct object object = {add};
    struct object *place = &object;
    void (*pointer)(struct pair, chan_send_only(int)) = add;
    int n = 1;

    go add((struct pair){1, 2}, c);
    printf("function %d\n", chan_recv(c));
    go pointer((struct pair){2, 3}, c);
    printf("pointer %d\n", chan_recv(c));
    go place->method((struct pair){1, n++ * 4}, c);
    printf("member %d, n %d\n", chan_recv(c), n);
    go sum(c, 3, 10, 20, 'a' - 'a');
    printf("variadic %d\n", chan_recv(c));
    START(add((struct pair){3, 4}, c));
    printf("macro %d\n", chan_recv(c));
    go count((unnamed){3}, names, c);
    printf("itself %c\n", chan_recv(c));
    {
        void later(chan_send_only(int) out);
        go later(c);
    }
    printf("declared in a block %d\n", chan_recv(c));
    for (int i = 0; i < 2; go add((struct pair){i, i}, c), i++)
        ;
    printf("in a for %d\n", chan_recv(c) + chan_recv(c));
    n ? go sum(c, 1, 77) : (void)0;
    printf("in an expression %d\n", chan_recv(c));
}

void later(chan_send_only(int) out)
{
    chan_send(out, 55);
}

static int evaluations;

static chan(struct pair) evaluated(chan(struct pair) c)
{
    evaluations++;
    return c;
}

static const char *choose(chan(struct pair) c, chan(int) d, chan(int) nil)
{
    struct pair p = {0, 0};
    int v = 0;
    bool ok = true;
    chan_select {
        chan_case_send(evaluated(c), (struct pair){7, 8}) {
            chan_select {
                TAKE(c, p)
                {
                    if (p.x == 7)
                        break;
                    return "never";
                }
            }
            printf("took %d %d\n", p.x, p.y);
            return "sent";
        }
        chan_case_recv(nil, v, ok)
            return "nil fired";
        chan_case_recv(d, v, ok) {
            printf("v %d ok %d\n", v, ok);
            break;
        }
        chan_default
            return "default";
    }
    return "left";
}

int main(void)
{
    chan(int) c = chan_make(int, 0);
    chan(struct pair) pairs = chan_make(struct pair, 1);
    starts(c);
    printf("%s\n", choose(pairs, c, NULL));
    printf("evaluated %d\n", evaluations);
    chan_send(pairs, (struct pair){0});
    printf("%s\n", choose(pairs, c, NULL));
    chan_close(c);
    printf("%s\n", choose(pairs, c, NULL));
    chan_free(pairs);
    chan_free(c);
}

// CHECK: function 3
// CHECK-NEXT: pointer 5
// CHECK-NEXT: member 5, n 2
// CHECK-NEXT: variadic 30
// CHECK-NEXT: macro 7
// CHECK-NEXT: itself A
// CHECK-NEXT: declared in a block 55
// CHECK-NEXT: in a for 2
// CHECK-NEXT: in an expression 77
// CHECK-NEXT: took 7 8
// CHECK-NEXT: sent
// CHECK-NEXT: evaluated 1
// CHECK-NEXT: default
// CHECK-NEXT: v 0 ok 0
// CHECK-NEXT: left
