/* Contexts between plain threads: an end has one reason, ends what waits and what is below exactly
 * once, and takes nothing away from who was served; whoever learns of it sees what was written
 * before.  What starts goroutines (errgroup, after_func) by random schedules on two Ps. */
#include "base/atomic.h"
#include "model.h"
#include "os/error.h"
#include "sched/sched.h"
#include "sched/timers.h"

#include <goc/chan.h>
#include <goc/context.h>
#include <goc/errgroup.h>
#include <goc/go.h>
#include <goc/sync.h>

enum { REASON = -7, OTHER_REASON = -8, LETTER = 42 };

static goc_context *context;
static goc_context *child;
static goc_chan *c;
static goc_waitgroup group;
static goc_semaphore semaphore = GOC_SEMAPHORE_INIT(1);
static goc_mutex mutex;
static goc_cond cond = GOC_COND_INIT(&mutex);
static int written;     /* plain: before the cancel */
static int letter;      /* plain: before the send */
static uint32_t served; // atomic
static bool signalled;  /* mutex */

static void begin(void)
{
    context = goc_context_with_cancel(goc_context_background());
}

static void two(void (*first)(void *), void (*second)(void *))
{
    model_thread(first, NULL);
    model_thread(second, NULL);
    model_join();
}

static void cancel(void *unused)
{
    (void)unused;
    written = 1;
    goc_context_cancel_cause(context, REASON);
}

/* ERR is what a call that ended with the context returned. */
static void check_cancelled(int err)
{
    MODEL_CHECK(err == -ECANCELED);
    MODEL_CHECK(goc_context_cause(context) == REASON);
    MODEL_CHECK(written == 1);
}

/* ---- who waits ---------------------------------------------------------------------------- */

static void ask(void *unused)
{
    (void)unused;
    int err = goc_context_err(context);
    if (err != 0)
        check_cancelled(err);
}

static void asked_while_cancelled(void)
{
    begin();
    two(cancel, ask);
    goc_context_release(context);
}

static void wait_for_done(void *unused)
{
    (void)unused;
    MODEL_CHECK(!goc_chan_recv(goc_context_done_chan(context), NULL));
    check_cancelled(goc_context_err(context));
}

static void done_is_closed(void)
{
    begin();
    two(cancel, wait_for_done);
    goc_context_release(context);
}

static void receive(void *unused)
{
    (void)unused;
    int *from = NULL;
    int result = goc_chan_recv_context(c, (void *)&from, context);
    if (result == 1) {
        MODEL_CHECK(*from == LETTER);
        fetch_add_relaxed(&served, 1u);
    } else {
        check_cancelled(result);
    }
}

static void send(void *unused)
{
    (void)unused;
    int *from = &letter;
    letter = LETTER;
    int result = goc_chan_send_context(c, (void *)&from, context);
    if (result == 0)
        fetch_add_relaxed(&served, 2u);
    else
        check_cancelled(result);
}

static void receive_against_cancel(void)
{
    begin();
    c = goc_chan_make(sizeof(int *), 0);
    two(receive, cancel);
    MODEL_CHECK(load_relaxed(&served) == 0);
    goc_chan_free(c);
    goc_context_release(context);
}

/* Both went through, or neither. */
static void send_and_receive_against_cancel(void)
{
    begin();
    c = goc_chan_make(sizeof(int *), 0);
    model_thread(receive, NULL);
    model_thread(send, NULL);
    model_thread(cancel, NULL);
    model_join();
    MODEL_CHECK(load_relaxed(&served) == 0 || load_relaxed(&served) == 3);
    goc_chan_free(c);
    goc_context_release(context);
}

static void wait_for_group(void *unused)
{
    (void)unused;
    int err = goc_waitgroup_wait_context(&group, context);
    if (err == 0)
        MODEL_CHECK(letter == LETTER);
    else
        check_cancelled(err);
}

static void do_part(void *unused)
{
    (void)unused;
    letter = LETTER;
    goc_waitgroup_done(&group);
}

