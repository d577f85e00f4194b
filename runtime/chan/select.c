/* Select: wait for the first of several channel operations.
 *
 * In three steps, each tried only where the one before found nothing:
 *   hints  which cases look ready, without locks; one of them by lot, tried under its own
 *          channel's lock alone.
 *   all    every channel locked, in the order of addresses, each once; one of the cases that
 *          are ready by lot.  Only here "none is ready" is the truth of one moment, so
 *          only here a default is taken.
 *   wait   a waiter in every channel's queue; the park lets go of all locks.  Who wins the
 *          word SELECTED completes that one case and wakes the select, which then leaves
 *          the other queues, one lock at a time, but those that its waiter has been dropped from.
 *
 * Why the select may leave without holding all locks: others touch its waiters only under
 * the channel's lock, and after SELECTED is won only to drop them.  Why the park's
 * unlocks are safe though the select may be woken between two of them: it has to pass
 * every channel that it lost on, and those that are still to be unlocked are among them.
 *
 * The lot is drawn among the ready ones as they are met, the k-th taking the place of the one
 * before with the chance of one in k: most often one is ready, and no random number needed.
 *
 * Once its arm is complete the winning channel belongs to the program, which may free it:
 * what is needed of it later is copied before the wait.
 *
 * After "Select statements" in Go's specification, and Go's runtime/select.go, which has
 * no hints and takes all locks again to leave.
 */
#include "chan/chan.h"
#include "events/events.h"
#include "sched/random.h"

#include <goc/select_inline.h>
#include <stdlib.h>

enum {
    PAIR = 2, /* what takes a number of arms is compiled for this one and for any */
    ARMS_INLINE = 8,   /* more arms take a block from the heap */
    CASES_MAX = 65535, /* as in Go */
    NOTHING = -1,      /* no arm; also what goc_select returns for a default */
};

/* The program's call. */
struct caller {
    const void *pc;
    enum elem_reach reach; /* of all elements */
};

/* A case that has a channel. */
struct arm {
    struct goc_select_case *user;
    goc_chan *chan;      /* const */
    struct after *after; /* const copy: the channel may be gone when it is needed */
    size_t elem_size;    /* const copy, likewise */
};

struct select {
    struct arm *arms;            /* those with a channel */
    struct chan_waiter *waiters; /* one an arm, while the select waits */
    goc_chan **locks;    /* the arms' channels; from lock_all on each once, by address */
    uint32_t lock_count; /* const once the locks are sorted */
    uint32_t selected;   /* atomic: waitq.h */
    struct caller by;    /* const */
};

static inline bool is_send(const struct arm *arm)
{
    return arm->user->op == GOC_SELECT_SEND;
}

static inline bool is_hinted(const struct goc_select_case *user)
{
    return user->op == GOC_SELECT_SEND ? chan_send_hint(user->chan)
                                       : chan_recv_hint(user->chan);
}

static inline struct waitq *queue_of(const struct arm *arm)
{
    return is_send(arm) ? &arm->chan->senders : &arm->chan->receivers;
}

static inline void fill_arm(struct select *s, uint32_t i, struct goc_select_case *user)
{
    goc_chan *c = user->chan;
    s->locks[i] = c;
    s->arms[i] = (struct arm){
        .user = user, .chan = c, .after = c->after, .elem_size = c->elem_size};
}

/* The cases with a channel.  Returns how many there are. */
static uint32_t collect_arms(struct select *s, struct goc_select_case *cases,
                             uint32_t count)
{
    uint32_t arm_count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (cases[i].chan != NULL)
            fill_arm(s, arm_count++, &cases[i]);
    return arm_count;
}

/* Is the READY-th of those that are ready to take the place of the ones before? */
static inline bool wins_lot(uint32_t ready)
{
    return ready == 1 || goc__random_below(ready) == 0;
}

/* Shell's sort with the gaps 3k+1 (Knuth, vol. 3, 5.2.1): an insertion sort for the few
 * arms of every day, and no recursion or storage for 65,535. */
