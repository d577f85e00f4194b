/* Deferred calls, panic and recover, lowered by hand as the plugin does it. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <goc/chan.h>
#include <goc/defer.h>
#include <goc/errgroup.h>
#include <goc/singleflight.h>
#include <goc/sync.h>
#include <malloc.h>

/* What plugin/lower puts at the top of a function that returns int. */
#define DEFERS                                                                           \
    struct goc_frame frame __attribute__((__cleanup__(goc_frame_leave)));                \
    int result;                                                                          \
    goc_frame_enter(&frame, &result, sizeof result);                                     \
    if (_setjmp(frame.land))                                                             \
        return result;

struct call {
    void (*f)(const char *);
    const char *text;
};

static void unpack(void *saved)
{
    struct call *call = saved;
    call->f(call->text);
}

static void defer_text(struct goc_frame *frame, void (*f)(const char *), const char *text)
{
    struct call call = {f, text};
    goc_frame_defer(frame, unpack, &call, sizeof call);
}

#define DEFER(f, text) defer_text(&frame, f, text)

static char log_text[256];

static void note(const char *text)
{
    strcat(log_text, text);
}

static void recover_and_note(const char *text)
{
    const char *message = goc_recover();
    note(message ? message : "-");
    note(text);
    CHECK(goc_recover() == NULL); /* once */
}

static void panic_with(const char *text)
{
    goc_panic("%s", text);
}

static void answer(const char *text)
{
    recover_and_note(text);
    *(int *)goc_result() = 42;
}

static int last_in_first_out(void)
{
    DEFERS;
    DEFER(note, "c");
    DEFER(note, "b");
    for (int i = 0; i < 3; i++)
        DEFER(note, "a");
    note("0");
    return 7;
}

static int recovers(void)
{
    DEFERS;
    DEFER(note, "3");
    DEFER(answer, "2");
    DEFER(note, "1");
    panic_with("p");
    return 7;
}

static int passes_by(void)
{
    DEFERS;
    DEFER(note, "in");
    panic_with("q");
    return 7;
}

static int recovers_from_within(void)
{
    DEFERS;
    DEFER(recover_and_note, ".");
    return passes_by();
}

static void on_return_and_panic(void)
{
    CHECK_EQ(last_in_first_out(), 7);
    CHECK_STR(log_text, "0aaabc");
    log_text[0] = '\0';
    CHECK_EQ(recovers(), 42);
    CHECK_STR(log_text, "1p23");
    log_text[0] = '\0';
    CHECK_EQ(recovers_from_within(), 0);
    CHECK_STR(log_text, "inq.");
    CHECK(goc_recover() == NULL);
    CHECK(goc_result() == NULL);
}

/* A deferred call's own deferred calls are not run by the panic. */
static int helper(void)
{
    DEFERS;
    DEFER(recover_and_note, "helper ");
    return 0;
}

static void help_then_recover(const char *text)
{
    helper();
    recover_and_note(text);
}

static int nested_helper(void)
{
    DEFERS;
    DEFER(help_then_recover, "own");
    panic_with("p");
    return 1;
}

static void only_who_the_panic_runs_recovers(void)
{
    CHECK_EQ(nested_helper(), 0);
    CHECK_STR(log_text, "-helper pown");
}

/* A panic in a deferred call takes the place of the one that ran it. */
static int replaced(void)
{
    DEFERS;
    DEFER(recover_and_note, "!");
    DEFER(panic_with, "second");
    panic_with("first");
    return 1;
}

/* One that begins and ends within a deferred call leaves the outer one alone. */
static void recovers_inside(const char *text)
{
    CHECK_EQ(replaced(), 0);
    note(text);
}

static int outer_goes_on(void)
{
    DEFERS;
    DEFER(recover_and_note, "?");
    DEFER(recovers_inside, "+");
    panic_with("outer");
    return 1;
}

static void panics_in_deferred_calls(void)
{
    CHECK_EQ(replaced(), 0);
    CHECK_STR(log_text, "second!");
    log_text[0] = '\0';
    CHECK_EQ(outer_goes_on(), 0);
    CHECK_STR(log_text, "second!+outer?");
}

static int send_on_closed(void)
{
    goc_chan *c = goc_chan_make(0, 1);
    DEFERS;
    DEFER(recover_and_note, ";");
    goc_chan_close(c);
    goc_chan_send(c, NULL);
    return 1;
}

static int close_of_nil(void)
{
    DEFERS;
    DEFER(recover_and_note, ";");
    goc_chan_close(NULL);
    return 1;
}

static int negative_counter(void)
{
    goc_waitgroup wg = {0};
    DEFERS;
    DEFER(recover_and_note, ";");
    goc_waitgroup_done(&wg);
    return 1;
}

static void panics_of_the_runtime(void)
{
    CHECK_EQ(send_on_closed() + close_of_nil() + negative_counter(), 0);
    CHECK_STR(log_text, "send on closed channel;close of nil channel;"
                        "sync: negative WaitGroup counter;");
}

static goc_waitgroup all;

static void end(const char *text)
{
    note(text);
    goc_exit();
}

static int exits(void)
{
    DEFERS;
    DEFER(note, "4");
    DEFER(end, "3");
    DEFER(recover_and_note, "2");
    note("1");
    goc_exit();
}

static int exits_below(void)
{
    DEFERS;
    DEFER(note, "5");
    return exits();
}

static void run_exits(void *argument)
{
    (void)argument;
    exits_below();
    note("never");
}

