/* Park and ready: each park is answered once, with the word, off the parked stack. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/park.h"

enum {
    ROUNDS = 20000,
    THREAD_ROUNDS = 2000, /* each waits for the kernel to run another thread */
    PROGRESS = 100,       /* so many of them are no hang */
    PAIRS = 4,
    MAX_WORD = 1000,
};

static uintptr_t rounds = ROUNDS; /* const once a case has begun */

/* A place where one waiter can be found by one waker. */
struct place {
    struct g *waiter; // atomic: published by the unlock function, taken by the waker
};

static int finished; // atomic

struct park {
    struct place *place;
    struct g *self;
};

/* Runs off the waiter's stack, so a waker on another P may run it before this returns. */
static bool publish(void *argument)
{
    struct park *park = argument;
    struct place *place = park->place;
    store_release(&place->waiter, park->self);
    return true;
}

static uintptr_t wait_at(struct place *place)
{
    struct park park = {.place = place, .self = goc__self()};
    return goc__park(publish, &park, WAIT_SEMACQUIRE, place);
}

static void wake_at(struct place *place, uintptr_t word)
{
    struct g *waiter;
    while ((waiter = exchange_acquire(&place->waiter, (struct g *)NULL)) == NULL)
        goc_yield();
    goc__ready(waiter, word);
}

static struct place places[PAIRS];

static void waiter(void *argument)
{
    struct place *place = argument;
    for (uintptr_t i = 0; i < rounds; i++)
        CHECK_EQ(wait_at(place), i % MAX_WORD);
    fetch_add_release(&finished, 1);
}

static void waker(void *argument)
{
    for (uintptr_t i = 0; i < rounds; i++) {
        wake_at(argument, i % MAX_WORD);
        if (i % PROGRESS == 0)
            isolated_goes_on();
    }
    fetch_add_release(&finished, 1);
}

static void answers_each_park_once(void)
{
    for (int i = 0; i < PAIRS; i++) {
        party_go(waiter, &places[i]);
        party_go(waker, &places[i]);
    }
    PARTY_UNTIL(load_acquire(&finished) == 2 * PAIRS);
}

static bool cancel(void *calls)
{
    ++*(int *)calls;
    return false;
}

static void cancels(void)
{
    int calls = 0;
    for (int i = 0; i < ROUNDS; i++)
        goc__park(cancel, &calls, WAIT_IO, NULL);
    CHECK_EQ(calls, ROUNDS);
}

static void threads_and_goroutines_wake_each_other(void)
{
    rounds = THREAD_ROUNDS;
    pthread_t waits = party_thread(waiter, &places[0]);
    party_go(waker, &places[0]);
    pthread_t wakes = party_thread(waker, &places[1]);
    party_go(waiter, &places[1]);
    PARTY_UNTIL(load_acquire(&finished) == 4);
    CHECK_EQ(pthread_join(waits, NULL), 0);
    CHECK_EQ(pthread_join(wakes, NULL), 0);
}

static void thread_cancels(void *argument)
{
    (void)argument;
    cancels();
    fetch_add_release(&finished, 1);
}

static void cancels_on_a_thread(void)
{
    CHECK_EQ(pthread_join(party_thread(thread_cancels, NULL), NULL), 0);
    CHECK_EQ(finished, 1);
}

static void words_name_every_reason(void)
{
    for (int reason = 0; reason < WAIT_REASONS; reason++)
        CHECK(goc__wait_words((enum wait_reason)reason) != NULL);
    CHECK_STR(goc__wait_words(WAIT_CHAN_SEND_NIL), "chan send (nil chan)");
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(answers_each_park_once),
        ISOLATED(cancels),
        ISOLATED(threads_and_goroutines_wake_each_other),
        ISOLATED(cancels_on_a_thread),
        ISOLATED(words_name_every_reason),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