INLINED void sort_by_address(goc_chan **chans, uint32_t count)
{
    uint32_t gap = 1;
    while (gap < count / 3)
        gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3) {
        for (uint32_t i = gap; i < count; i++) {
            goc_chan *c = chans[i];
            uint32_t hole = i;
            while (hole >= gap && (uintptr_t)chans[hole - gap] > (uintptr_t)c) {
                chans[hole] = chans[hole - gap];
                hole -= gap;
            }
            chans[hole] = c;
        }
    }
}

INLINED void lock_all(struct select *s, uint32_t arm_count)
{
    goc_chan **locks = s->locks;
    goc_chan *last = NULL;
    uint32_t lock_count = 0;
    sort_by_address(locks, arm_count);
    for (uint32_t i = 0; i < arm_count; i++) {
        goc_chan *c = locks[i];
        if (c == last)
            continue;
        last = c;
        locks[lock_count++] = c;
        goc__lock(&c->lock);
    }
    s->lock_count = lock_count;
}

/* With the last unlock the select may go on elsewhere: nothing of it is touched after. */
static bool unlock_all(void *select)
{
    const struct select *s = select;
    goc_chan *const *locks = s->locks;
    for (uint32_t i = s->lock_count; i > 0; i--)
        goc__unlock(&locks[i - 1]->lock);
    return true;
}

/* Try ARM under its channel's lock. */
static enum chan_outcome try_locked(const struct arm *arm, struct chan_waiter **woken)
{
    if (is_send(arm))
        return goc__chan_send_locked(arm->chan, arm->user->elem, woken);
    enum chan_outcome outcome = goc__chan_recv_locked(arm->chan, arm->user->elem, woken);
    if (outcome == CHAN_CLOSED)
        event_acquire(&arm->chan->closed);
    return outcome;
}

/* The same where the channel's lock is taken next. */
static inline void before_events_early(const struct arm *arm, struct caller by)
{
    if (is_send(arm))
        (void)chan_send_event_early(arm->chan, arm->user->elem, by.reach, by.pc, false);
    else
        (void)chan_use_event_early(arm->chan, by.pc, false);
}

static void before_events(const struct arm *arm, struct caller by)
{
    if (is_send(arm))
        chan_send_event(arm->chan, arm->user->elem, by.reach, by.pc);
    else
        chan_use_event(arm->chan, by.pc);
}

/* ARM is complete: DONE says that an element went over, else its channel is closed.
 * The channel may be gone. */
static inline void finish(const struct arm *arm, bool done, struct caller by)
{
    struct goc_select_case *user = arm->user;
    if (!is_send(arm)) {
        user->ok = done;
        chan_recv_finish(user->elem, arm->elem_size, done, by.reach, by.pc);
        if (done && arm->after)
            goc__after_received(arm->after, by.pc);
    } else if (!done) {
        goc__panic("send on closed channel");
    }
}

/* Words as of the operation that Go makes of a select with one case and a default. */
static inline void check_bubble(const struct goc_select_case *user, size_t count)
{
    const char *single = user->op == GOC_SELECT_SEND ? CHAN_SEND : CHAN_RECEIVE;
    chan_check_bubble(user->chan, count == 1 ? single : "select on synctest channel");
}

/* A case that looks ready, by lot, or NULL. */
INLINED struct goc_select_case *pick_case(struct goc_select_case *cases, size_t count)
{
    struct goc_select_case *picked = NULL;
    uint32_t ready = 0;
    for (size_t i = 0; i < count; i++) {
        if (cases[i].chan == NULL)
            continue;
        check_bubble(&cases[i], count);
        if (is_hinted(&cases[i]) && wins_lot(++ready))
            picked = &cases[i];
    }
    return picked;
}