static void waitgroup_against_cancel(void)
{
    begin();
    goc_waitgroup_add(&group, 1);
    model_thread(wait_for_group, NULL);
    model_thread(do_part, NULL);
    model_thread(cancel, NULL);
    model_join();
    goc_waitgroup_wait(&group);
    goc_context_release(context);
}

static void acquire(void *unused)
{
    (void)unused;
    int err = goc_semaphore_acquire_context(&semaphore, 1, context);
    if (err != 0) {
        check_cancelled(err);
        return;
    }
    letter++;
    goc_semaphore_release(&semaphore, 1);
}

/* The place is there again, whoever had it. */
static void semaphore_against_cancel(void)
{
    begin();
    model_thread(acquire, NULL);
    model_thread(acquire, NULL);
    model_thread(cancel, NULL);
    model_join();
    MODEL_CHECK(goc_semaphore_tryacquire(&semaphore, 1));
    goc_context_release(context);
}

static void wait_for_signal(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    int err = 0;
    while (!signalled && err == 0)
        err = goc_cond_wait_context(&cond, context);
    if (err != 0)
        check_cancelled(err);
    goc_mutex_unlock(&mutex);
}

static void signal_it(void *unused)
{
    (void)unused;
    goc_mutex_lock(&mutex);
    signalled = true;
    goc_mutex_unlock(&mutex);
    goc_cond_signal(&cond);
}

static void cond_against_cancel(void)
{
    begin();
    model_thread(wait_for_signal, NULL);
    model_thread(signal_it, NULL);
    model_thread(cancel, NULL);
    model_join();
    goc_context_release(context);
}

/* ---- deadlines ---------------------------------------------------------------------------- */

static void pass_time(void *unused)
{
    (void)unused;
    goc__timers_run(&goc__sched.procs[0]->timers, INT64_MAX - 1);
}

static void begin_with_deadline(void)
{
    context = goc_context_with_timeout(goc_context_background(), GOC_HOUR);
}

static void check_one_reason(void)
{
    int err = goc_context_err(context);
    int cause = goc_context_cause(context);
    MODEL_CHECK(err == -ETIMEDOUT ? cause == -ETIMEDOUT : err == -ECANCELED);
    MODEL_CHECK(err == -ETIMEDOUT || cause == REASON);
}

static void deadline_against_cancel(void)
{
    begin_with_deadline();
    two(pass_time, cancel);
    check_one_reason();
    goc_context_release(context);
}

static void wait_for_either(void *unused)
{
    (void)unused;
    int result = goc_chan_recv_context(c, NULL, context);
    MODEL_CHECK(result == goc_context_err(context));
    check_one_reason();
}

static void deadline_and_cancel_against_a_wait(void)
{
    begin_with_deadline();
    c = goc_chan_make(sizeof(int *), 0);
    model_thread(wait_for_either, NULL);
    model_thread(pass_time, NULL);
    model_thread(cancel, NULL);
    model_join();
    goc_chan_free(c);
    goc_context_release(context);
}

static void release(void *unused)
{
    (void)unused;
    goc_context_release(context);
}

static void deadline_against_release(void)
{
    begin_with_deadline();
    two(pass_time, release);
}

/* ---- the tree ----------------------------------------------------------------------------- */

static void cancel_otherwise(void *unused)
{
    (void)unused;
    goc_context_cancel_cause(context, OTHER_REASON);
}

static void two_cancel(void)
{
    begin();
    two(cancel, cancel_otherwise);
    int cause = goc_context_cause(context);
    MODEL_CHECK(cause == REASON || cause == OTHER_REASON);
    goc_context_release(context);
}

static void begin_with_child(void)
{
    begin();
    child = goc_context_with_timeout(context, GOC_HOUR);
}

static void release_child(void *unused)
{
    (void)unused;
    goc_context_release(child);
}

