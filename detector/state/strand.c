/* The life of strands, and the frames and contexts of one. */
#include "state/strand.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/flags.h"
#include "base/lock.h"
#include "state/context.h"
#include "state/life.h"
#include "state/lockset.h"
#include "state/phase.h"
#include "state/slab.h"
#include "state/slot.h"
#include "state/storage.h"

#define FIRST_FRAME_MAX 4096 // of a goroutine's first function, above its call to us

RACE_THREAD_LOCAL struct race__self race__self;
goc_strand race__nobody = {.expect = RACE_EXPECT_NEVER};
RACE_THREAD_LOCAL goc_strand *goc_race_current = &race__nobody;

struct race__life race__life;
uint32_t race__strands_alive;
static bool orphans;             // atomic, once true for good: strands that none created
static uint32_t strands_settled; // atomic

void race__life_lock_slow(void)
{
    unsigned spins = 0;
    uint32_t nobody = 0;
    while (!cas_acquire(&race__life.held, &nobody, 1) && !race__backoff(&spins))
        nobody = 0;
}

void race__strand_init(void)
{
    race__slot_init();
    race__birth_init();
}

uint32_t race__strand_number(const goc_strand *strand)
{
    return strand->number;
}

void race__strand_name(goc_strand *strand, enum race__strand_kind kind, uint64_t name)
{
    struct race__birth birth = race__birth_at(strand->birth);
    birth.kind = kind;
    birth.name = name;
    race__life_lock();
    race__birth_write(strand->birth, &birth);
    race__life_unlock();
}

static void tick(goc_strand *strand);

/* With race__life, which orders all changes; release: see race__strand_is_alone. */
static void count_alive(uint32_t more)
{
    race__life.alive += more;
    uint32_t shown = race__life.alive > 1 ? 2 : race__life.alive;
    if (unlikely(load_relaxed(&race__strands_alive) != shown))
        store_release(&race__strands_alive, shown);
}

/* With race__life: a slot for STRAND, whose view is complete but for its own epoch, and its
 * record. */
static void settle(goc_strand *strand, struct race__birth birth)
{
    uint32_t number = race__birth_begin();
    race__epoch first = race__slot_take(&strand->view, number, &birth.previous);
    birth.first_clock = race__epoch_clock(first);
    if (birth.same == 0)
        birth.same = number;
    race__birth_write(number, &birth);
    strand->birth = number;
    strand->number = birth.same;
    race__strand_set_epoch(strand, first);
}

goc_strand *race__strand_new(goc_strand *parent, enum race__strand_kind kind,
                             uint64_t name, uint32_t leaf)
{
    goc_strand *strand = race__slab_alloc(sizeof *strand);
    strand->cells = race__window_cells();
    struct race__birth birth = {.name = name, .leaf = leaf, .kind = kind};
    if (parent != NULL) {
        birth.parent = race__strand_number(parent);
        race__view_inherit(&strand->view, &parent->view);
        if (kind == RACE_STRAND_THREAD)
            race__strand_more(strand)->begin = race__view_share(&parent->view);
        tick(parent); // nobody is alone from here on
        if (race__phases_on())
            race__phase_inherit(strand, parent);
    }
    race__life_lock();
    settle(strand, birth);
    strand->next = race__life.list;
    if (race__life.list != NULL)
        race__life.list->previous = strand;
    race__life.list = strand;
    count_alive(1);
    race__life_unlock();
    return strand;
}

struct race__strand_more *race__strand_more(goc_strand *strand)
{
    if (strand->more == NULL)
        strand->more = race__slab_alloc(sizeof *strand->more);
    return strand->more;
}

static void drop_more(struct race__strand_more *more)
{
    if (more == NULL)
        return;
    race__view_drop(&more->left);
    race__view_drop(&more->pending);
    race__view_drop(&more->begin);
    race__slab_free(more, sizeof *more);
}

static void drop_touches(struct race__touch *touches)
{
    if (touches == NULL)
        return;
    for (unsigned i = 0; i < RACE_TOUCHES; i++)
        if (touches[i].addr != 0)
            race__moment_let_go(touches[i].moment);
    race__slab_free(touches, RACE_TOUCHES * sizeof *touches);
}

