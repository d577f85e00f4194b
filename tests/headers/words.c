/* A program of all the words, in which no strict build finds anything to warn of. */
#include <goc.h>
#include <stdio.h>

struct pair {
    int x;
    int y;
};

static goc_mutex mutex;
static goc_waitgroup group;
static int total;

static void add(int n, chan_send_only(struct pair) out)
{
    goc_defer goc_waitgroup_done(&group);
    goc_mutex_lock(&mutex);
    total += n;
    goc_mutex_unlock(&mutex);
    chan_send(out, (struct pair){n, n + 1});
}

GOC_INIT
{
    total = 0;
}

static void relay(chan_recv_only(struct pair) in, chan_send_only(int) out)
{
    chan_range(p, in) {
        chan_send(out, p.x * p.y);
    }
    chan_close(out);
}

static void nothing(void) {}

static int risky(int n)
{
    goc_defer goc_recover();
    if (n > 2)
        goc_panic("too many: %d", n);
    return n;
}

int main(void)
{
    chan(struct pair) pairs = chan_make(struct pair, 2);
    chan(int) products = chan_make(int, 0);
    chan(double) reals = chan_make(double, 1);
    void (*pointer)(void) = nothing;
    unsigned char byte = 3;
    chan(unsigned char) bytes = chan_make(unsigned char, 1);
    chan(const char *) names = chan_make(const char *, 1);
    chan(struct pair *) pointers = chan_make(struct pair *, 1);
    struct pair one = {1, 2};
    bool ok = false;
    int value = 0;

    chan_send(bytes, byte);
    chan_send(names, "name");
    chan_send(pointers, &one);
    chan_send(reals, 1.5);
    if (chan_recv(reals) < 1)
        return 1;
    printf("%d %s %d\n", chan_recv(bytes), chan_recv(names), chan_recv(pointers)->x);
    goc_waitgroup_add(&group, 3);
    for (int i = 0; i < 3; i++)
        go add(i, pairs);
    go relay(pairs, products);
    go pointer();
    for (int i = 0; i < 3; i++) {
        chan_select {
            chan_case_recv(products, value, ok) {
                printf("%d\n", ok ? value : -1);
            }
            chan_case_recv(goc_after(GOC_SECOND)) {
                break;
            }
        }
    }
    goc_waitgroup_wait(&group);
    chan_close(pairs);
    chan_select {
        chan_case_send(products, 4) {
        }
        chan_case_recv(products, value) {
        }
        chan_case_recv(products) {
        }
        chan_default {
        }
    }
    if (chan_recv_ok(products, &value))
        printf("more\n");
    if (chan_send_until(reals, goc_now(), 2.5) != 0 ||
        chan_recv_until(reals, GOC_NEVER, NULL) != 1)
        return 1;
    printf("%zu %zu %d\n", chan_len(reals), chan_cap(reals), risky(3));
    chan_free(reals);
    return 0;
}
