/* Signals that are waited for: what was done before a signal was sent is before the return
 * of the sigwait, or of the read from a signalfd, that took it.
 *
 * A handler runs on the strand that it interrupts; what the sender did is not ordered
 * before it here.
 */
#include "intercept/signals.h"

#include "entry/access.h"
#include "entry/events.h"
#include "intercept/files.h"
#include "intercept/next.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>

RACE_NEXT(kill)
RACE_NEXT(raise)
RACE_NEXT(sigqueue)
RACE_NEXT(pthread_kill)
RACE_NEXT(pthread_sigqueue)
RACE_NEXT(sigwait)
RACE_NEXT(sigwaitinfo)
RACE_NEXT(sigtimedwait)
RACE_NEXT(signalfd)

#define PLACE_SIZE 8u // a word of shadow each
static char places[_NSIG * PLACE_SIZE];

static const void *place(int signal)
{
    size_t number = signal > 0 && signal < _NSIG ? (size_t)signal : 0;
    return places + number * PLACE_SIZE;
}

RACE_INTERCEPT int kill(pid_t process, int signal)
{
    race__on_release_merge(place(signal));
    return next_kill()(process, signal);
}

RACE_INTERCEPT int raise(int signal)
{
    race__on_release_merge(place(signal));
    return next_raise()(signal);
}

RACE_INTERCEPT int sigqueue(pid_t process, int signal, const union sigval value)
{
    race__on_release_merge(place(signal));
    return next_sigqueue()(process, signal, value);
}

RACE_INTERCEPT int pthread_kill(pthread_t thread, int signal)
{
    race__on_release_merge(place(signal));
    return next_pthread_kill()(thread, signal);
}

RACE_INTERCEPT int pthread_sigqueue(pthread_t thread, int signal,
                                    const union sigval value)
{
    race__on_release_merge(place(signal));
    return next_pthread_sigqueue()(thread, signal, value);
}

RACE_INTERCEPT int sigwait(const sigset_t *restrict signals, int *restrict signal)
{
    int error = next_sigwait()(signals, signal);
    if (error == 0) {
        race__on_acquire(place(*signal));
        race__write(signal, sizeof *signal, RACE_CALLER_PC());
    }
    return error;
}

static int taken(int signal, siginfo_t *info, const void *pc)
{
    if (signal > 0) {
        race__on_acquire(place(signal));
        if (info != NULL)
            race__write(info, sizeof *info, pc);
    }
    return signal;
}

RACE_INTERCEPT int sigwaitinfo(const sigset_t *restrict signals, siginfo_t *restrict info)
{
    return taken(next_sigwaitinfo()(signals, info), info, RACE_CALLER_PC());
}

RACE_INTERCEPT int sigtimedwait(const sigset_t *restrict signals,
                                siginfo_t *restrict info,
                                const struct timespec *restrict timeout)
{
    return taken(next_sigtimedwait()(signals, info, timeout), info, RACE_CALLER_PC());
}

RACE_INTERCEPT int signalfd(int fd, const sigset_t *signals, int flags)
{
    race__read(signals, sizeof *signals, RACE_CALLER_PC());
    int result = next_signalfd()(fd, signals, flags);
    if (result >= 0)
        race__file_is_of_signals(result);
    return result;
}

void race__signals_read(const void *infos, size_t size)
{
    const struct signalfd_siginfo *info = infos;
    for (size_t i = 0; i < size / sizeof *info; i++)
        race__on_acquire(place((int)info[i].ssi_signo));
}
