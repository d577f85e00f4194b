/* The _r functions answer in the caller's own object. */
// BEYOND TSAN: it reports what glibc does under its own lock
#include "pair.h"

#include <sys/time.h>
#include <time.h>

static void first(void)
{
    time_t now = time(NULL);
    struct tm parts;
    struct timespec spec;
    struct timeval value;
    char text[64];
    CHECK(gmtime_r(&now, &parts) == &parts);
    CHECK(localtime_r(&now, &parts) == &parts);
    CHECK(strftime(text, sizeof text, "%Y-%m-%d", &parts) == 10);
    CHECK(mktime(&parts) == now);
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &spec), 0);
    CHECK_EQ(gettimeofday(&value, NULL), 0);
}

static void second(void)
{
    first();
}

int main(void)
{
    pair_in_order();
}
