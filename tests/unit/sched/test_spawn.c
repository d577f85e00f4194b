/* Birth and end: arguments, ids, counts, errno, exits, and what main's end means. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"

#include <errno.h>
#include <goc/go.h>
#include <sys/wait.h>

enum { MANY = 2000, BATCHES = 20, PARKED = 5000, LARGE = 100000 };

static int finished; // atomic
static unsigned char seen_ids[MANY * BATCHES * 2];

static void note_id(void *unused)
{
    (void)unused;
    uint64_t id = goc_goid();
    CHECK(id > 1);
    CHECK(id < sizeof seen_ids);
    CHECK_EQ(exchange_relaxed(&seen_ids[id], (unsigned char)1), 0);
    fetch_add_release(&finished, 1);
}

static void ids_are_nobody_elses(void)
{
    CHECK_EQ(goc_goid(), 1);
    for (int batch = 1; batch <= BATCHES; batch++) {
        for (int i = 0; i < MANY; i++)
            goc_go(note_id, NULL, 0);
        PARTY_UNTIL(load_acquire(&finished) == batch * MANY);
    }
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

struct wide {
    _Alignas(64) unsigned char bytes[200];
};

static void check_wide(void *argument)
{
    const struct wide *wide = argument;
    CHECK_EQ((uintptr_t)wide % _Alignof(struct wide), 0);
    for (size_t i = 1; i < sizeof wide->bytes; i++)
        CHECK_EQ(wide->bytes[i], (unsigned char)(wide->bytes[0] + i));
    fetch_add_release(&finished, 1);
}

static void check_large(void *argument)
{
    const unsigned char *bytes = argument;
    for (int i = 0; i < LARGE; i++)
        CHECK_EQ(bytes[i], (unsigned char)i);
    fetch_add_release(&finished, 1);
}

static void arguments_are_copied(void)
{
    struct wide wide;
    static unsigned char large[LARGE];
    for (int i = 0; i < LARGE; i++)
        large[i] = (unsigned char)i;
    for (int n = 0; n < MANY; n++) {
        for (size_t i = 0; i < sizeof wide.bytes; i++)
            wide.bytes[i] = (unsigned char)((size_t)n + i);
        goc_go(check_wide, &wide, sizeof wide);
        memset(&wide, 0, sizeof wide);
    }
    goc_go(check_large, large, sizeof large);
    memset(large, 0, sizeof large);
    PARTY_UNTIL(load_acquire(&finished) == MANY + 1);
}

/* A stack whose first goroutine had its arguments elsewhere goes to one that has them on it. */
static void count_down(void *argument)
{
    CHECK_EQ(*(int *)argument, MANY);
    fetch_add_release(&finished, 1);
}

static void stacks_change_hands_after_large_arguments(void)
{
    static unsigned char large[LARGE];
    int many = MANY;
    for (int i = 0; i < LARGE; i++)
        large[i] = (unsigned char)i;
    for (int n = 0; n < MANY; n++) {
        goc_go(check_large, large, sizeof large);
        goc_go(count_down, &many, sizeof many);
    }
    PARTY_UNTIL(load_acquire(&finished) == 2 * MANY);
}

static bool released; // atomic

static void wait_released(void *unused)
{
    (void)unused;
    fetch_add_release(&finished, 1);
    PARTY_UNTIL(load_acquire(&released));
    fetch_add_release(&finished, 1);
}

static void many_at_once(void)
{
    for (int i = 0; i < PARKED; i++)
        goc_go(wait_released, NULL, 0);
    PARTY_UNTIL(load_acquire(&finished) == PARKED);
    CHECK_EQ(goc_num_goroutine(), PARKED + 1);
    store_release(&released, true);
    PARTY_UNTIL(goc_num_goroutine() == 1);
    CHECK_EQ(load_acquire(&finished), 2 * PARKED);
}

/* The compiler may keep errno's address across a yield; not across these. */
__attribute__((__noinline__)) static int get_errno(void)
{
    return errno;
}

__attribute__((__noinline__)) static void set_errno(int value)
{
    errno = value;
}

static void keep_errno(void *argument)
{
    int mine = *(int *)argument;
    CHECK_EQ(get_errno(), 0);
    set_errno(mine);
    for (int i = 0; i < MANY; i++) {
        goc_yield();
        CHECK_EQ(get_errno(), mine);
    }
    fetch_add_release(&finished, 1);
}

static void errno_is_each_ones_own(void)
{
    set_errno(EDOM);
    for (int i = 1; i <= 8; i++)
        goc_go(keep_errno, &i, sizeof i);
    PARTY_UNTIL(load_acquire(&finished) == 8);
    CHECK_EQ(get_errno(), EDOM);
}

__attribute__((__noinline__)) static void exit_deep(int depth)
{
    if (depth == 0)
        goc_exit();
    exit_deep(depth - 1);
    check_fail(__FILE__, __LINE__, "goc_exit returned");
}

static void exit_early(void *unused)
{
    (void)unused;
    exit_deep(10);
}

static void exit_ends_the_caller_only(void)
{
    for (int i = 0; i < MANY; i++)
        goc_go(exit_early, NULL, 0);
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

static void end_process(void *unused)
{
    (void)unused;
    exit(33); /* NOLINT(concurrency-mt-unsafe): once */
}

static void any_goroutine_may_exit(void)
{
    goc_go(end_process, NULL, 0);
    for (;;)
        goc_yield();
}

static void spin(void *unused)
{
    (void)unused;
    for (;;)
        goc_yield();
}

static void main_ends_all(void)
{
    for (int i = 0; i < 10; i++)
        goc_go(spin, NULL, 0);
}

/* Before its first goroutine a program has one thread, and may fork. */
static void forks_before_the_first(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    ids_are_nobody_elses();
    if (child == 0)
        _exit(44);
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 44);
}

static void spawn_more(void *argument)
{
    int depth = *(int *)argument - 1;
    for (int i = 0; depth > 0 && i < 10; i++)
        goc_go(spawn_more, &depth, sizeof depth);
    fetch_add_release(&finished, 1);
}

static void trees_of_goroutines(void)
{
    int depth = 5;
    goc_go(spawn_more, &depth, sizeof depth);
    PARTY_UNTIL(load_acquire(&finished) == 11111);
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(ids_are_nobody_elses),
        ISOLATED(arguments_are_copied),
        ISOLATED(stacks_change_hands_after_large_arguments),
        ISOLATED(many_at_once),
        ISOLATED(errno_is_each_ones_own),
        ISOLATED(exit_ends_the_caller_only),
        {"any_goroutine_may_exit", any_goroutine_may_exit, 33, NULL},
        ISOLATED(main_ends_all),
        ISOLATED(forks_before_the_first),
        ISOLATED(trees_of_goroutines),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
