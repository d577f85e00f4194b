/* The records of goroutines that have not begun, which a dump reads while others use them: what is
 * told of one was written for it. */
#include "model.h"
#include "sched/newborn.h"
#include "sched/stack.h"

enum { IDS = 2, CREATOR = 10 };

static struct p held;
static const char places[IDS + 1];

static void run_first(void *unused)
{
    (void)unused;
}

static void run_second(void *unused)
{
    (void)unused;
}

static void (*const entries[])(void *) = {NULL, run_first, run_second};

static void conceive(uint64_t id)
{
    struct newborn *n = goc__newborn_take(&held);
    n->argument_bytes = 0;
    newborn_name(n, id, entries[id], CREATOR + id, &places[id]);
    goc__newborn_add(&held, n);
}

static void conceive_first(void *unused)
{
    (void)unused;
    conceive(1);
}

/* The first begins, and leaves its record to the second. */
static void conceive_second(void *unused)
{
    (void)unused;
    MODEL_CHECK(goc__newborn_start(&held, NULL)->id == 1);
    conceive(2);
}

static void check(struct g *g, void *number)
{
    MODEL_CHECK(g->id >= 1 && g->id <= IDS);
    MODEL_CHECK(g->entry == entries[g->id]);
    MODEL_CHECK(g->creator_id == CREATOR + g->id);
    MODEL_CHECK(g->creator_pc == &places[g->id]);
    ++*(int *)number;
}

static void look(void *unused)
{
    (void)unused;
    int number = 0;
    goc__newborn_each(check, &number);
    MODEL_CHECK(number <= 1);
}

static void one_is_left(void)
{
    int number = 0;
    goc__newborn_each(check, &number);
    MODEL_CHECK(number == 1);
}

static void a_dump_against_a_birth(void)
{
    model_thread(conceive_first, NULL);
    model_thread(look, NULL);
    model_join();
    one_is_left();
}

static void a_dump_against_the_next(void)
{
    goc__stack_start();
    conceive(1);
    model_thread(conceive_second, NULL);
    model_thread(look, NULL);
    model_join();
    one_is_left();
}

int main(void)
{
    model_explore("newborn: a dump against a birth", a_dump_against_a_birth, 1, 2);
    model_explore("newborn: a dump against the next", a_dump_against_the_next, 1, 2);
}
