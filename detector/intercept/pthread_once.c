/* pthread_once: the function's return is before the return of every call with the same
 * control.
 */
#include "intercept/next.h"
#include "intercept/object.h"
#include "intercept/pthread.h"

RACE_NEXT(pthread_once)

/* A call that libc may be about to run; calls nest where the function calls once again. */
struct pending {
    void (*function)(void);
    pthread_once_t *control;
    struct pending *outer;
};

static RACE_THREAD_LOCAL struct pending *innermost; // own thread only

static void run(void)
{
    struct pending pending = *innermost;
    innermost = pending.outer;
    pending.function();
    race__on_release(pending.control);
}

int race__once(pthread_once_t *control, void (*function)(void))
{
    struct pending pending = {function, control, innermost};
    innermost = &pending;
    int error = next_pthread_once()(control, run);
    /* Left in place where the function had run before. */
    if (innermost == &pending)
        innermost = pending.outer;
    race__on_acquire(control);
    return error;
}

RACE_INTERCEPT int pthread_once(pthread_once_t *control, void (*function)(void))
{
    return race__once(control, function);
}
