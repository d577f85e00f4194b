/* A race in one library, which is closed, and one in another, which lies where that lay:
 * `program ONE TWO`, whose functions are one_touch and two_touch. */
#include "barrier.h"
#include "check.h"

#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

static void (*touch)(void);
static struct barrier step;

static void *use(void *turn)
{
    barrier_await(&step, *(unsigned *)turn);
    touch();
    barrier_arrive(&step);
    return NULL;
}

/* Two threads in an order that nothing makes, from TURN on; answers where the library was. */
static void *race(const char *path, const char *name, unsigned turn)
{
    unsigned turns[2] = {turn, turn + 1};
    pthread_t threads[2];
    void *library = dlopen(path, RTLD_NOW);
    CHECK(library != NULL);
    *(void **)&touch = dlsym(library, name);
    CHECK(touch != NULL);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, use, &turns[i]), 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    Dl_info info;
    CHECK(dladdr(*(void **)&touch, &info) != 0);
    CHECK_EQ(dlclose(library), 0);
    return info.dli_fbase;
}

int main(int argc, char **argv)
{
    CHECK_EQ(argc, 3);
    void *first = race(argv[1], "one_touch", 0);
    if (race(argv[2], "two_touch", 2) != first)
        _exit(77);
}
