#include "debug/capture.h"

#include "base/start.h"
#include "os/clock.h"
#include "os/pages.h"
#include "os/signal.h"
#include "sched/sched.h"

#include <signal.h>

/* For all of them together.  Who can, answers as soon as it has a CPU, which on a busy machine
 * takes tenths of a second; all of it is waited only where a thread keeps the signal blocked. */
#define ANSWER_NS INT64_C(1000000000)
#define LOOK_NS INT64_C(200000)

struct capture {
    uint32_t answered; // atomic, release: 1 once frames are there
    struct frames frames;
};

AT_START static bool allowed; /* const after the start */

void goc__capture_allow(void)
{
    allowed = true;
}

static bool ask(struct m *m)
{
    if (!allowed || load_relaxed(&m->g) == NULL || m == goc__m())
        return false;
    struct capture *capture = goc__pages_permanent(sizeof *capture);
    if (capture == NULL)
        return false;
    store_release(&m->capture, capture);
    return goc__signals_send(load_relaxed(&m->tid), SIGQUIT) == 0;
}

void goc__capture_all(void)
{
    for (struct m *m = load_acquire(&goc__sched.ms); m != NULL; m = m->next)
        if (!ask(m))
            store_release(&m->capture, (struct capture *)NULL);
    int64_t end = goc__clock_now() + ANSWER_NS;
    for (struct m *m = load_acquire(&goc__sched.ms); m != NULL; m = m->next)
        while (m->capture != NULL && load_acquire(&m->capture->answered) == 0 &&
               goc__clock_now() < end)
            goc__clock_sleep_until(goc__clock_now() + LOOK_NS);
}

const struct frames *goc__capture_of(const struct m *m)
{
    const struct capture *capture = load_acquire(&m->capture);
    if (capture == NULL || load_acquire(&capture->answered) == 0)
        return NULL;
    return &capture->frames;
}

bool goc__capture_answer(const void *context)
{
    struct m *m = goc__m();
    struct capture *capture = load_acquire(&m->capture);
    if (capture == NULL || load_relaxed(&capture->answered) != 0)
        return false;
    goc__frames_interrupted(load_relaxed(&m->g), context, &capture->frames);
    store_release(&capture->answered, 1u);
    return true;
}
