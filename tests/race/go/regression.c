/* Go's regression_test.go: patterns that once were reported wrongly. */
#include "cases.h"
#include "map.h"

CASE(RaceUnaddressableMapLen)
{
    static const int zero;
    struct map *inner = map_make(sizeof(int), sizeof(int));
    struct map *m = map_make(sizeof(int), sizeof inner);
    map_put(m, &zero, &inner);
    chan(bool) done = beside(^{
        struct map **found = map_find(m, &zero);
        use((long)map_len(*found));
    });
    struct map **found = map_find(m, &zero);
    map_put(*found, &zero, &zero);
    chan_recv(done);
}

struct stack {
    int items[8];
    int count;
};

static void push(struct stack *s, int x)
{
    s->items[s->count++] = x;
}

static int pop(struct stack *s)
{
    return s->items[--s->count];
}

static void take_no_notice(const struct stack *s)
{
    use_pointer(s);
}

CASE(NoRaceStackPushPop)
{
    static struct stack s;
    go take_no_notice(&s);
    push(&s, 1);
    use(pop(&s));
}

struct call {
    chan(bool) answer;
};

static int calls;

static struct call *make_call(void)
{
    struct stack s = {.count = 0};
    push(&s, 1);
    use(pop(&s));
    calls++;
    struct call *made = calloc(1, sizeof *made);
    made->answer = chan_make(bool, 1);
    chan_send(made->answer, true);
    return made;
}

CASE(NoRaceRpcChan)
{
    CHECK(chan_recv(make_call()->answer));
    CHECK_EQ(calls, 1);
}

struct two {
    int a;
    int b;
};

/* Returning what a goroutine reads is a read. */
static struct two return_what_is_read(chan(int) c)
{
    __block int a = 42;
    go ^{
        use(a);
        chan_send(c, 1);
    }();
    return (struct two){a, 10};
}

CASE(NoRaceReturn)
{
    chan(int) c = chan_make(int, 0);
    use(return_what_is_read(c).a);
    chan_recv(c);
}

struct flag {
    bool set;
};

struct methods {
    struct flag *(*flag_of)(int self);
};

static struct flag *no_flag(int self)
{
    static struct flag flag;
    use(self);
    return &flag;
}

CASE(NoRaceForInfiniteLoop)
{
    static const struct methods methods = {no_flag};
    const struct methods *of_x = &methods;
    int x = 0;
    while (of_x->flag_of(x)->set)
        goc_yield();
}
