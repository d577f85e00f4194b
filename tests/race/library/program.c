/* Threads that use an instrumented library which they have opened: `program LIBRARY SCENARIO`. */
#include "barrier.h"
#include "check.h"

#include <dlfcn.h>
#include <pthread.h>

static const char *path;
static struct barrier step;

static const char *name = "library_touch"; // of the function that is called

static void *open_library(void (**touch)(void))
{
    void *library = dlopen(path, RTLD_NOW);
    CHECK(library != NULL);
    *(void **)touch = dlsym(library, name);
    CHECK(*touch != NULL);
    return library;
}

/* Alone in the library's life: what is mapped at its addresses later is another. */
static void *use_and_close(void *turn)
{
    void (*touch)(void);
    barrier_await(&step, *(unsigned *)turn);
    void *library = open_library(&touch);
    touch();
    CHECK_EQ(dlclose(library), 0);
    barrier_arrive(&step);
    return NULL;
}

static void *use_and_keep(void *turn)
{
    void (*touch)(void);
    barrier_await(&step, *(unsigned *)turn);
    (void)open_library(&touch);
    touch();
    barrier_arrive(&step);
    return NULL;
}

/* Both threads live until both have used it. */
static void *use_and_stay(void *turn)
{
    (void)use_and_keep(turn);
    barrier_await(&step, 2);
    return NULL;
}

static void run(void *(*use)(void *), int join_between)
{
    unsigned turns[2] = {0, 1};
    pthread_t threads[2];
    CHECK_EQ(pthread_create(&threads[0], NULL, use, &turns[0]), 0);
    if (join_between)
        CHECK_EQ(pthread_join(threads[0], NULL), 0);
    CHECK_EQ(pthread_create(&threads[1], NULL, use, &turns[1]), 0);
    if (!join_between)
        CHECK_EQ(pthread_join(threads[0], NULL), 0);
    CHECK_EQ(pthread_join(threads[1], NULL), 0);
}

int main(int argc, char **argv)
{
    CHECK_EQ(argc, 3);
    path = argv[1];
    if (strcmp(argv[2], "race_open") == 0)
        run(use_and_keep, 0);
    else if (strcmp(argv[2], "norace_joined") == 0)
        run(use_and_keep, 1);
    else if (strcmp(argv[2], "norace_opened_again") == 0)
        run(use_and_close, 0);
    else if (strcmp(argv[2], "race_thread_local") == 0)
        name = "library_count", run(use_and_stay, 0);
    else
        return 1;
}