static void drop_rereads(struct race__reread *rereads)
{
    if (rereads == NULL)
        return;
    for (unsigned i = 0; i < RACE_REREADS; i++)
        if (rereads[i].mark != 0)
            race__moment_let_go(race__cell_moment(rereads[i].mark));
    race__slab_free(rereads, RACE_REREADS * sizeof *rereads);
}

static void drop_frames(goc_strand *strand)
{
    if (unlikely(strand->frames_capacity > RACE_FRAMES_FIRST))
        race__slab_free(strand->frames, strand->frames_capacity * sizeof *strand->frames);
}

void race__strand_free(goc_strand *strand)
{
    race__life_lock();
    if (strand->next != NULL)
        strand->next->previous = strand->previous;
    if (strand->previous != NULL)
        strand->previous->next = strand->next;
    else
        race__life.list = strand->next;
    count_alive(UINT32_MAX); // one less
    race__birth_end(strand->birth);
    race__slot_give(strand->view.own, race__epoch_same(strand->touched, strand->view.own)
                                          ? strand->touched
                                          : strand->last);
    race__life_unlock();
    race__moment_leave(&strand->moment);
    for (unsigned i = 0; i < RACE_MOMENTS_PAST; i++)
        race__moment_leave(&strand->past[i]);
    drop_touches(strand->touches);
    drop_rereads(strand->rereads);
    race__view_drop(&strand->view);
    drop_more(strand->more);
    race__phase_end(strand);
    drop_frames(strand);
    race__slab_free(strand, sizeof *strand);
}

void race__strands_hold(bool hold)
{
    if (hold)
        race__life_lock();
    else
        race__life_unlock();
}

/* The slot is worn out: the strand goes on with another, knowing all it did before. */
static void move(goc_strand *strand)
{
    struct race__birth birth = race__birth_at(strand->birth);
    race__epoch own = strand->view.own;
    race__view_dissolve(&strand->view);
    race__life_lock();
    race__slot_give(own, own);
    settle(strand, birth);
    race__life_unlock();
}

static void tick(goc_strand *strand)
{
    race__epoch now = strand->view.own;
    strand->last = now;
    if (unlikely(race__epoch_clock(now) == RACE_CLOCK_MAX)) {
        move(strand);
        return;
    }
    race__strand_set_epoch(strand, (race__epoch){now.raw + 1});
}

void race__strand_expect_orphans(void)
{
    bool before = false; // and all before the release that orders the first of them
    if (!cas_acq_rel(&orphans, &before, true))
        return;
    race__life_lock();
    count_alive(1);
    race__life_unlock();
    if (race__self.strand != NULL)
        race__self.strand->expect = race__strand_expect_anew(race__self.strand);
}

void race__strand_settle(goc_strand *strand)
{
    if (strand->expect == RACE_EXPECT_NO_MARKS)
        return;
    fetch_add_relaxed(&strands_settled, 1);
    tick(strand); // its marks are of earlier moments: they answer for no access any more
    if (race__flags.stats == 0)
        strand->expect = RACE_EXPECT_NO_MARKS;
}

uint32_t race__strands_settled(void)
{
    return load_relaxed(&strands_settled);
}

/* Whoever acquires a view must not be taken to know what its strand did after handing it
 * on; so that is another moment.  Also while a strand is alone: it may acquire what it has left
 * somewhere itself, which must not be taken to know what it has learned since (state/view.h,
 * SINCE). */
void race__strand_tick_slow(goc_strand *strand)
{
    bool alone = strand->expect == RACE_EXPECT_NO_MARKS;
    tick(strand);
    if (alone)
        strand->expect = RACE_EXPECT_NO_MARKS;
}

/* Are the marks of BLOCK of the epoch before the present one? */
static bool is_of_last(const goc_strand *strand, const struct race__moment_owner *block)
{
    return block->last != 0 &&
           race__moment_epoch(block->last) == strand->view.own.raw - 1;
}

void race__strand_take_back(goc_strand *strand)
{
    strand->run = strand->run_left;
    strand->gave_back = 0;
    strand->last = strand->view.own; // the lock's content says so
    if (!is_of_last(strand, &strand->moment)) {
        if (!is_of_last(strand, &strand->past[0]))
            return;
        race__moment_leave(&strand->moment);
        strand->moment = strand->past[0];
        strand->past[0] = (struct race__moment_owner){.now = 0};
    }
    race__moment_renew(&strand->moment, strand->view.own);
    if (race__flags.stats == 0 && strand->cells != 0 && !race__strand_is_alone())
        strand->expect = race__expect(strand->moment.last);
}