/* The step "hints": the index of a case that is complete, or NOTHING. */
INLINED int try_hinted(struct goc_select_case *cases, size_t count, struct caller by)
{
    struct goc_select_case *user =
        count == PAIR ? pick_case(cases, PAIR) : pick_case(cases, count);
    if (user == NULL)
        return NOTHING;
    goc_chan *c = user->chan;
    struct arm arm = {
        .user = user, .chan = c, .after = c->after, .elem_size = c->elem_size};
    before_events_early(&arm, by);
    struct chan_waiter *woken = NULL;
    chan_lock_used(c);
    enum chan_outcome outcome = try_locked(&arm, &woken);
    chan_unlock_and_wake(c, woken);
    if (outcome == CHAN_BLOCKED)
        return NOTHING;
    finish(&arm, outcome == CHAN_DONE, by);
    return (int)(user - cases);
}

/* Under all locks: an arm that looks ready, by lot.  It may not be: its channel's waiters may
 * be selects that were won elsewhere. */
INLINED struct arm *pick_hinted(struct select *s, uint32_t arm_count)
{
    struct arm *picked = NULL;
    struct arm *arms = s->arms;
    uint32_t ready = 0;
    for (uint32_t i = 0; i < arm_count; i++)
        if (is_hinted(arms[i].user) && wins_lot(++ready))
            picked = &arms[i];
    return picked;
}

/* The step "all", under all locks: an arm that is complete but for finish, else NULL.  Sets
 * *DONE as finish takes it; the waiter to wake goes to *WOKEN. */
INLINED struct arm *try_all(struct select *s, uint32_t arm_count, bool *done,
                            struct chan_waiter **woken)
{
    struct arm *arm;
    /* One that was not ready has lost the waiters that made it look so. */
    while ((arm = pick_hinted(s, arm_count)) != NULL) {
        enum chan_outcome outcome = try_locked(arm, woken);
        if (outcome != CHAN_BLOCKED) {
            *done = outcome == CHAN_DONE;
            return arm;
        }
    }
    return NULL;
}

/* Arms on one channel are served in the order in which they queue: that is by lot, too. */
static void shuffle(struct select *s, uint32_t arm_count)
{
    for (uint32_t i = arm_count; i > 1; i--) {
        uint32_t place = goc__random_below(i);
        struct arm arm = s->arms[place];
        s->arms[place] = s->arms[i - 1];
        s->arms[i - 1] = arm;
    }
}

/* Do all arms wait for members of one bubble?  They have passed the check. */
INLINED bool all_bubbled(const struct select *s, uint32_t arm_count)
{
    for (uint32_t i = 0; i < arm_count; i++)
        if (!s->arms[i].chan->bubbled)
            return false;
    return true;
}

/* Every arm joins its channel's queue, as one of SELF's. */
INLINED void join_queues(struct select *s, uint32_t arm_count, struct g *self)
{
    const struct arm *arms = s->arms;
    struct chan_waiter *waiters = s->waiters;
    for (uint32_t i = 0; i < arm_count; i++) {
        struct chan_waiter *w = &waiters[i];
        w->g = self;
        w->elem = arms[i].user->elem;
        w->selected = &s->selected;
        w->index = i;
        waitq_push(queue_of(&arms[i]), w); /* which sets the rest */
    }
}

/* The marks of all arms but WINNER, of those that have one. */
INLINED uint32_t marks_of_losers(uint32_t arm_count, uint32_t winner)
{
    uint32_t end = select_mark(arm_count); /* 0: above the highest bit */
    return (end - select_mark(0)) & ~select_mark(winner);
}

/* A bit for each of the arms but WINNER that was excused from leaving its queue; in the others the
 * select is expected from here on. */
INLINED uint32_t begin_to_leave(struct select *s, uint32_t arm_count, uint32_t winner)
{
    uint32_t all = marks_of_losers(arm_count, winner);
    /* acquire: who excused a waiter touches it no more. */
    uint32_t excused = load_acquire(&s->selected);
    if ((excused & all) != all)
        excused = fetch_or_acquire(&s->selected, (uint32_t)SELECT_LEAVES);
    return excused >> SELECT_MARKS_SHIFT;
}

