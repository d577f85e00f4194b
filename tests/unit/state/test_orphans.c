/* base/lock.h after a fork: what the parent's other threads held belongs to nobody here. */
#include "base/lock.h"
#include "shadow.h"
#include "state/line.h"
#include "unit.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char object[64];

static int boot(void **state)
{
    (void)state;
    test_shadow_init();
    return 0;
}

/* Runs in a child; the status that it exits with. */
static int in_child(int (*child)(void))
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        race__lock_orphans();
        _exit(child());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int takes_all_at_once(void)
{
    struct race__lock lock = {.word = 2};
    unsigned spins = 0;
    race__lock(&lock);
    return lock.word == 1 && race__backoff(&spins) && spins == 0 ? 0 : 1;
}

static void alone_whatever_is_held_is_an_orphan(void **state)
{
    (void)state;
    assert_int_equal(in_child(takes_all_at_once), 0);
}

static int takes_the_line(void)
{
    race__line_unlock_head(race__line_lock((uintptr_t)object));
    return 0;
}

static void a_line_that_the_parent_holds_is_free(void **state)
{
    (void)state;
    uint64_t *head = race__line_lock((uintptr_t)object);
    assert_int_equal(in_child(takes_the_line), 0);
    race__line_unlock_head(head);
}

/* How many turns it takes, and that they took time. */
static int waits_first(void)
{
    struct timespec begin;
    struct timespec end;
    unsigned spins = 0;
    race__lock_others();
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    while (!race__backoff(&spins))
        continue;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    return end.tv_sec - begin.tv_sec >= 2 ? 0 : 1;
}

static void among_others_an_orphan_is_what_nobody_gives_back_for_seconds(void **state)
{
    (void)state;
    assert_int_equal(in_child(waits_first), 0);
}

static void without_a_fork_there_are_none(void **state)
{
    (void)state;
    unsigned spins = 10000000;
    race__lock_others();
    assert_false(race__backoff(&spins));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_whatever_is_held_is_an_orphan),
        cmocka_unit_test(a_line_that_the_parent_holds_is_free),
        cmocka_unit_test(among_others_an_orphan_is_what_nobody_gives_back_for_seconds),
        cmocka_unit_test(without_a_fork_there_are_none),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
