/* What a dying process prints, and that it dies with the right status. */
#include "barrier.h"
#include "base/atomic.h"
#include "base/panic.h"
#include "isolated.h"
#include "party.h"
#include "sched/park.h"

#include <goc/go.h>
#include <signal.h>
#include <sys/stat.h>

static struct barrier gate;

__attribute__((__noinline__)) static void wait_for_ever(void *unused)
{
    goc__park(NULL, NULL, WAIT_CHAN_RECV_NIL, unused);
    check_fail(__FILE__, __LINE__, "woken by nobody");
}

static void throw_up(void *unused)
{
    (void)unused;
    goc__panicf("oops %d", 7);
}

static void a_panic(void)
{
    goc_go(throw_up, NULL, 0);
    for (;;)
        goc_yield();
}

static void a_fatal_error(void)
{
    goc_go(wait_for_ever, NULL, 0);
    goc_yield();
    goc__fatal("no more");
}

static void panic_on_a_thread(void)
{
    CHECK_EQ(pthread_join(party_thread(throw_up, NULL), NULL), 0);
}

static void an_assertion(void)
{
    goc__assert(1 + 1 == 3);
}

/* Everybody at once: one message, one exit. */
static void many_panics(void)
{
    for (int i = 0; i < 100; i++)
        goc_go(throw_up, NULL, 0);
    for (;;)
        goc_yield();
}

static char script[256];

/* Make a symbolizer out of the lines of BODY, and use it. */
static void use_script(const char *body)
{
    snprintf(script, sizeof script, "/tmp/goc-test-symbolizer-%d", (int)getpid());
    FILE *file = fopen(script, "w");
    CHECK(file != NULL);
    fprintf(file, "#!/bin/sh\n%s\n", body);
    CHECK_EQ(fclose(file), 0);
    CHECK_EQ(chmod(script, 0700), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): alone */
    CHECK_EQ(setenv("GOC_SYMBOLIZER", script, 1), 0);
}

static void lines_of_the_symbolizer(void)
{
    /* Each address is in an inlined function; a path may hold a space. */
    use_script("rm -f $0; while read question; do "
               "echo 'inlined /a b/one.c:12:3'; echo 'outer two.c:34:5'; echo; done");
    a_panic();
}

static void without_a_symbolizer(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): alone */
    CHECK_EQ(setenv("GOC_SYMBOLIZER", "/no/such/file", 1), 0);
    a_panic();
}

static void a_mute_symbolizer(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): alone */
    CHECK_EQ(setenv("GOC_SYMBOLIZER", "/bin/true", 1), 0);
    a_panic();
}

static void panic_then_open(void *unused)
{
    /* tidy: sleep, because main has to return before the helper answers */
    use_script("rm -f $0; sleep 0.2");
    barrier_arrive(&gate);
    throw_up(unused);
}

/* Goroutine 1 calls exit while another one still prints why the process dies. */
static void main_returns_meanwhile(void)
{
    goc_go(panic_then_open, NULL, 0);
    barrier_await(&gate, 1);
    struct timespec moment = {.tv_nsec = 50000000};
    nanosleep(&moment, NULL); /* tidy: sleep, because no event tells that it began */
}

static void block(void *unused)
{
    (void)unused;
    barrier_await(&gate, 1);
}

static bool computing; // atomic

static void compute(void *unused)
{
    (void)unused;
    for (;;)
        store_release(&computing, true);
}

static void quit_shows_everybody(void)
{
    goc_go(wait_for_ever, NULL, 0);
    goc_go(block, NULL, 0);
    goc_go(compute, NULL, 0);
    PARTY_UNTIL(load_acquire(&computing));
    kill(getpid(), SIGQUIT);
    wait_for_ever(NULL);
}

static void on_quit(int signal)
{
    (void)signal;
    _exit(55);
}

static void quit_may_be_the_programs(void)
{
    signal(SIGQUIT, on_quit);
    goc_go(wait_for_ever, NULL, 0);
    goc_yield();
    raise(SIGQUIT);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED_PANIC(a_panic,
                       "panic: oops 7\n\ngoroutine 2 [running]:\nthrow_up(...)\n\t"),
        ISOLATED_PANIC(a_panic, "created by a_panic in goroutine 1\n\t"),
        ISOLATED_PANIC(
            a_fatal_error,
            "fatal error: no more\n\ngoroutine 1 [running]:\na_fatal_error(...)\n"),
        ISOLATED_PANIC(a_fatal_error, "\ngoroutine 2 [chan receive (nil chan)]:\n"
                                      "wait_for_ever(...)\n"),
        ISOLATED_PANIC(panic_on_a_thread,
                       "panic: oops 7\n\nthread [running]:\nthrow_up(...)\n"),
        ISOLATED_PANIC(an_assertion, "fatal error: runtime: "),
        ISOLATED_PANIC(many_panics, "panic: oops 7\n\ngoroutine "),
        ISOLATED_PANIC(lines_of_the_symbolizer, "inlined(...)\n\t/a b/one.c:12 +0x"),
        ISOLATED_PANIC(lines_of_the_symbolizer, "outer(...)\n\ttwo.c:34 +0x"),
        ISOLATED_PANIC(without_a_symbolizer, "throw_up(...)\n\t/"),
        ISOLATED_PANIC(a_mute_symbolizer, "throw_up(...)\n\t/"),
        {"main_returns_meanwhile", main_returns_meanwhile, 2, "panic: oops 7"},
        ISOLATED_PANIC(quit_shows_everybody, "SIGQUIT: quit\n\ngoroutine 1 ["),
        ISOLATED_PANIC(quit_shows_everybody, "\ngoroutine 4 [running]:\ncompute(...)\n"),
        ISOLATED_PANIC(quit_shows_everybody, "\nbarrier_await(...)\n"),
        {"quit_may_be_the_programs", quit_may_be_the_programs, 55, NULL},
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
