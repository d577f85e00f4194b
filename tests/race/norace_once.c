/* The function of pthread_once is before the return of every pthread_once; calls nest. */
#include "pair.h"

int shared;
static int inner;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_once_t inner_once = PTHREAD_ONCE_INIT;

static void make_inner(void)
{
    inner = 1;
}

static void make(void)
{
    pthread_once(&inner_once, make_inner);
    shared = inner;
}

static void first(void)
{
    pthread_once(&once, make);
    CHECK_EQ(shared, 1);
}

static void second(void)
{
    pthread_once(&once, make);
    CHECK_EQ(shared, 1);
    pthread_once(&inner_once, make_inner);
    CHECK_EQ(inner, 1);
}

int main(void)
{
    pair_in_order();
}
