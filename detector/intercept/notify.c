/* Functions that libc calls on a thread of its own making (SIGEV_THREAD): mq_notify, timer_create.
 *
 * libc makes such a thread behind the interceptor of pthread_create.  So the program's function is
 * wrapped: the thread becomes a strand before it and ends as one after it.  What was done
 * before mq_notify, timer_create or timer_settime is before the function, and so is what was
 * done before a message was sent to the queue.
 *
 * What is to be called is kept for good: a call may still be on its way when its timer is deleted.
 */
#include "base/lock.h"
#include "entry/access.h"
#include "entry/events.h"
#include "entry/handlers.h"
#include "entry/threads.h"
#include "intercept/files.h"
#include "intercept/next.h"
#include "intercept/table.h"
#include "state/slab.h"
#include "state/strand.h"

#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

RACE_NEXT(mq_notify)
RACE_NEXT(timer_create)
RACE_NEXT(timer_settime)

#define NO_QUEUE (-1)

/* Its address is the place of order between who asks for the call and the call. */
struct call {
    void (*function)(union sigval);
    union sigval value;
    mqd_t queue; // NO_QUEUE: of a timer
};

static struct race__table timers; // timer_t → struct call

static void stop(void *unused)
{
    (void)unused;
    race__thread_stop();
}

static void run(union sigval value)
{
    const struct call *call = value.sival_ptr;
    bool adopted = race__thread_adopt();
    race__on_acquire(call);
    if (call->queue != NO_QUEUE)
        race__file_read(call->queue);
    pthread_cleanup_push(stop, NULL);
    call->function(call->value);
    pthread_cleanup_pop(adopted);
}

/* WRAPPED is ASKED with run in the place of its function. */
static struct call *wrap(const struct sigevent *asked, struct sigevent *wrapped,
                         mqd_t queue)
{
    struct call *call = race__slab_alloc(sizeof *call);
    *call = (struct call){asked->sigev_notify_function, asked->sigev_value, queue};
    *wrapped = *asked;
    wrapped->sigev_notify_function = run;
    wrapped->sigev_value.sival_ptr = call;
    race__strand_expect_orphans();
    race__lock_others();
    race__on_release(call);
    return call;
}

static bool is_of_thread(const struct sigevent *asked, const void *pc)
{
    if (asked == NULL)
        return false;
    race__read(asked, sizeof *asked, pc);
    return asked->sigev_notify == SIGEV_THREAD;
}

RACE_INTERCEPT int mq_notify(mqd_t queue, const struct sigevent *asked)
{
    struct sigevent wrapped;
    if (!is_of_thread(asked, RACE_CALLER_PC()))
        return next_mq_notify()(queue, asked);
    wrap(asked, &wrapped, queue);
    return next_mq_notify()(queue, &wrapped);
}

RACE_INTERCEPT int timer_create(clockid_t clock, struct sigevent *restrict asked,
                                timer_t *restrict timer)
{
    struct sigevent wrapped;
    struct call *call = NULL;
    if (is_of_thread(asked, RACE_CALLER_PC())) {
        call = wrap(asked, &wrapped, NO_QUEUE);
        asked = &wrapped;
    }
    int result = next_timer_create()(clock, asked, timer);
    if (result != 0)
        return result;
    race__write(timer, sizeof *timer, RACE_CALLER_PC());
    if (call != NULL)
        race__table_put(&timers, (uintptr_t)*timer, call);
    return 0;
}

/* A timer's signal may be any that has a handler. */
static void all_sent(void)
{
    uint64_t handled = race__handled();
    for (int signal = 1; signal < _NSIG; signal++)
        if ((handled & race__signal_bit(signal)) != 0)
            race__signal_sent(signal);
}

RACE_INTERCEPT int timer_settime(timer_t timer, int flags, const struct itimerspec *time,
                                 struct itimerspec *before)
{
    race__read(time, sizeof *time, RACE_CALLER_PC());
    const struct call *call = race__table_get(&timers, (uintptr_t)timer);
    if (call != NULL)
        race__on_release_merge(call);
    else
        all_sent();
    int result = next_timer_settime()(timer, flags, time, before);
    if (result == 0 && before != NULL)
        race__write(before, sizeof *before, RACE_CALLER_PC());
    return result;
}