/* Ending frees nothing, and what is freed is not ended. */
static void cancel_against_release_of_a_child(void)
{
    begin_with_child();
    two(cancel, release_child);
    goc_context_release(context);
}

static void deadline_and_cancel_against_release_of_a_child(void)
{
    begin_with_child();
    model_thread(pass_time, NULL);
    model_thread(cancel, NULL);
    model_thread(release_child, NULL);
    model_join();
    goc_context_release(context);
}

static void bear(void *unused)
{
    (void)unused;
    child = goc_context_with_cancel(context);
    int err = goc_context_err(child);
    MODEL_CHECK(err == 0 || err == -ECANCELED);
}

/* Whether it came before or after: it ends, for the same reason. */
static void cancel_against_birth(void)
{
    begin();
    two(cancel, bear);
    MODEL_CHECK(goc_context_err(child) == -ECANCELED);
    MODEL_CHECK(goc_context_cause(child) == REASON);
    goc_context_release(child);
    goc_context_release(context);
}

static void wait_for_child(void *unused)
{
    (void)unused;
    MODEL_CHECK(!goc_chan_recv(goc_context_done_chan(child), NULL));
    MODEL_CHECK(goc_context_cause(child) == REASON);
    MODEL_CHECK(written == 1);
    check_cancelled(goc_context_err(context));
}

static void a_child_is_awaited(void)
{
    begin_with_child();
    two(cancel, wait_for_child);
    goc_context_release(child);
    goc_context_release(context);
}

static void drop_value(void *value)
{
    (*(int *)value)++;
}

static int values[2]; /* plain: whoever drops the last reference */

static void release_both(void *number)
{
    values[(uintptr_t)number]++;
    goc_context_release(child);
}

/* The last reference's release comes after all that was done with the others. */
static void two_release(void)
{
    child =
        goc_context_with_value(goc_context_background(), &values, &values[0], drop_value);
    goc_context_retain(child);
    model_thread(release_both, (void *)0);
    model_thread(release_both, (void *)1);
    model_join();
    MODEL_CHECK(values[0] == 2);
}

/* ---- after_func ---------------------------------------------------------------------------- */

static goc_chan *called;

static void say_called(void *unused)
{
    (void)unused;
    MODEL_CHECK(written == 1);
    letter = LETTER;
    goc_chan_close(called);
}

static goc_context_after *after;
static bool stopped; /* plain: before it is done */

static void stop_and_done(void *unused)
{
    (void)unused;
    stopped = goc_context_stop(after);
    goc_waitgroup_done(&group);
}

/* It is called or was stopped, and its memory goes with the last of the two who use it. */
static void stop_against_cancel(void)
{
    begin();
    called = goc_chan_make(0, 0);
    goc_waitgroup_add(&group, 1);
    after = goc_context_after_func(context, say_called, NULL);
    model_quiet(true); /* until it waits for the end: no subject */
    goc_yield();
    model_quiet(false);
    model_thread(stop_and_done, NULL);
    cancel(NULL);
    goc_waitgroup_wait(&group);
    if (!stopped) {
        MODEL_CHECK(!goc_chan_recv(called, NULL));
        MODEL_CHECK(letter == LETTER);
    }
    goc_context_release(context);
}

/* ---- errgroup ------------------------------------------------------------------------------ */

static goc_errgroup tasks;
static int parts[3]; /* plain */

static int fail(void *number)
{
    int n = (int)(uintptr_t)number;
    parts[n] = 1;
    return n == 2 ? 0 : -1 - n;
}

/* The first error is what wait returns and the cause of the context's end. */
static void errgroup_of_three(void)
{
    goc_context *its = goc_errgroup_with_context(&tasks, goc_context_background());
    for (uintptr_t i = 0; i < 3; i++)
        goc_errgroup_go(&tasks, fail, (void *)i);
    int error = goc_errgroup_wait(&tasks);
    MODEL_CHECK(error == -1 || error == -2);
    MODEL_CHECK(goc_context_cause(its) == error);
    MODEL_CHECK(parts[0] + parts[1] + parts[2] == 3);
    MODEL_CHECK(goc_errgroup_wait(&tasks) == 0); /* used again */
    goc_context_release(its);
}

