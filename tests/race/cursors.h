/* Two cursors over an array, as a partition has them: each goes on until the data stop it. */
#ifndef GOC_TESTS_CURSORS_H
#define GOC_TESTS_CURSORS_H

enum { LENGTH = 100, STOPS = 8, LAST_UP = 61, LAST_DOWN = 38, BOTH = 4 };

/* Where they stop, as often the one as the other: at last at LAST_UP and LAST_DOWN. */
static int up[LENGTH] __attribute__((__aligned__(64)));
static int down[LENGTH] __attribute__((__aligned__(64)));

static void lay_out(void)
{
    for (int i = 0; i < LENGTH; i++) {
        up[i] = i % STOPS == 0 ? 1 : 0;
        down[i] = i % STOPS == 1 ? 1 : 0;
    }
    up[LAST_UP] = 2;
    down[LAST_DOWN] = 2;
}

#endif
