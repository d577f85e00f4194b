/* Five philosophers, five forks: each takes the lower-numbered one first, so nobody starves
 * in a circle. */
#include <goc.h>
#include <stdio.h>

enum { SEATS = 5, MEALS = 500 };

static goc_mutex fork_at[SEATS];
static int meals[SEATS]; /* each its own philosopher's */

static void dine(int seat, goc_waitgroup *done)
{
    int left = seat;
    int right = (seat + 1) % SEATS;
    int first = left < right ? left : right;
    int second = left < right ? right : left;
    for (int i = 0; i < MEALS; i++) {
        goc_mutex_lock(&fork_at[first]);
        goc_yield();
        goc_mutex_lock(&fork_at[second]);
        meals[seat]++;
        goc_mutex_unlock(&fork_at[second]);
        goc_mutex_unlock(&fork_at[first]);
    }
    goc_waitgroup_done(done);
}

int main(void)
{
    goc_waitgroup done = {0};
    goc_waitgroup_add(&done, SEATS);
    for (int seat = 0; seat < SEATS; seat++)
        go dine(seat, &done);
    goc_waitgroup_wait(&done);
    int total = 0;
    for (int seat = 0; seat < SEATS; seat++)
        total += meals[seat];
    printf("%d meals\n", total);
}

// CHECK: 2500 meals
