/* A child of fork in whose memory the runtime's other threads stopped in the middle of what they
 * did: it goes on alone.  What it must not do, start a goroutine, is
 * tests/programs/fork_after_go.c's. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/claim.h"
#include "sched/sched.h"

#include <errno.h>
#include <goc/chan.h>
#include <goc/time.h>
#include <signal.h>

enum { DONE = 7, PATIENCE = 20 };

/* Fork, so that the child's handlers of pthread_atfork run or (_Fork) do not; the child calls F and
 * ends.  It must come to that. */
static void in_child(pid_t (*make_child)(void), void (*f)(void), int expected)
{
    pid_t child = make_child();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(PATIENCE); /* dies by SIGALRM where it hangs */
        f();
        _exit(DONE);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), expected);
}

static void nothing(void *unused)
{
    (void)unused;
}

/* Some of everything that needs no other goroutine. */
static void use_the_runtime(void)
{
    goc_chan *c = goc_chan_make(sizeof(int), 1);
    int value = 5;
    goc_chan_send(c, &value);
    CHECK(goc_chan_recv(c, &value));
    goc_yield();
    CHECK_EQ(goc_chan_recv_until(c, &value, goc_deadline_after(GOC_MILLISECOND)),
             -ETIMEDOUT);
    goc_sleep(GOC_MILLISECOND); /* tidy: sleep, because that is what a child does */
    CHECK_EQ(goc_num_goroutine(), 1);
    goc_maxprocs(3);
    goc_yield();
    CHECK_EQ(goc_maxprocs(1), 3);
    goc_yield();
    goc_chan_free(c);
}

static struct {
    int ends[2];
    int inside; // atomic: the goroutine is about to block its thread
    int forked; // atomic
} blocked;

static void block_and_fork(void *unused)
{
    (void)unused;
    char byte;
    store_release(&blocked.inside, 1);
    /* Meanwhile its P goes to main's thread. */
    CHECK_EQ(read(blocked.ends[0], &byte, 1), 1);
    in_child(fork, use_the_runtime, DONE);
    in_child(_Fork, use_the_runtime, DONE);
    store_release(&blocked.forked, 1);
}

/* With one P that main goes on shows that the other thread has lost it. */
static void without_a_p(void)
{
    CHECK_EQ(pipe(blocked.ends), 0);
    goc_maxprocs(1);
    party_go(block_and_fork, NULL);
    PARTY_UNTIL(load_acquire(&blocked.inside) == 1);
    CHECK_EQ(write(blocked.ends[1], "", 1), 1);
    while (load_acquire(&blocked.forked) == 0) /* in user code: no P is idle */
        cpu_relax();
}

static void borrowed(void)
{
    store_relaxed(&goc__m()->claim, (uint32_t)CLAIM_BORROWED);
    use_the_runtime();
}

static void asked(void)
{
    store_relaxed(&goc__m()->claim, 5u << CLAIM_SHIFT | CLAIM_ASKED);
    use_the_runtime();
}

static void frozen(void)
{
    store_relaxed(&goc__m()->claim, (uint32_t)CLAIM_NONE << CLAIM_SHIFT | CLAIM_FROZEN);
    use_the_runtime();
}

static void taken_and_frozen(void)
{
    store_relaxed(&goc__m()->claim, (uint32_t)CLAIM_TAKEN << CLAIM_SHIFT | CLAIM_FROZEN);
    use_the_runtime();
}

/* Another thread had claimed this one's P, or all threads because the program dies. */
static void claimed(void)
{
    void (*const cases[])(void) = {borrowed, asked, frozen, taken_and_frozen};
    party_go(nothing, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        goc_yield(); /* it has a P, which it lost in waitpid */
        in_child(_Fork, cases[i], DONE);
    }
}

static void with_the_lock_held(void)
{
    store_relaxed(&goc__sched.lock.state, 1u);
    use_the_runtime();
}

/* Another thread was in the scheduler. */
static void lock_held(void)
{
    party_go(nothing, NULL);
    goc_yield();
    in_child(_Fork, with_the_lock_held, DONE);
}

static void unlock(void)
{
    store_relaxed(&goc__sched.lock.state, 1u);
    goc_unlock_os_thread();
    use_the_runtime();
}

static void locked_to_its_thread(void)
{
    goc_lock_os_thread();
    party_go(nothing, NULL);
    in_child(_Fork, unlock, DONE);
    goc_unlock_os_thread();
}

static void receive(void)
{
    goc_chan_recv(goc_chan_make(1, 0), NULL);
}

/* Nobody is left who could send: it says so. */
static void asleep_for_ever(void)
{
    party_go(nothing, NULL);
    goc_yield();
    in_child(fork, receive, 2);
    in_child(_Fork, receive, 2);
}

static void sleep_and_tell(void *unused)
{
    (void)unused;
    goc_sleep(GOC_MILLISECOND); /* tidy: sleep, because that is what a child does */
    store_release(&blocked.forked, 1);
}

static void wait_among_them(void)
{
    for (int i = 0; i < 10; i++)
        goc_yield();
    goc_sleep(5 * GOC_MILLISECOND); /* tidy: sleep, because that is what a child does */
    CHECK_EQ(load_acquire(&blocked.forked), 0);
}

/* Those that were about to run, and those that slept, do so in the parent alone. */
static void others_stay_behind(void)
{
    for (int i = 0; i < 10; i++) {
        store_release(&blocked.forked, 0);
        party_go(sleep_and_tell, NULL);
        party_go(sleep_and_tell, NULL);
        in_child(fork, wait_among_them, DONE);
        PARTY_UNTIL(goc_num_goroutine() == 1);
    }
}

static const struct isolated_case cases[] = {
    ISOLATED(without_a_p),
    ISOLATED(claimed),
    ISOLATED(lock_held),
    ISOLATED(locked_to_its_thread),
    ISOLATED(others_stay_behind),
    {"asleep_for_ever", asleep_for_ever, 0, "all goroutines are asleep - deadlock!"},
};

ISOLATED_MAIN(cases)
