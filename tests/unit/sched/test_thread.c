/* Plain threads: they start goroutines, park, end, and count as who might wake somebody. */
#include "base/atomic.h"
#include "isolated.h"
#include "party.h"
#include "sched/park.h"

#include <goc/go.h>
#include <goc/sync.h>

enum { THREADS = 8, EACH = 500 };

static int finished; // atomic

static void count(void *unused)
{
    (void)unused;
    CHECK(goc_goid() > 1);
    fetch_add_release(&finished, 1);
}

static void spawn_each(void *unused)
{
    (void)unused;
    CHECK_EQ(goc_goid(), 0);
    for (int i = 0; i < EACH; i++)
        goc_go(count, NULL, 0);
    goc_yield();
    CHECK(goc__is_thread(goc__self()));
}

static void threads_start_goroutines(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = party_thread(spawn_each, NULL);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    PARTY_UNTIL(load_acquire(&finished) == THREADS * EACH);
    CHECK(!goc__is_thread(goc__self()));
    PARTY_UNTIL(goc_num_goroutine() == 1);
}

static struct g *guests[2];

static void note_guest(void *slot)
{
    *(struct g **)slot = goc__self();
}

static void ended_threads_leave_room(void)
{
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(party_thread(note_guest, (void *)&guests[i]), NULL), 0);
    CHECK(guests[0] == guests[1]);
}

static goc_waitgroup done;

static void finish(void *unused)
{
    (void)unused;
    goc_waitgroup_done(&done);
}

static void spawn_finish(void *unused)
{
    goc_go(finish, unused, 0);
}

/* Everything sleeps but a thread of the program's: no deadlock. */
static void main_waits_for_a_thread(void)
{
    goc_waitgroup_add(&done, 1);
    pthread_t thread = party_thread(spawn_finish, NULL);
    goc_waitgroup_wait(&done);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void on_destructor(void *unused)
{
    (void)unused;
    goc_go(count, NULL, 0);
}

static pthread_key_t key;

static void set_key(void *unused)
{
    CHECK(goc__self() != NULL);
    CHECK_EQ(pthread_setspecific(key, &key), 0);
    (void)unused;
}

/* A destructor of the program's that runs after the runtime's. */
static void destructors_may_use_it(void)
{
    CHECK_EQ(pthread_key_create(&key, on_destructor), 0);
    CHECK_EQ(pthread_join(party_thread(set_key, NULL), NULL), 0);
    PARTY_UNTIL(load_acquire(&finished) == 1);
}

int main(int argc, char **argv)
{
    static const struct isolated_case cases[] = {
        ISOLATED(threads_start_goroutines),
        ISOLATED(ended_threads_leave_room),
        ISOLATED(main_waits_for_a_thread),
        ISOLATED(destructors_may_use_it),
    };
    return isolated_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
