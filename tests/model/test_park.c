/* Park and ready, by plain threads: each ready ends its park, once; what the waker wrote before is
 * seen after, and what the waiter wrote before it parked the waker sees. */
#include "model.h"
#include "sched/lock.h"
#include "sched/park.h"

static struct lock lock;
static struct g *waiter; /* lock */
static bool posted;      /* lock */
static int letter;       /* plain: written before the ready, read after the park */
static int question;     /* plain: written before the park, read before the ready */

enum { ANSWER = 42 };

static bool release(void *l)
{
    goc__unlock(l);
    return true;
}

static bool refuse(void *l)
{
    goc__unlock(l);
    return false;
}

static void wait(void *unused)
{
    (void)unused;
    question = 1;
    goc__lock(&lock);
    if (posted) {
        goc__unlock(&lock);
    } else {
        waiter = goc__self();
        MODEL_CHECK(goc__park(release, &lock, WAIT_COND, NULL) == ANSWER);
    }
    MODEL_CHECK(letter == ANSWER);
}

static void post(void *unused)
{
    (void)unused;
    letter = ANSWER;
    goc__lock(&lock);
    posted = true;
    struct g *g = waiter;
    waiter = NULL;
    goc__unlock(&lock);
    if (g != NULL) {
        MODEL_CHECK(question == 1);
        goc__ready(g, ANSWER);
    }
}

static void one_waits_one_posts(void)
{
    model_thread(wait, NULL);
    model_thread(post, NULL);
    model_join();
}

/* Parks again and again, and is readied each time. */
static void wait_twice(void *unused)
{
    wait(unused);
    goc__lock(&lock);
    posted = false;
    goc__unlock(&lock);
    goc__lock(&lock);
    waiter = goc__self();
    goc__park(refuse, &lock, WAIT_COND, NULL);
}

static void a_park_refused(void)
{
    model_thread(wait_twice, NULL);
    model_thread(post, NULL);
    model_join();
}

static struct g *pair[2]; /* lock */
static int turns;         /* plain: whoever's turn it is */

static void meet(void *number)
{
    uintptr_t me = (uintptr_t)number;
    goc__lock(&lock);
    struct g *other = pair[1 - me];
    if (other == NULL) {
        pair[me] = goc__self();
        turns = 1;
        goc__park(release, &lock, WAIT_COND, NULL);
        MODEL_CHECK(turns == 2);
    } else {
        pair[1 - me] = NULL;
        MODEL_CHECK(turns == 1);
        turns = 2;
        goc__unlock(&lock);
        goc__ready(other, 0);
    }
}

static void two_meet(void)
{
    model_thread(meet, (void *)0);
    model_thread(meet, (void *)1);
    model_join();
    MODEL_CHECK(turns == 2);
}

int main(void)
{
    model_explore("park: one waits, one posts", one_waits_one_posts, 3, 1);
    model_explore("park: refused by its unlock", a_park_refused, 2, 1);
    model_explore("park: two meet", two_meet, 2, 2);
}