/* The arms but WINNER leave the queues. */
INLINED void leave_queues(struct select *s, uint32_t arm_count, uint32_t winner)
{
    const struct arm *arms = s->arms;
    struct chan_waiter *waiters = s->waiters;
    uint32_t excused = begin_to_leave(s, arm_count, winner);
    for (uint32_t i = 0; i < arm_count; i++, excused >>= 1) {
        if (i == winner || excused & 1)
            continue;
        goc_chan *c = arms[i].chan;
        goc__lock(&c->lock);
        waitq_leave(queue_of(&arms[i]), &waiters[i]);
        goc__unlock(&c->lock);
    }
}

/* The step "wait", under all locks, which are let go of. */
INLINED struct arm *wait_for_one(struct select *s, uint32_t arm_count, bool *done)
{
    struct g *self = goc__self();
    event_wait(goc__parked_strand(self), goc__own_event(self));
    if (s->lock_count < arm_count)
        shuffle(s, arm_count);
    join_queues(s, arm_count, self);
    enum wait_reason reason = arm_count == 0 ? WAIT_SELECT_NONE : WAIT_SELECT;
    uintptr_t word = goc__park(
        unlock_all, s, goc__bubble_reason(reason, all_bubbled(s, arm_count)), NULL);
    event_waited(goc__parked_strand(self), goc__own_event(self));
    uint32_t winner = word_index(word);
    leave_queues(s, arm_count, winner);
    *done = word_completed(word);
    return &s->arms[winner];
}

/* The steps with all locks.  NULL: none is ready, and there is a default. */
INLINED struct arm *choose(struct select *s, uint32_t arm_count, bool has_default,
                           bool *done)
{
    lock_all(s, arm_count);
    struct chan_waiter *woken = NULL;
    struct arm *arm = try_all(s, arm_count, done, &woken);
    if (arm == NULL && !has_default)
        return wait_for_one(s, arm_count, done);
    unlock_all(s);
    if (woken)
        goc__ready(woken->g, waiter_word(woken, true));
    return arm;
}

INLINED int select_among(struct select *s, uint32_t arm_count,
                         struct goc_select_case *cases, bool has_default)
{
    bool done;
    for (uint32_t i = 0; i < arm_count; i++)
        before_events(&s->arms[i], s->by);
    struct arm *arm = choose(s, arm_count, has_default, &done);
    if (arm == NULL)
        return NOTHING;
    finish(arm, done, s->by);
    return (int)(arm->user - cases);
}

static int select_with(struct select *s, struct goc_select_case *cases, size_t count,
                       bool has_default)
{
    uint32_t arm_count = collect_arms(s, cases, (uint32_t)count);
    return select_among(s, arm_count, cases, has_default);
}

/* Two cases, both with a channel, and no default: what most selects are that wait.  With the
 * number of arms a constant no loop is left, and a select that waits takes 140 instructions less
 * of 370. */
INLINED int select_pair(struct goc_select_case *cases, struct caller by)
{
    struct arm arms[PAIR];
    struct chan_waiter waiters[PAIR];
    goc_chan *locks[PAIR];
    struct select s = {.arms = arms, .waiters = waiters, .locks = locks, .by = by};
    for (uint32_t i = 0; i < PAIR; i++)
        fill_arm(&s, i, &cases[i]);
    return select_among(&s, PAIR, cases, false);
}

__attribute__((__noinline__)) static int select_inline(struct goc_select_case *cases,
                                                       size_t count, bool has_default,
                                                       struct caller by)
{
    struct arm arms[ARMS_INLINE];
    struct chan_waiter waiters[ARMS_INLINE];
    goc_chan *locks[ARMS_INLINE];
    struct select s = {.arms = arms, .waiters = waiters, .locks = locks, .by = by};
    return select_with(&s, cases, count, has_default);
}

