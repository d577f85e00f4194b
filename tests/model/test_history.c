/* The history's end: after the stop nobody writes, and what was written can be read. */
#include "model.h"
#include "sched/gmp.h"
#include "sched/history.h"

enum { CAPACITY = 4, RECORDS = 2 };

static struct m writers[2];
static void tell(void *number)
{
    goc__m_local = &writers[(uintptr_t)number];
    for (int i = 0; i < RECORDS; i++)
        goc__history_spawned(1, NULL, NULL);
}

/* While they tell. */
static void stop_and_read(void)
{
    goc__history_stop();
    struct record record;
    int read = 0;
    while (goc__history_next(&record)) {
        MODEL_CHECK(record.strand == 1 && record.happening == HAPPENS_SPAWN);
        read++;
    }
    MODEL_CHECK(read <= 2 * RECORDS);
    MODEL_CHECK(goc__history_lost() < UINT64_C(2) * RECORDS);
}

/* Over what the reader may be at. */
static void one_writes(void)
{
    goc__history_start(1);
    model_spawn(tell, (void *)0);
    stop_and_read();
    model_join();
}

static void two_write(void)
{
    goc__history_start(CAPACITY);
    model_spawn(tell, (void *)0);
    model_spawn(tell, (void *)1);
    stop_and_read();
    model_join();
}

/* All have ended: nothing is missing. */
static void all_is_there(void)
{
    goc__history_start(CAPACITY);
    model_spawn(tell, (void *)0);
    model_spawn(tell, (void *)1);
    model_join();
    goc__history_stop();
    struct record record;
    for (int i = 0; i < 2 * RECORDS; i++)
        MODEL_CHECK(goc__history_next(&record));
    MODEL_CHECK(!goc__history_next(&record));
}

int main(void)
{
    model_explore("history: one writes, a stop", one_writes, 3, 2);
    model_explore("history: two write, a stop", two_write, 2, 1);
    model_explore("history: all is there", all_is_there, 2, 1);
}
