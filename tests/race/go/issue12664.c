/* Go's issue12664_test.go: globals as arguments, and as what an interface is made of. */
#include "cases.h"

static const char *greeting = "hi";

CASE(RaceIssue12664)
{
    chan(struct nothing) c = chan_make(struct nothing, 0);
    go ^{
        greeting = "bye";
        chan_close(c);
    }();
    puts(greeting);
    chan_recv(c);
}

/* A value and the functions that its type has. */
struct methods {
    void (*foo)(int self);
};

struct value {
    const struct methods *methods;
    int self;
};

static void foo(int self)
{
    use(self);
}

static const struct methods methods_of_int = {foo};

__attribute__((__noinline__)) static void take(struct value value)
{
    value.methods->foo(value.self);
}

static int second;

CASE(RaceIssue12664_2)
{
    chan(struct nothing) c = chan_make(struct nothing, 0);
    go ^{
        second = 1;
        chan_close(c);
    }();
    take((struct value){&methods_of_int, second});
    chan_recv(c);
}

static int third;

CASE(RaceIssue12664_3)
{
    chan(struct nothing) c = chan_make(struct nothing, 0);
    go ^{
        third = 1;
        chan_close(c);
    }();
    int r = 0;
    void *any = &r;
    third = *(int *)any;
    chan_recv(c);
    use(third);
}

static int fourth;

CASE(RaceIssue12664_4)
{
    chan(struct nothing) c = chan_make(struct nothing, 0);
    go ^{
        fourth = 1;
        chan_close(c);
    }();
    struct value i = {&methods_of_int, 0};
    fourth = i.self;
    chan_recv(c);
    use(fourth);
}
