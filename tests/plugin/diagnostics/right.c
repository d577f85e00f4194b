// Right uses of every word: nothing to say, with the plugin or without.
#include <goc.h>
#include <string.h>

struct pair {
    int x, y;
};
typedef chan(struct pair) pairs;
struct request {
    int value;
    chan_send_only(int) answer;
};
enum colour { RED, GREEN };

static chan(int) global;
static chan_recv_only(int) table[2];

static void produce(chan_send_only(int) out, int count)
{
    for (int i = 0; i < count; i++)
        chan_send(out, i);
    chan_close(out);
}

static chan_recv_only(int) consume(chan_recv_only(int) in, long *sum)
{
    chan_range(v, in) *sum += v;
    return in;
}

static void types(void)
{
    chan(struct pair) named = chan_make(struct pair, 2);
    pairs same = named;
    chan(enum colour) colours = chan_make(enum colour, 1);
    chan(const char *) texts = chan_make(const char *, 1);
    chan(int (*)(int)) calls = chan_make(int (*)(int), 1);
    chan(chan(int)) channels = chan_make(chan(int), 1);
    chan(bool) flags = chan_make(bool, 1);
    chan(double) numbers = chan_make(double, 1);
    chan_send(same, (struct pair){1, 2});
    struct pair p = chan_recv(named);
    p.x += chan_recv(same).y;
    chan_send(colours, GREEN);
    chan_send(texts, "text");
    chan_send(channels, global);
    chan_send(flags, p.x > 1);
    chan_send(numbers, p.x);
    size_t length = strlen(chan_recv(texts));
    chan(int) inner = chan_recv(channels);
    inner = chan_recv(flags) && length ? inner : NULL;
    chan_send(calls, NULL);
    chan_free(inner);
    chan_free(named);
    goc_chan_free((goc_chan *)colours);
}

static int choose(chan(int) c, chan_send_only(int) out, chan(struct request) requests)
{
    int v = 0;
    bool ok = false;
    struct request request;
    chan_select
    {
        chan_case_recv(c, v) v++;
        chan_case_recv(c, v, ok) {
            if (!ok)
                break;
            return v;
        }
        chan_case_recv(requests, request) {
            go produce(request.answer, request.value);
        }
        chan_case_send(out, v + 1) {}
        chan_case_send(requests, (struct request){1, out}) {}
        chan_case_recv(goc_after(GOC_SECOND)) {}
        chan_default {}
    }
    return v;
}

GOC_INIT
{
    global = chan_make(int, 0);
}

int main(void)
{
    long sum = 0;
    int v;
    go produce(global, 3);
    table[0] = consume(global, &sum);
    chan(int) c = chan_make(int, 4);
    if (c && c != global && !(c == table[0]) && chan_len(c) < chan_cap(c))
        produce(c, 2);
    while (chan_recv_ok(c, &v))
        sum += v;
    chan_recv_ok(c, NULL);
    go types();
    (void)choose(c, c, chan_make(struct request, 1));
    return sum > 1 ? 0 : 1;
}