void race__strand_hand_over(goc_strand *strand, goc_strand *other)
{
    race__view_acquire(&other->view, &strand->view);
    race__strand_tick(strand);
}

RACE_PRESERVE uint32_t race__strand_moment_slow(goc_strand *strand)
{
    /* What a strand does while it is alone is never the earlier side of a race: which
     * locks it held nobody will ask, but for who frees a block that is used later. */
    bool alone = race__strand_is_alone();
    bool is_over = strand->moment.last == 0 ||
                   race__moment_epoch(strand->moment.last) != strand->view.own.raw;
    uint32_t moment =
        is_over ? race__moment_next(&strand->moment, strand->past, strand->view.own,
                                    strand->lockset)
                : race__moment_take(&strand->moment, strand->view.own, strand->lockset,
                                    alone ? RACE_LOCKSET_LOST : 0);
    bool asks = moment != 0 && race__flags.stats == 0;
    if (!alone && strand->cells != 0)
        strand->expect = asks ? race__expect(moment) : RACE_EXPECT_NEVER;
    return moment;
}

uint32_t race__strand_split(goc_strand *strand)
{
    uint32_t moment = race__moment_split(&strand->moment);
    if (strand->moment.now == 0)
        strand->expect = race__strand_expect_anew(strand);
    return moment;
}

static void grow_frames(goc_strand *strand)
{
    uint32_t capacity = strand->frames_capacity * 2;
    struct race__frame *frames = race__slab_alloc(capacity * sizeof *frames);
    race__copy(frames, strand->frames, strand->depth * sizeof *frames);
    drop_frames(strand);
    strand->frames = frames;
    strand->frames_capacity = capacity;
}

/* The first call also says where the stack begins of a strand that nobody else knows the
 * stack of. */
uint32_t race__strand_push_slow(goc_strand *strand, const void *pc)
{
    if (strand->frames_capacity != 0) {
        grow_frames(strand);
        return race__strand_push(strand, pc);
    }
    strand->frames = strand->first_frames;
    strand->frames_capacity = RACE_FRAMES_FIRST;
    if (strand->stack_high == 0)
        strand->stack_high = (uintptr_t)__builtin_frame_address(0) + FIRST_FRAME_MAX;
    return race__strand_push(strand, pc);
}

/* As race__context_child, which goroutines that begin alike ask the same. */
static uint32_t child(uint32_t context, const void *pc)
{
    if (unlikely(race__self.hints == NULL))
        race__self.hints = race__storage_keep(RACE_KEPT_LEAVES);
    struct race__leaf_hint *hint = race__leaf_hint(context, pc);
    if (unlikely(hint->pc != pc || hint->context != context))
        *hint = (struct race__leaf_hint){
            .pc = pc, .context = context, .leaf = race__context_child(context, pc)};
    return hint->leaf;
}

uint32_t race__strand_context(goc_strand *strand)
{
    uint32_t known = strand->depth;
    while (known != 0 && strand->frames[known - 1].node == 0)
        known--;
    uint32_t node = known == 0 ? RACE_CONTEXT_ROOT : strand->frames[known - 1].node;
    for (; known < strand->depth; known++) {
        struct race__frame *frame = &strand->frames[known];
        node = child(node, frame->pc);
        frame->node = node;
    }
    return node;
}

uint32_t race__strand_leaf_slow(goc_strand *strand, const void *pc)
{
    return child(race__strand_context(strand), pc);
}

void race__self_end(void)
{
    race__moment_cache_end();
    race__storage_end();
    race__slab_cache(false);
}

uint32_t race__birth_of(race__epoch epoch)
{
    uint32_t at = race__slot_birth(race__epoch_slot(epoch));
    struct race__birth birth = race__birth_at(at);
    while (at != 0 && birth.first_clock > race__epoch_clock(epoch)) {
        at = birth.previous;
        birth = race__birth_at(at);
    }
    return birth.same;
}

bool race__strand_each(bool (*visit)(const goc_strand *strand, void *context),
                       void *context)
{
    bool found = false;
    race__life_lock();
    for (const goc_strand *strand = race__life.list; strand != NULL && !found;
         strand = strand->next)
        found = visit(strand, context);
    race__life_unlock();
    return found;
}
