/* The start: a goroutine that sees it done sees what was done; who goes through all stacks sees
 * what describes those that are there. */
#include "model.h"
#include "sched/boot.h"
#include "sched/stack.h"

#include <goc/go.h>

static uint32_t ran; // atomic

static void run(void *unused)
{
    (void)unused;
    store_relaxed(&ran, 1u);
}

static void start(void *unused)
{
    (void)unused;
    goc__boot_start();
}

static void a_start_against_a_goroutine(void)
{
    model_thread(start, NULL);
    goc_go(run, NULL, 0);
    goc_yield();
    MODEL_CHECK(load_relaxed(&ran) == 1);
}

static struct p held;

static void take_stack(void *unused)
{
    (void)unused;
    MODEL_CHECK(goc__stack_take(&held) != NULL);
}

static void count(struct g *g, void *number)
{
    MODEL_CHECK(g != NULL);
    ++*(int *)number;
}

static void count_stacks(void *unused)
{
    (void)unused;
    int number = 0;
    goc__stack_each(count, &number);
}

static void a_stack_against_a_count(void)
{
    goc__stack_start();
    model_thread(take_stack, NULL);
    model_thread(count_stacks, NULL);
    model_join();
}

int main(void)
{
    model_explore("boot: a start, a goroutine", a_start_against_a_goroutine, 1, 1);
    model_explore("boot: a stack, a count", a_stack_against_a_count, 2, 1);
    model_random("boot: a start, a goroutine", a_start_against_a_goroutine, 5, 3000);
}