static int wait_for_the_end(void *its)
{
    MODEL_CHECK(!goc_chan_recv(goc_context_done_chan(its), NULL));
    MODEL_CHECK(goc_context_cause(its) == -1);
    MODEL_CHECK(parts[0] == 1);
    return goc_context_err(its);
}

static void an_error_ends_the_others(void)
{
    goc_context *its = goc_errgroup_with_context(&tasks, goc_context_background());
    goc_errgroup_go(&tasks, wait_for_the_end, its);
    goc_errgroup_go(&tasks, fail, (void *)0);
    MODEL_CHECK(goc_errgroup_wait(&tasks) == -1);
    goc_context_release(its);
}

static int use_alone(void *unused)
{
    (void)unused;
    MODEL_CHECK(parts[0]++ == 0);
    parts[0]--;
    parts[1]++;
    return 0;
}

static void errgroup_with_a_limit(void)
{
    goc_errgroup_set_limit(&tasks, 1);
    int begun = 2;
    goc_errgroup_go(&tasks, use_alone, NULL);
    goc_errgroup_go(&tasks, use_alone, NULL);
    begun += goc_errgroup_trygo(&tasks, use_alone, NULL);
    MODEL_CHECK(goc_errgroup_wait(&tasks) == 0);
    MODEL_CHECK(parts[1] == begun);
}

int main(void)
{
    model_explore("context: asked while cancelled", asked_while_cancelled, 3, 2);
    model_explore("context: done is closed", done_is_closed, 2, 1);
    model_explore("context: a receive, cancelled", receive_against_cancel, 2, 1);
    model_explore("context: send and receive, cancelled", send_and_receive_against_cancel,
                  1, 0);
    model_random("context: send and receive, cancelled", send_and_receive_against_cancel,
                 5, 3000);
    model_explore("context: WaitGroup, cancelled", waitgroup_against_cancel, 1, 0);
    model_random("context: WaitGroup, cancelled", waitgroup_against_cancel, 5, 3000);
    model_explore("context: semaphore, cancelled", semaphore_against_cancel, 1, 0);
    model_random("context: semaphore, cancelled", semaphore_against_cancel, 5, 3000);
    model_explore("context: cond, cancelled", cond_against_cancel, 1, 0);
    model_random("context: cond, cancelled", cond_against_cancel, 5, 3000);
    model_explore("context: deadline and cancel", deadline_against_cancel, 2, 1);
    model_explore("context: deadline and cancel, a wait",
                  deadline_and_cancel_against_a_wait, 1, 0);
    model_random("context: deadline and cancel, a wait",
                 deadline_and_cancel_against_a_wait, 5, 3000);
    model_explore("context: deadline and release", deadline_against_release, 2, 1);
    model_explore("context: two cancel", two_cancel, 2, 1);
    model_explore("context: cancel, a child's release", cancel_against_release_of_a_child,
                  2, 1);
    model_explore("context: deadline, cancel, a child's release",
                  deadline_and_cancel_against_release_of_a_child, 1, 0);
    model_random("context: deadline, cancel, a child's release",
                 deadline_and_cancel_against_release_of_a_child, 5, 3000);
    model_explore("context: cancel, a birth", cancel_against_birth, 2, 1);
    model_explore("context: a child is awaited", a_child_is_awaited, 2, 1);
    model_explore("context: two release", two_release, 3, 1);
    model_random("context: after_func, stopped", stop_against_cancel, 5, 3000);
    model_random("errgroup: three", errgroup_of_three, 5, 3000);
    model_random("errgroup: an error ends the others", an_error_ends_the_others, 5, 3000);
    model_random("errgroup: a limit", errgroup_with_a_limit, 5, 3000);
}
