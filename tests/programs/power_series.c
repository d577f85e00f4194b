/* Power series as streams of rational coefficients that flow on demand: a consumer asks on one
 * channel and gets on another.  Splitting a stream makes a goroutine a term, and a sum asks both
 * its terms at once with a select whose arms go nil one by one.
 * After McIlroy, "Squinting at Power Series", Software: Practice and Experience 20 (1990). */
#include "check.h"

#include <goc.h>
#include <stdio.h>

enum { TERMS = 10 };

struct rational {
    long long over;
    long long under; /* 0: the series has ended */
};

struct series {
    chan(int) ask;
    chan(struct rational) answer;
};

static const struct rational zero = {0, 1};
static const struct rational one = {1, 1};
static const struct rational finish = {1, 0};

static long long gcd(long long a, long long b)
{
    while (b != 0) {
        long long rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static struct rational ratio(long long over, long long under)
{
    long long common = gcd(over, under);
    if (under < 0)
        common = -common;
    return (struct rational){over / common, under / common};
}

static struct rational sum(struct rational a, struct rational b)
{
    return ratio(a.over * b.under + b.over * a.under, a.under * b.under);
}

static struct rational product(struct rational a, struct rational b)
{
    return ratio(a.over * b.over, a.under * b.under);
}

static bool ended(struct rational r)
{
    return r.under == 0;
}

static struct series new_series(void)
{
    return (struct series){chan_make(int, 0), chan_make(struct rational, 0)};
}

static void put(struct rational r, struct series out)
{
    chan_recv(out.ask);
    chan_send(out.answer, r);
}

static struct rational get(struct series in)
{
    chan_send(in.ask, 1);
    return chan_recv(in.answer);
}

/* One term of each, asked for at once and taken in whatever order they come. */
static void get_both(struct series a, struct series b, struct rational got[2])
{
    chan(int) ask[2] = {a.ask, b.ask};
    chan(struct rational) answer[2] = {NULL, NULL};
    for (int left = 4; left > 0; left--) {
        chan_select {
            chan_case_send(ask[0], 1) {
                ask[0] = NULL;
                answer[0] = a.answer;
            }
            chan_case_send(ask[1], 1) {
                ask[1] = NULL;
                answer[1] = b.answer;
            }
            chan_case_recv(answer[0], got[0]) {
                answer[0] = NULL;
            }
            chan_case_recv(answer[1], got[1]) {
                answer[1] = NULL;
            }
        }
    }
}

static void copy(struct series in, struct series out)
{
    for (;;) {
        chan_recv(out.ask);
        chan_send(out.answer, get(in));
    }
}

/* A goroutine a term: the youngest serves who is ahead, and holds its term for the other one
 * until the next older has handed its own over and releases it. */
static void serve_term(struct series in, struct series ahead, struct series behind,
                       chan_recv_only(int) wait)
{
    bool both = false;
    chan_select {
        chan_case_recv(ahead.ask) {
        }
        chan_case_recv(wait) {
            both = true;
            chan_select {
                chan_case_recv(ahead.ask) {
                }
                chan_case_recv(behind.ask) {
                    struct series kept = ahead;
                    ahead = behind;
                    behind = kept;
                }
            }
        }
    }
    struct rational term = get(in);
    chan(int) release = chan_make(int, 0);
    go serve_term(in, ahead, behind, release);
    chan_send(ahead.answer, term);
    if (!both)
        chan_recv(wait);
    put(term, behind);
    chan_send(release, 0);
}

static void split(struct series in, struct series out[2])
{
    chan(int) release = chan_make(int, 0);
    go serve_term(in, out[0], out[1], release);
    chan_send(release, 0);
}

static void repeat(struct rational r, struct series out)
{
    for (;;)
        put(r, out);
}

static struct series constant(struct rational r)
{
    struct series out = new_series();
    go repeat(r, out);
    return out;
}

static void add_terms(struct series a, struct series b, struct series out)
{
    for (;;) {
        struct rational got[2];
        chan_recv(out.ask);
        get_both(a, b, got);
        if (ended(got[0]) && ended(got[1])) {
            chan_send(out.answer, finish);
        } else if (ended(got[0])) {
            chan_send(out.answer, got[1]);
            copy(b, out);
        } else if (ended(got[1])) {
            chan_send(out.answer, got[0]);
            copy(a, out);
        } else {
            chan_send(out.answer, sum(got[0], got[1]));
        }
    }
}

static struct series add(struct series a, struct series b)
{
    struct series out = new_series();
    go add_terms(a, b, out);
    return out;
}

static void scale_terms(struct rational factor, struct series in, struct series out)
{
    for (;;) {
        chan_recv(out.ask);
        struct rational term = get(in);
        if (ended(term))
            break;
        chan_send(out.answer, product(factor, term));
    }
    chan_send(out.answer, finish);
}

static struct series scale(struct rational factor, struct series in)
{
    struct series out = new_series();
    go scale_terms(factor, in, out);
    return out;
}

static struct series multiply(struct series a, struct series b);

/* (a + xA)(b + xB) = ab + x(aB + bA + xAB) */
static void multiply_terms(struct series a, struct series b, struct series out)
{
    struct rational head[2];
    chan_recv(out.ask);
    get_both(a, b, head);
    if (ended(head[0]) || ended(head[1])) {
        chan_send(out.answer, finish);
        return;
    }
    chan_send(out.answer, product(head[0], head[1]));
    struct series rest_a[2] = {new_series(), new_series()};
    struct series rest_b[2] = {new_series(), new_series()};
    split(a, rest_a);
    split(b, rest_b);
    struct series cross = add(scale(head[0], rest_b[0]), scale(head[1], rest_a[0]));
    chan_recv(out.ask);
    chan_send(out.answer, get(cross));
    copy(add(cross, multiply(rest_a[1], rest_b[1])), out);
}

static struct series multiply(struct series a, struct series b)
{
    struct series out = new_series();
    go multiply_terms(a, b, out);
    return out;
}

static void derive_terms(struct series in, struct series out)
{
    chan_recv(out.ask);
    struct rational term = get(in);
    for (int n = 1; !ended(term); n++) {
        term = get(in);
        if (ended(term))
            break;
        chan_send(out.answer, product(ratio(n, 1), term));
        chan_recv(out.ask);
    }
    chan_send(out.answer, finish);
}

static struct series derive(struct series in)
{
    struct series out = new_series();
    go derive_terms(in, out);
    return out;
}

static void integrate_terms(struct rational start, struct series in, struct series out)
{
    put(start, out);
    for (int n = 1;; n++) {
        chan_recv(out.ask);
        struct rational term = get(in);
        if (ended(term))
            break;
        chan_send(out.answer, product(ratio(1, n), term));
    }
    chan_send(out.answer, finish);
}

static struct series integrate(struct rational start, struct series in)
{
    struct series out = new_series();
    go integrate_terms(start, in, out);
    return out;
}

/* The solution of Z' = Z·U', fed back into itself. */
static struct series exponential(struct series in)
{
    struct series both[2] = {new_series(), new_series()};
    split(integrate(one, multiply(both[0], derive(in))), both);
    return both[1];
}

/* U(c·x²): the n-th coefficient times c to the n, with a zero after each. */
static void square_terms(struct rational c, struct series in, struct series out)
{
    for (struct rational power = one;; power = product(power, c)) {
        chan_recv(out.ask);
        struct rational term = get(in);
        if (ended(term))
            break;
        chan_send(out.answer, product(term, power));
        put(zero, out);
    }
    chan_send(out.answer, finish);
}

static struct series of_square(struct rational c, struct series in)
{
    struct series out = new_series();
    go square_terms(c, in, out);
    return out;
}

static void finite_terms(int count, struct series out)
{
    for (int i = 0; i < count; i++)
        put(ratio(i + 1, 1), out);
    for (;;)
        put(finish, out);
}

static struct series finite(int count)
{
    struct series out = new_series();
    go finite_terms(count, out);
    return out;
}

static void show(const char *name, struct series in)
{
    printf("%s:", name);
    for (int i = 0; i < TERMS; i++) {
        struct rational term = get(in);
        if (ended(term)) {
            printf(" end");
            break;
        }
        if (term.under == 1)
            printf(" %lld", term.over);
        else
            printf(" %lld/%lld", term.over, term.under);
    }
    printf("\n");
}

int main(void)
{
    struct series ones = constant(one);
    struct series twos = constant(ratio(2, 1));
    show("sum", add(ones, twos));
    show("difference", add(ones, scale(ratio(-1, 1), twos)));
    show("unequal lengths", add(finite(2), finite(5)));
    show("derivative", derive(ones));
    show("integral", integrate(zero, ones));
    show("product", multiply(ones, ones));
    show("finite product", multiply(finite(2), finite(2)));
    show("exponential", exponential(ones));
    show("arc tangent", integrate(zero, of_square(ratio(-1, 1), ones)));
}

// CHECK: sum: 3 3 3 3 3 3 3 3 3 3{{$}}
// CHECK-NEXT: difference: -1 -1 -1 -1 -1 -1 -1 -1 -1 -1{{$}}
// CHECK-NEXT: unequal lengths: 2 4 3 4 5 end
// CHECK-NEXT: derivative: 1 2 3 4 5 6 7 8 9 10{{$}}
// CHECK-NEXT: integral: 0 1 1/2 1/3 1/4 1/5 1/6 1/7 1/8 1/9{{$}}
// CHECK-NEXT: product: 1 2 3 4 5 6 7 8 9 10{{$}}
// CHECK-NEXT: finite product: 1 4 4 end
// CHECK-NEXT: exponential: 1 1 3/2 13/6 73/24 167/40 4051/720 37633/5040 43817/4480 4596553/362880{{$}}
// CHECK-NEXT: arc tangent: 0 1 0 -1/3 0 1/5 0 -1/7 0 1/9{{$}}
