/* The start: a goroutine that sees it done sees what was done. */
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

int main(void)
{
    model_explore("boot: a start, a goroutine", a_start_against_a_goroutine, 1, 1);
    model_random("boot: a start, a goroutine", a_start_against_a_goroutine, 5, 3000);
}
