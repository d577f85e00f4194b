/* Which signals are blocked: the moments between which a handler cannot come
 * (entry/handlers.h). */
#include "intercept/masks.h"

#include "base/sys.h"
#include "entry/access.h"
#include "entry/handlers.h"
#include "intercept/next.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

RACE_NEXT(sigprocmask)
RACE_NEXT(pthread_sigmask)
RACE_NEXT(sigsuspend)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations" // and still there
RACE_NEXT(sighold)
RACE_NEXT(sigrelse)
#pragma clang diagnostic pop

#define KERNEL_SIGNAL_BYTES 8

static uint64_t blocked_now(void)
{
    uint64_t mask = 0;
    race__sys4(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, KERNEL_SIGNAL_BYTES);
    return mask;
}

/* A change of the mask: what it was, and what it will be. */
struct change {
    uint64_t before;
    uint64_t after;
};

static struct change begin(uint64_t after)
{
    struct change change = {.before = blocked_now(), .after = after};
    race__signals_unblock(change.before & ~change.after);
    return change;
}

static void end(const struct change *change)
{
    race__signals_blocked(change->after & ~change->before);
}

static uint64_t after(int how, const sigset_t *set)
{
    uint64_t now = blocked_now();
    switch (how) {
    case SIG_BLOCK:
        return now | race__signals_of(set);
    case SIG_UNBLOCK:
        return now & ~race__signals_of(set);
    default:
        return race__signals_of(set);
    }
}

/* The two differ in how they fail. */
typedef int changer(int how, const sigset_t *set, sigset_t *before);

static int change_mask(changer *next, int how, const sigset_t *set, sigset_t *before,
                       const void *pc)
{
    if (set != NULL)
        race__read(set, sizeof *set, pc);
    bool orders = set != NULL && race__handled() != 0;
    struct change change = {0};
    if (orders)
        change = begin(after(how, set));
    int result = next(how, set, before);
    if (orders && result == 0)
        end(&change);
    if (result == 0 && before != NULL)
        race__write(before, sizeof *before, pc);
    return result;
}

RACE_INTERCEPT int sigprocmask(int how, const sigset_t *restrict set,
                               sigset_t *restrict before)
{
    return change_mask(next_sigprocmask(), how, set, before, RACE_CALLER_PC());
}

RACE_INTERCEPT int pthread_sigmask(int how, const sigset_t *restrict set,
                                   sigset_t *restrict before)
{
    return change_mask(next_pthread_sigmask(), how, set, before, RACE_CALLER_PC());
}

uint64_t race__mask_swap(const sigset_t *set)
{
    if (set == NULL || race__handled() == 0)
        return 0;
    struct change change = begin(race__signals_of(set));
    return change.before & ~change.after;
}

void race__mask_swapped(uint64_t unblocked)
{
    if (unblocked != 0)
        race__signals_blocked(unblocked);
}

RACE_INTERCEPT int sigsuspend(const sigset_t *set)
{
    uint64_t unblocked = race__mask_swap(set);
    int result = next_sigsuspend()(set);
    race__mask_swapped(unblocked);
    return result;
}

RACE_INTERCEPT int sighold(int signal)
{
    struct change change = begin(blocked_now() | race__signal_bit(signal));
    int result = next_sighold()(signal);
    end(&change);
    return result;
}

RACE_INTERCEPT int sigrelse(int signal)
{
    struct change change = begin(blocked_now() & ~race__signal_bit(signal));
    int result = next_sigrelse()(signal);
    end(&change);
    return result;
}