/* What a select of many arms needs, all pointers aligned alike. */
struct many {
    struct chan_waiter waiter;
    struct arm arm;
    goc_chan *lock;
};

__attribute__((__noinline__)) static int select_heap(struct goc_select_case *cases,
                                                     size_t count, bool has_default,
                                                     struct caller by)
{
    if (count > CASES_MAX)
        goc__panicf("select: %zu cases, more than %d", count, CASES_MAX);
    event_internal_begin();
    void *block = malloc(count * sizeof(struct many));
    event_internal_end();
    if (block == NULL)
        goc__fatalf("runtime: out of memory for a select of %zu cases", count);
    struct chan_waiter *waiters = block;
    struct arm *arms = (struct arm *)(void *)(waiters + count);
    goc_chan **locks = (goc_chan **)(void *)(arms + count);
    struct select s = {.arms = arms, .waiters = waiters, .locks = locks, .by = by};
    int chosen = select_with(&s, cases, count, has_default);
    event_internal_begin();
    free(block);
    event_internal_end();
    return chosen;
}

/* One case and no default: a plain operation. */
static int select_plain(struct goc_select_case *user, struct caller by)
{
    if (user->op == GOC_SELECT_SEND)
        goc__chan_send(user->chan, user->elem, by.reach, by.pc);
    else
        user->ok = goc__chan_recv(user->chan, user->elem, by.reach, by.pc);
    return 0;
}

/* Without a frame between the program's and the park's, as in chan.c. */
INLINED int select_any(struct goc_select_case *cases, size_t count, bool has_default,
                       struct caller by)
{
    if (count == 1 && !has_default)
        return select_plain(cases, by);
    int chosen = try_hinted(cases, count, by);
    if (chosen != NOTHING || count == 1)
        return chosen;
    if (count == PAIR && !has_default && cases[0].chan && cases[1].chan)
        return select_pair(cases, by);
    if (count <= ARMS_INLINE)
        return select_inline(cases, count, has_default, by);
    return select_heap(cases, count, has_default, by);
}

#define HEAD_HAS(theirs, ours)                                                           \
    _Static_assert(offsetof(struct goc__chan_head, theirs) == offsetof(goc_chan, ours),  \
                   "programs look into channels")
HEAD_HAS(closed, closed);
HEAD_HAS(count, count);
HEAD_HAS(capacity, capacity);
HEAD_HAS(receivers, receivers.first);
HEAD_HAS(senders, senders.first);

int goc__select_rest(struct goc_select_case *cases, size_t count, bool has_default)
{
    struct caller by = {.pc = EVENT_CALLER_PC(), .reach = ELEM_SHARED};
    return select_any(cases, count, has_default, by);
}

/* Of a single case the hint alone may say that it is not ready: apart from the rest, which
 * saves registers first. */
static inline bool is_refused(const struct goc_select_case *cases, size_t count,
                              bool has_default)
{
    return count == 1 && has_default &&
           (cases->chan == NULL || !(is_hinted(cases) || cases->chan->bubbled));
}

/* For the calls that no compiler takes apart. */
__attribute__((__noinline__)) static int select_called(struct goc_select_case *cases,
                                                       size_t count, bool has_default,
                                                       struct caller by)
{
    return select_any(cases, count, has_default, by);
}

int goc_select(struct goc_select_case *cases, size_t count, bool has_default)
{
    struct caller by = {.pc = EVENT_CALLER_PC(), .reach = ELEM_SHARED};
    if (is_refused(cases, count, has_default))
        return NOTHING;
    return select_called(cases, count, has_default, by);
}

int goc_select_private(struct goc_select_case *cases, size_t count, bool has_default)
{
    struct caller by = {.pc = EVENT_CALLER_PC(), .reach = ELEM_PRIVATE};
    if (is_refused(cases, count, has_default))
        return NOTHING;
    return select_called(cases, count, has_default, by);
}
