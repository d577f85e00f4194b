/* Semaphores by address: order, tokens, and many words in one table. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sync/sema.h"

#include <goc/chan.h>
#include <goc/time.h>

struct waiting {
    uint32_t *sema;
    goc_chan *woken;
    int number;
    bool first;
};

static uint32_t started; // atomic

static void wait_on(void *argument)
{
    struct waiting *w = argument;
    fetch_add_relaxed(&started, 1);
    goc__sema_acquire(w->sema, w->first, WAIT_SEMACQUIRE, w->sema);
    goc_chan_send(w->woken, &w->number);
}

static int next_woken(goc_chan *woken)
{
    int number;
    CHECK(goc_chan_recv(woken, &number));
    return number;
}

static void a_token_waits_in_the_word(void)
{
    uint32_t sema = 0;
    goc__sema_release(&sema);
    goc__sema_release(&sema);
    CHECK_EQ(sema, 2);
    goc__sema_acquire(&sema, false, WAIT_SEMACQUIRE, NULL);
    goc__sema_acquire(&sema, true, WAIT_SEMACQUIRE, NULL);
    CHECK_EQ(sema, 0);
}

/* Waiters join one after the other, the third one in front; on one P a goroutine that has
 * started has also joined once others run again. */
static void first_come_first_served_but_for_the_front(void)
{
    enum { COUNT = 4 };
    goc_maxprocs(1);
    uint32_t sema = 0;
    goc_chan *woken = goc_chan_make(sizeof(int), COUNT);
    struct waiting waiting[COUNT];
    for (int i = 0; i < COUNT; i++) {
        waiting[i] = (struct waiting){&sema, woken, i, i == 2};
        party_go(wait_on, &waiting[i]);
        PARTY_UNTIL(load_relaxed(&started) == (uint32_t)i + 1);
    }
    static const int order[COUNT] = {2, 0, 1, 3};
    for (int i = 0; i < COUNT; i++) {
        goc__sema_release(&sema);
        CHECK_EQ(next_woken(woken), order[i]);
    }
    CHECK_EQ(sema, 0);
    goc_chan_free(woken);
}

/* Far more words than buckets: each release wakes a waiter of its own word. */
static void words_do_not_mix(void)
{
    enum { WORDS = 3000 };
    static uint32_t semas[WORDS];
    static struct waiting waiting[WORDS];
    goc_chan *woken = goc_chan_make(sizeof(int), 0);
    for (int i = 0; i < WORDS; i++) {
        waiting[i] = (struct waiting){&semas[i], woken, i, i % 2};
        party_go(wait_on, &waiting[i]);
    }
    for (int i = WORDS - 1; i >= 0; i--) {
        goc__sema_release(&semas[i]);
        CHECK_EQ(next_woken(woken), i);
    }
    goc_chan_free(woken);
}

static uint32_t shared_sema;
static goc_chan *finished;

static void give_and_take(void *argument)
{
    (void)argument;
    for (int i = 0; i < 2000; i++) {
        goc__sema_release(&shared_sema);
        goc__sema_acquire(&shared_sema, i % 2, WAIT_SEMACQUIRE, NULL);
    }
    goc_chan_send(finished, NULL);
}

static void no_token_is_lost(void)
{
    enum { PARTIES = 8 };
    finished = goc_chan_make(0, 0);
    pthread_t threads[PARTIES / 2];
    for (int i = 0; i < PARTIES / 2; i++) {
        threads[i] = party_thread(give_and_take, NULL);
        party_go(give_and_take, NULL);
    }
    for (int i = 0; i < PARTIES; i++)
        goc_chan_recv(finished, NULL);
    for (int i = 0; i < PARTIES / 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(shared_sema, 0);
    goc_chan_free(finished);
}

struct limited {
    struct waiting waiting;
    struct limit limit;
    uint32_t done; // atomic: 1 taken, 2 the limit was reached
};

static void arm_nothing(struct limit *limit)
{
    (void)limit;
}

/* A limit that the test itself reaches. */
static const struct limit_source by_hand = {arm_nothing, arm_nothing};

static void wait_limited(void *argument)
{
    struct limited *l = argument;
    fetch_add_relaxed(&started, 1);
    bool taken = goc__sema_acquire_limited(l->waiting.sema, &l->limit, WAIT_SEMACQUIRE,
                                           l->waiting.sema);
    store_release(&l->done, taken ? 1u : 2u);
    if (taken)
        goc_chan_send(l->waiting.woken, &l->waiting.number);
}

/* Whoever gives up, in front, in the middle or behind, the rest keep their order. */
static void those_who_give_up_leave_no_gap(void)
{
    enum { COUNT = 6 };
    static const bool gives_up[COUNT] = {true, false, true, true, false, true};
    goc_maxprocs(1);
    uint32_t sema = 0;
    goc_chan *woken = goc_chan_make(sizeof(int), COUNT);
    struct limited waiters[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        waiters[i].waiting = (struct waiting){&sema, woken, i, false};
        waiters[i].limit.source = &by_hand;
        party_go(wait_limited, &waiters[i]);
        PARTY_UNTIL(load_relaxed(&started) == (uint32_t)i + 1);
    }
    for (int i = 0; i < COUNT; i++) {
        if (gives_up[i])
            goc__limit_reach(&waiters[i].limit);
    }
    for (int i = 0; i < COUNT; i++) {
        if (gives_up[i]) {
            PARTY_UNTIL(load_acquire(&waiters[i].done) == 2);
            continue;
        }
        goc__sema_release(&sema);
        CHECK_EQ(next_woken(woken), i);
    }
    goc__sema_release(&sema);
    CHECK_EQ(sema, 1); /* nobody is left */
    goc_chan_free(woken);
}

static void take_until(void *argument)
{
    uint32_t *taken = argument;
    for (int i = 0; i < 500; i++) {
        struct deadline limit = DEADLINE(goc_now() + i % 20 * GOC_MICROSECOND);
        if (goc__sema_acquire_limited(&shared_sema, &limit.limit, WAIT_SEMACQUIRE, NULL))
            fetch_add_relaxed(taken, 1);
        else
            goc__sema_release(&shared_sema); /* keep them coming */
    }
    goc_chan_send(finished, NULL);
}

/* Deadlines and releases meet; what was given is either taken or still there. */
static void no_token_is_lost_to_a_deadline(void)
{
    enum { PARTIES = 8, EACH = 500 };
    finished = goc_chan_make(0, 0);
    uint32_t taken = 0;
    for (int i = 0; i < PARTIES; i++)
        party_go(take_until, &taken);
    for (int i = 0; i < PARTIES; i++)
        goc_chan_recv(finished, NULL);
    uint32_t given = PARTIES * EACH - taken;
    CHECK_EQ(shared_sema, given - taken);
    goc_chan_free(finished);
}

static const struct isolated_case cases[] = {
    ISOLATED(those_who_give_up_leave_no_gap),
    ISOLATED(no_token_is_lost_to_a_deadline),
    ISOLATED(a_token_waits_in_the_word),
    ISOLATED(first_come_first_served_but_for_the_front),
    ISOLATED(words_do_not_mix),
    ISOLATED(no_token_is_lost),
};

ISOLATED_MAIN(cases)
