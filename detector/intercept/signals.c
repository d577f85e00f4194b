/* Signals that are sent and waited for: what was done before a signal was sent is before the
 * return of the sigwait, or of the read from a signalfd, that took it, and before the
 * handler that runs for it (entry/handlers.h).
 */
#include "intercept/signals.h"

#include "base/sys.h"
#include "entry/access.h"
#include "entry/handlers.h"
#include "intercept/files.h"
#include "intercept/next.h"
#include "state/strand.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/time.h>

RACE_NEXT(kill)
RACE_NEXT(raise)
RACE_NEXT(sigqueue)
RACE_NEXT(pthread_kill)
RACE_NEXT(pthread_sigqueue)
RACE_NEXT(alarm)
RACE_NEXT(setitimer)
RACE_NEXT(sigwait)
RACE_NEXT(sigwaitinfo)
RACE_NEXT(sigtimedwait)
RACE_NEXT(signalfd)

#define SENT(signal, is_own, call)                                                       \
    race__signal_sent(signal);                                                           \
    int was_raising = race__self.raising;                                                \
    if (is_own)                                                                          \
        race__self.raising = (signal);                                                   \
    int result = (call);                                                                 \
    race__self.raising = was_raising;                                                    \
    return result

/* Does it go to this process?  Its handler may then run before the call returns, and does
 * so on this thread where no other can take it. */
static bool is_own_process(pid_t process)
{
    return process == race__getpid();
}

RACE_INTERCEPT int kill(pid_t process, int signal)
{
    SENT(signal, is_own_process(process), next_kill()(process, signal));
}

RACE_INTERCEPT int raise(int signal)
{
    SENT(signal, true, next_raise()(signal));
}

RACE_INTERCEPT int sigqueue(pid_t process, int signal, const union sigval value)
{
    SENT(signal, is_own_process(process), next_sigqueue()(process, signal, value));
}

RACE_INTERCEPT int pthread_kill(pthread_t thread, int signal)
{
    SENT(signal, thread == pthread_self(), next_pthread_kill()(thread, signal));
}

RACE_INTERCEPT int pthread_sigqueue(pthread_t thread, int signal,
                                    const union sigval value)
{
    SENT(signal, thread == pthread_self(),
         next_pthread_sigqueue()(thread, signal, value));
}

/* Clocks that send a signal. */
RACE_INTERCEPT unsigned alarm(unsigned seconds)
{
    race__signal_sent(SIGALRM);
    return next_alarm()(seconds);
}

RACE_INTERCEPT int setitimer(__itimer_which_t clock,
                             const struct itimerval *restrict setting,
                             struct itimerval *restrict before)
{
    const void *pc = RACE_CALLER_PC();
    race__signal_sent(clock == ITIMER_REAL      ? SIGALRM
                      : clock == ITIMER_VIRTUAL ? SIGVTALRM
                                                : SIGPROF);
    race__read(setting, sizeof *setting, pc);
    int result = next_setitimer()(clock, setting, before);
    if (result == 0 && before != NULL)
        race__write(before, sizeof *before, pc);
    return result;
}

RACE_INTERCEPT int sigwait(const sigset_t *restrict signals, int *restrict signal)
{
    int error = next_sigwait()(signals, signal);
    if (error == 0) {
        race__signal_taken(*signal);
        race__write(signal, sizeof *signal, RACE_CALLER_PC());
    }
    return error;
}

static int taken(int signal, siginfo_t *info, const void *pc)
{
    if (signal > 0) {
        race__signal_taken(signal);
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
    if (result >= 0 && fd < 0)
        race__file_new(result, RACE_CALLER_PC());
    if (result >= 0)
        race__file_is_of_signals(result);
    return result;
}

void race__signals_read(const void *infos, size_t size)
{
    const struct signalfd_siginfo *info = infos;
    for (size_t i = 0; i < size / sizeof *info; i++)
        race__signal_taken((int)info[i].ssi_signo);
}
