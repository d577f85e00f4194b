#include "sched/reach.h"

#include "base/knobs.h"
#include "os/frame_sizes.h"
#include "os/handlers.h"
#include "os/library.h"
#include "os/linking.h"
#include "os/toggle.h"
#include "sched/boot.h"
#include "sched/fiber.h"
#include "sched/sched.h"
#include "sched/small.h"

/* Is this library's code, optimised, such that its frames are within SMALL_RUNTIME_BYTES?  Its
 * build says so. */
#ifdef GOC_SMALL_STACKS
enum { BUILT_SMALL = true };
#else
enum { BUILT_SMALL = false };
#endif

enum { ALLOWED_UNKNOWN, ALLOWED_NO, ALLOWED_YES };

static struct {
    struct lock lock;
    uint32_t allowed; // atomic, written under lock: ALLOWED_…
} state;

int64_t goc__reach_need(const struct goc_reach *reach, const struct frame_sizes *sizes)
{
    int64_t need[REACH_FUNCTIONS_MAX];
    const uint64_t *word = reach->words;
    if (reach->functions == 0 || reach->functions > REACH_FUNCTIONS_MAX)
        return -1;
    for (uint64_t i = 0; i < reach->functions; i++) {
        int64_t frame = goc__frame_sizes_find(sizes, (uintptr_t)*word++);
        if (frame < 0)
            return -1;
        int64_t beside = (int64_t)*word++;
        int64_t deepest = 0;
        for (uint64_t callees = *word++; callees > 0; callees--) {
            uint64_t callee = *word++;
            if (callee >= i)
                return -1;
            if (need[callee] > deepest)
                deepest = need[callee];
        }
        need[i] = frame + beside + deepest;
    }
    return need[reach->functions - 1];
}

/* May this process have small stacks?  Under state.lock.  A goroutine on one may come to every M,
 * and take that one's scheduler's stack for what needs room: until the first M has it, by
 * itself or by M, no. */
static bool allowed(struct m *m)
{
    uint32_t known = load_relaxed(&state.allowed);
    if (known == ALLOWED_UNKNOWN &&
        goc__is_library()) { /* whose functions have no sizes */
        known = ALLOWED_NO;
        store_relaxed(&state.allowed, known);
    } else if (known == ALLOWED_UNKNOWN) {
        if (goc__boot_is_first(m))
            goc__boot_scheduler(m);
        if (!goc__boot_first_has_scheduler())
            return false;
        bool yes = BUILT_SMALL && goc__knobs.smallstacks != 0 && !TOGGLE() &&
                   !goc__fiber_accounts() && !goc__fiber_announces() &&
                   goc__linking_is_plain() && goc__handlers_move() == 0;
        known = yes ? ALLOWED_YES : ALLOWED_NO;
        store_relaxed(&state.allowed, known);
    }
    return known == ALLOWED_YES;
}

COLD uint64_t goc__reach_decide(struct goc_reach *reach, struct m *m)
{
    uint64_t verdict = load_relaxed(&reach->verdict);
    if (!goc__boot_started())
        goc__boot_start();
    if (verdict + 1 < REACH_WHOLE) {
        store_relaxed(&reach->verdict, verdict + 1);
        return REACH_WHOLE;
    }
    verdict = REACH_WHOLE;
    goc__lock(&state.lock);
    struct frame_sizes sizes;
    if (allowed(m) && goc__frame_sizes_open(&sizes) == 0) {
        int64_t need = goc__reach_need(reach, &sizes);
        goc__frame_sizes_close(&sizes);
        if (need >= 0 && need <= SMALL_PROGRAM_BYTES)
            verdict = REACH_SMALL;
    }
    if (load_relaxed(&state.allowed) != ALLOWED_UNKNOWN)
        store_relaxed(&reach->verdict, verdict);
    goc__unlock(&state.lock);
    return verdict;
}
