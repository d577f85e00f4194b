/* intercept/handlers.c: signals that come while their thread is inside the detector. */
#include "entry/boot.h"
#include "state/strand.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STACK_BYTES = 64 * 1024 };

static char stack[STACK_BYTES];
static int runs;
static bool on_stack; // of the last run
static int value;     // that came with it

static int boot(void **state)
{
    (void)state;
    race__boot();
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    assert_int_equal(sigaltstack(&own, NULL), 0);
    return 0;
}

static void note(void)
{
    char here;
    runs++;
    on_stack = &here >= stack && &here < stack + sizeof stack;
}

static void handle(int signal)
{
    (void)signal;
    note();
}

static void handle_info(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    value = info->si_value.sival_int;
    note();
}

static void install(int signal, int flags)
{
    struct sigaction action = {.sa_flags = flags};
    if ((flags & SA_SIGINFO) != 0)
        action.sa_sigaction = handle_info;
    else
        action.sa_handler = handle;
    assert_int_equal(sigaction(signal, &action, NULL), 0);
    runs = 0;
}

/* SIGNAL comes inside the detector; nothing runs before the caller leaves it. */
static void send_inside(int signal, int number)
{
    siginfo_t info = {.si_signo = signal, .si_code = SI_QUEUE};
    info.si_value.sival_int = number;
    assert_true(race__enter());
    assert_int_equal(syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid),
                             signal, &info),
                     0);
    assert_int_equal(runs, 0);
    race__leave();
    assert_int_equal(runs, 1);
}

static void it_runs_where_its_thread_is(void **state)
{
    (void)state;
    install(SIGUSR1, 0);
    send_inside(SIGUSR1, 0);
    assert_false(on_stack);
}

static void it_runs_on_the_stack_that_it_asked_for(void **state)
{
    (void)state;
    install(SIGUSR1, SA_ONSTACK);
    send_inside(SIGUSR1, 0);
    assert_true(on_stack);
}

static void it_gets_what_came_with_the_signal(void **state)
{
    (void)state;
    install(SIGRTMIN, SA_SIGINFO);
    send_inside(SIGRTMIN, 5);
    assert_int_equal(value, 5);
    install(SIGRTMIN, SA_SIGINFO | SA_ONSTACK);
    send_inside(SIGRTMIN, 6);
    assert_int_equal(value, 6);
    assert_true(on_stack);
}

/* Sent again it would be the default action's. */
static void for_one_run_it_runs_once(void **state)
{
    (void)state;
    install(SIGUSR2, (int)(SA_ONSTACK | SA_RESETHAND));
    send_inside(SIGUSR2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_runs_where_its_thread_is),
        cmocka_unit_test(it_runs_on_the_stack_that_it_asked_for),
        cmocka_unit_test(it_gets_what_came_with_the_signal),
        cmocka_unit_test(for_one_run_it_runs_once),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