/* Who panics while it exits, and is recovered, goes on to exit. */
static int recovered_exit(void)
{
    DEFERS;
    DEFER(note, "c");
    DEFER(recover_and_note, "b");
    DEFER(panic_with, "a");
    goc_exit();
}

static void run_recovered_exit(void *argument)
{
    (void)argument;
    recovered_exit();
    note("never");
}

static void on_exit_of_the_goroutine(void)
{
    party_go(run_exits, NULL);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_STR(log_text, "1-2345");
    log_text[0] = '\0';
    party_go(run_recovered_exit, NULL);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_STR(log_text, "abc");
}

static void yield(const char *text)
{
    (void)text;
    goc_yield();
}

static void recover_quietly(const char *text)
{
    (void)text;
    goc_recover();
}

static int recover_at_random(int depth)
{
    DEFERS;
    DEFER(yield, NULL);
    if (depth % 3 == 0) {
        DEFER(yield, NULL);
        DEFER(recover_quietly, NULL);
    }
    if (depth < 12)
        return recover_at_random(depth + 1);
    goc_yield();
    goc_panic("deep %d", depth);
}

static void recover_often(void *argument)
{
    (void)argument;
    for (int i = 0; i < 200; i++) {
        CHECK_EQ(recover_at_random(1 + i % 3), 0);
        isolated_goes_on(); /* its yields go from thread to thread */
    }
    goc_waitgroup_done(&all);
}

/* On many goroutines that move between threads, and on threads. */
static void everywhere(void)
{
    goc_waitgroup_add(&all, 9);
    for (int i = 0; i < 8; i++)
        party_go(recover_often, NULL);
    pthread_t thread = party_thread(recover_often, NULL);
    goc_waitgroup_wait(&all);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void one_of_each(void)
{
    log_text[0] = '\0';
    replaced();
    recovers();
    party_go(run_exits, NULL);
    party_go(run_recovered_exit, NULL);
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

static void nothing_is_left_over(void)
{
    goc_maxprocs(1); /* each thread has an arena of its own */
    for (int i = 0; i < 10; i++)
        one_of_each();
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 500; i++)
        one_of_each();
    CHECK_EQ(mallinfo2().uordblks, before);
}

static goc_once once;
static int calls;

static void panic_once(void)
{
    calls++;
    goc_panic("once");
}

static int call_once(void)
{
    DEFERS;
    DEFER(recover_and_note, ";");
    goc_once_do(&once, panic_once);
    return 1;
}

static void once_has_been_called(void)
{
    CHECK_EQ(call_once(), 0);
    CHECK_EQ(call_once(), 1);
    CHECK_STR(log_text, "once;-;");
    CHECK_EQ(calls, 1);
}

static int recovered_task(void *argument)
{
    (void)argument;
    return recovers() == 42 ? 0 : -1;
}

static int panicking_flight(void *argument, void **value)
{
    *value = argument;
    goc_panic("flight");
}

static goc_singleflight group;

static int fly(void)
{
    DEFERS;
    DEFER(recover_and_note, ";");
    goc_singleflight_do(&group, "key", panicking_flight, NULL);
    return 1;
}

static void through_other_calls(void)
{
    goc_errgroup tasks = {0};
    goc_errgroup_go(&tasks, recovered_task, NULL);
    CHECK_EQ(goc_errgroup_wait(&tasks), 0);
    log_text[0] = '\0';
    CHECK_EQ(fly(), 0);
    CHECK_EQ(fly(), 0);
    CHECK_STR(log_text, "flight;flight;");
    CHECK(group.flights == NULL);
}

static int nobody_recovers(void)
{
    DEFERS;
    DEFER(panic_with, "second");
    panic_with("first");
    return 1;
}

static void two_panics(void)
{
    nobody_recovers();
}

static void recover_and_panic(const char *text)
{
    CHECK(goc_recover() != NULL);
    goc_panic("%s", text);
}

static int panics_again(void)
{
    DEFERS;
    DEFER(recover_and_panic, "second");
    panic_with("first");
    return 1;
}

static void recovered_panic(void)
{
    panics_again();
}

static int unlock(void)
{
    goc_mutex mutex = {0};
    DEFERS;
    DEFER(recover_and_note, ";");
    goc_mutex_unlock(&mutex);
    return 1;
}

static void fatal_errors_are_not_recovered(void)
{
    unlock();
}

static void no_value(void)
{
    goc_panic("%s", "plain");
}

static const struct isolated_case cases[] = {
    ISOLATED(on_return_and_panic),
    ISOLATED(only_who_the_panic_runs_recovers),
    ISOLATED(panics_in_deferred_calls),
    ISOLATED(panics_of_the_runtime),
    ISOLATED(on_exit_of_the_goroutine),
    ISOLATED(everywhere),
    ISOLATED(nothing_is_left_over),
    ISOLATED(once_has_been_called),
    ISOLATED(through_other_calls),
    ISOLATED_PANIC(two_panics, "panic: first\n\tpanic: second\n\ngoroutine 1 [running]:"),
    ISOLATED_PANIC(recovered_panic, "panic: first [recovered]\n\tpanic: second\n\n"),
    ISOLATED_PANIC(fatal_errors_are_not_recovered,
                   "fatal error: sync: unlock of unlocked mutex"),
    ISOLATED_PANIC(no_value, "panic: plain\n\ngoroutine 1 [running]:"),
};

ISOLATED_MAIN(cases)
