/* The slow path of every access: word by word through the rules. */
#include "entry/access.h"

#include "check/audience.h"
#include "check/renew.h"
#include "check/sweep.h"
#include "check/word.h"
#include "entry/reread.h"
#include "record/record.h"
#include "state/forget.h"
#include "state/limit.h"
#include "state/strand.h"

/* A mark of KIND has been left in ADDR's word.  Answers whether its KiB may have readers that are
 * not in its words and that the mark meets: seen here, behind the mark (state/audience.h,
 * state/sweep.h). */
static RACE_INLINE bool marked(goc_strand *strand, uintptr_t addr, uint64_t kind)
{
    race__strand_mark(strand);
    race__shadow_enliven(addr);
    return race__shadow_note_with(addr, RACE_NOTE_MARKS, RACE_NOTE_READERS) &&
           (kind & RACE_TAG_WRITE) != 0;
}

bool race__access_log(goc_strand *strand, uintptr_t addr, uint32_t leaf, bool anew)
{
    uint64_t tag = race__tag_bytes(addr, 1) | race__tag_make(leaf, strand->lockset);
    if (!race__word_log(strand, addr, tag, anew))
        return false;
    (void)marked(strand, addr, 0);
    return true;
}

/* The part of [ADDR, END) that lies in ADDR's word. */
static size_t part(uintptr_t addr, uintptr_t end)
{
    uintptr_t next = (addr | (RACE_WORD_SIZE - 1)) + 1;
    return (next < end ? next : end) - addr;
}

/* ACCESS, by STRAND, has left marks that write in [ADDR, END), of one KiB, which may have
 * readers.  RECORDED: conflicts go where they belong as they are found; else they are
 * added to ACCESS's. */
static RACE_NOINLINE void disturb(struct race__access *access, const goc_strand *strand,
                                  uintptr_t addr, uintptr_t end, bool recorded)
{
    uint8_t note = load_relaxed(race__shadow_note(addr));
    struct race__audience *audience = NULL;
    if ((note & RACE_NOTE_AUDIENCE) != 0)
        audience = race__audience_disturb(strand, addr, end);
    bool swept = (note & RACE_NOTE_SWEEP) != 0;
    while ((audience != NULL || swept) && addr < end) {
        if (audience == NULL && race__sweep_is_before(strand, addr)) {
            addr = (addr | (RACE_LINE_SIZE - 1)) + 1;
            continue;
        }
        size_t step = part(addr, end);
        uint64_t tag = (access->tag & ~RACE_TAG_BYTES) | race__tag_bytes(addr, step);
        access->conflicts.word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
        if (audience != NULL)
            race__audience_judge(audience, strand, tag, &access->conflicts);
        if (swept)
            race__sweep_judge(strand, addr, tag, &access->conflicts);
        if (recorded && unlikely(access->conflicts.count != 0)) {
            race__record(access);
            access->conflicts.count = 0;
        }
        addr += step;
    }
    race__audience_close(audience);
}

/* STRAND, a handler's, makes an access at ADDR.  In its own frames, further in than before, there
 * may be marks of frames that are no more: of whom it interrupted, and of others that used the
 * stack. */
void race__access_reach(goc_strand *strand, uintptr_t addr)
{
    if (likely(strand->host == NULL) || addr >= strand->handler_low ||
        addr < (uintptr_t)__builtin_frame_address(0))
        return;
    race__forget(addr, strand->handler_low - addr);
    strand->handler_low = addr;
}

static void begin(struct race__access *access, const goc_strand *strand, uintptr_t addr,
                  size_t size, uint64_t kind)
{
    access->addr = addr;
    access->size = size;
    access->tag = kind | race__tag_make(0, strand->lockset);
    access->epoch = strand->view.own;
    access->conflicts.count = 0;
}

/* Answers as marked does. */
static bool check_word(struct race__access *access, goc_strand *strand, uintptr_t addr,
                       size_t size, const void *pc)
{
    uint64_t kind = access->tag & RACE_TAG_KIND;
    /* Only plain accesses ask whether the strand's own past in this epoch has said it all:
     * they are nearly all, and atomics order something most of the time. */
    if ((kind & ~RACE_TAG_WRITE) == 0 &&
        race__word_is_same(strand, addr, race__cell_bytes(addr, size), kind != 0))
        return false;
    if (race__tag_leaf(access->tag) == 0)
        access->tag |= race__strand_leaf(strand, pc);
    access->tag = (access->tag & ~RACE_TAG_BYTES) | race__tag_bytes(addr, size);
    access->conflicts.word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
    return race__word_access(strand, addr, access->tag, &access->conflicts) &&
           marked(strand, addr, kind);
}

/* Does an access of KIND leave no mark, because its strand is alone?  A block's end does. */
static RACE_INLINE bool is_settled(uint64_t kind)
{
    return (kind & RACE_TAG_FREE) == 0 && race__strand_is_alone();
}

/* The first word of [ADDR, END) that has marks, by the notes where it is far. */
static uintptr_t marked_word(uintptr_t addr, uintptr_t end)
{
    while (addr < end && load_acquire(race__shadow_cell(addr)) == 0) {
        addr = (addr | (RACE_WORD_SIZE - 1)) + 1;
        if ((addr & (RACE_NOTE_SIZE - 1)) == 0)
            addr = race__shadow_noted(addr, end, RACE_NOTE_MARKS);
    }
    return addr;
}

/* A word of one that is settled. */
static void settle_word(struct race__access *access, goc_strand *strand, uintptr_t addr,
                        size_t size, const void *pc)
{
    uint32_t count = access->conflicts.count;
    race__audience_end(addr, true); // or the word may come to look as if it had no marks
    race__sweep_settle(strand, addr);
    access->conflicts.word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
    race__word_settle(strand, addr,
                      (access->tag & ~RACE_TAG_BYTES) | race__tag_bytes(addr, size),
                      &access->conflicts);
    if (access->conflicts.count == count)
        race__count(RACE_ALONE);
    else if (race__tag_leaf(access->tag) == 0)
        access->tag |= race__strand_leaf(strand, pc);
}

void race__access_check(struct race__access *access, goc_strand *strand, uintptr_t addr,
                        size_t size, uint64_t kind, const void *pc)
{
    uintptr_t end = addr + size;
    bool settled = is_settled(kind);
    if (settled)
        race__strand_settle(strand);
    begin(access, strand, addr, size, kind);
    if (unlikely(strand->cells == 0))
        return;
    for (size_t step; addr < end; addr += step) {
        step = part(addr, end);
        if (settled)
            settle_word(access, strand, addr, step, pc);
        else if (unlikely(check_word(access, strand, addr, step, pc)))
            disturb(access, strand, addr, addr + step, false);
    }
}

/* The second step of an access within one word. */
static RACE_NOINLINE void among_others(goc_strand *strand, uintptr_t addr, size_t size,
                                       uint64_t tag, uint64_t before)
{
    struct race__access access;
    begin(&access, strand, addr, size, 0);
    access.tag = tag;
    access.conflicts.word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
    if (race__word_among_others(strand, addr, tag, before, &access.conflicts) &&
        unlikely(marked(strand, addr, tag)))
        disturb(&access, strand, addr, addr + size, false);
    if (unlikely(access.conflicts.count != 0))
        race__record(&access);
}

/* An access within one word has left its mark, and there is an audience. */
static RACE_NOINLINE void disturb_alone(goc_strand *strand, uintptr_t addr, size_t size,
                                        uint64_t tag)
{
    struct race__access access;
    begin(&access, strand, addr, size, 0);
    access.tag = tag;
    disturb(&access, strand, addr, addr + size, true);
}

/* The same, asked of the word itself: nearly all sweeps are ordered before. */
static RACE_NOINLINE RACE_PRESERVE bool has_readers(const goc_strand *strand,
                                                    uintptr_t addr)
{
    return unlikely((load_relaxed(race__shadow_note(addr)) & RACE_NOTE_AUDIENCE) != 0 ||
                    !race__sweep_is_before(strand, addr));
}

static RACE_NOINLINE void access_settled(goc_strand *strand, uintptr_t addr, size_t size,
                                         uint64_t kind, const void *pc)
{
    struct race__access access;
    uintptr_t end = addr + size;
    race__strand_settle(strand);
    begin(&access, strand, addr, size, kind);
    while ((addr = marked_word(addr, end)) < end) {
        size_t step = part(addr, end);
        settle_word(&access, strand, addr, step, pc);
        if (unlikely(access.conflicts.count != 0)) {
            race__record(&access);
            access.conflicts.count = 0;
        }
        addr += step;
    }
}

/* Whole words of [ADDR, END), of one KiB, as long as their cells alone say enough; answers where
 * that ends.  TAG is complete but for the bytes.  *HEARD: an audience is disturbed: the KiB's note
 * is asked once, behind all of the marks. */
static uintptr_t pass_words(goc_strand *strand, uintptr_t addr, uintptr_t end,
                            uint64_t tag, bool *heard)
{
    bool any = false;
    end &= ~(uintptr_t)(RACE_WORD_SIZE - 1);
    uintptr_t at = race__words_alone(strand, addr, end, tag | RACE_TAG_BYTES, &any);
    if (any)
        *heard |= marked(strand, addr, tag);
    return at;
}

/* A word where pass_words ended, or a part of one, which it was not asked of.  Answers as marked
 * does. */
static bool access_next(struct race__access *access, goc_strand *strand, uintptr_t addr,
                        size_t size)
{
    uint64_t kind = access->tag & RACE_TAG_KIND;
    uint64_t tag = (access->tag & ~RACE_TAG_BYTES) | race__tag_bytes(addr, size);
    uint64_t mine = race__cell_of(tag, race__strand_moment(strand));
    if ((kind & ~RACE_TAG_WRITE) == 0 && size != RACE_WORD_SIZE && mine != 0 &&
        !race__rules_counted) {
        enum race__outcome outcome = race__word_next(strand, addr, mine);
        if (outcome != RACE_LONG_WAY)
            return outcome == RACE_MARKED && marked(strand, addr, kind);
    }
    return check_word(access, strand, addr, size, NULL);
}

/* The same of what sweeps do not say. */
static void access_unswept(struct race__access *access, goc_strand *strand,
                           uintptr_t addr, uintptr_t end)
{
    uintptr_t first = addr;
    bool heard = false;
    while (addr < end) {
        if (addr % RACE_WORD_SIZE == 0)
            addr = pass_words(strand, addr, end, access->tag & ~RACE_TAG_BYTES, &heard);
        if (addr == end)
            break;
        size_t step = part(addr, end);
        heard |= access_next(access, strand, addr, step);
        if (unlikely(access->conflicts.count != 0)) {
            race__record(access);
            access->conflicts.count = 0;
        }
        addr += step;
    }
    if (unlikely(heard))
        disturb(access, strand, first, end, true);
}

#define SWEEP_MIN ((uintptr_t)2 * RACE_WORD_SIZE) // one word has room for its own mark

/* Is [ADDR, END), of one line, read by a sweep? */
static RACE_INLINE bool sweep(const struct race__access *access, goc_strand *strand,
                              uintptr_t addr, uintptr_t end)
{
    return end - addr >= SWEEP_MIN && race__sweep_is_worth(addr) &&
           (race__sweep_knows(strand, addr, end) ||
            race__sweep_join(strand, addr, end, access->tag & ~RACE_TAG_BYTES));
}

/* [ADDR, END), of one KiB, by ACCESS, whose tag is complete but for the bytes. */
static void access_part(struct race__access *access, goc_strand *strand, uintptr_t addr,
                        uintptr_t end)
{
    while ((access->tag & RACE_TAG_KIND) == 0 && addr < end) {
        uintptr_t next = (addr | (RACE_LINE_SIZE - 1)) + 1;
        next = next < end ? next : end;
        if (!sweep(access, strand, addr, next))
            break;
        addr = next;
    }
    access_unswept(access, strand, addr, end);
}

static void access_words(goc_strand *strand, uintptr_t addr, size_t size, uint64_t kind,
                         uint32_t leaf)
{
    struct race__access access;
    uintptr_t end = addr + size;
    begin(&access, strand, addr, size, kind);
    access.tag |= leaf;
    while (addr < end) {
        uintptr_t next = (addr | (RACE_NOTE_SIZE - 1)) + 1;
        next = next < end ? next : end;
        if (kind != 0 || next - addr != RACE_NOTE_SIZE ||
            !race__audience_join(strand, addr, access.tag & ~RACE_TAG_BYTES))
            access_part(&access, strand, addr, next);
        addr = next;
    }
}

/* Any size: not more at a time than the limit of memory allows. */
static void access_range(goc_strand *strand, uintptr_t addr, size_t size, uint64_t kind,
                         uint32_t leaf)
{
    while (size > RACE_LIMIT_STEP) {
        access_words(strand, addr, RACE_LIMIT_STEP, kind, leaf);
        race__limit_spend(RACE_LIMIT_STEP / RACE_WORD_SIZE);
        addr += RACE_LIMIT_STEP;
        size -= RACE_LIMIT_STEP;
    }
    access_words(strand, addr, size, kind, leaf);
    race__limit_spend(size / RACE_WORD_SIZE);
}

/* OUTCOME of an access within one word, which was BEFORE. */
static RACE_INLINE void end_word(goc_strand *strand, uintptr_t addr, size_t size,
                                 uint64_t tag, uint64_t before,
                                 enum race__outcome outcome)
{
    if (likely(outcome == RACE_MARKED)) {
        if (marked(strand, addr, tag) && has_readers(strand, addr))
            disturb_alone(strand, addr, size, tag);
    } else if (outcome == RACE_LONG_WAY) {
        among_others(strand, addr, size, tag, before);
    }
}

/* Within one word, whose cell is locked and was BEFORE. */
static RACE_NOINLINE void access_locked(goc_strand *strand, uintptr_t addr, size_t size,
                                        uint64_t tag, uint64_t mine, uint64_t before)
{
    enum race__outcome outcome = RACE_LONG_WAY;
    if (before != 0 && race__cell_moment(mine) != 0)
        outcome = race__word_few(strand, addr, mine, before);
    if (outcome == RACE_LONG_WAY)
        outcome = race__word_alone_in(strand, addr, tag, before);
    end_word(strand, addr, size, tag, before, outcome);
}

static RACE_NOINLINE void access_unlocked(goc_strand *strand, uintptr_t addr, size_t size,
                                          uint64_t tag)
{
    uint64_t before;
    enum race__outcome outcome = race__word_alone(strand, addr, tag, &before);
    end_word(strand, addr, size, tag, before, outcome);
}

/* Within one word, by a strand that is not alone.  The first access of an epoch, where there were
 * others before it, goes through here without a call: all else is apart. */
static RACE_INLINE void access_word(goc_strand *strand, uintptr_t addr, size_t size,
                                    uint64_t kind, uint32_t leaf)
{
    uint64_t *cell = race__shadow_cell(addr);
    uint64_t bytes = race__cell_bytes(addr, size);
    uint64_t tag =
        kind | bytes << RACE_TAG_BYTES_SHIFT | race__tag_make(leaf, strand->lockset);
    if (unlikely((kind & ~RACE_TAG_WRITE) != 0 || leaf - 1 >= RACE_CELL_LEAF_MAX ||
                 load_relaxed(cell) == 0 || race__rules_counted)) {
        access_unlocked(strand, addr, size, tag);
        return;
    }
    uint32_t moment = race__strand_moment(strand);
    uint64_t mine = race__cell_plain(bytes, kind != 0, moment, leaf);
    uint64_t before = race__cell_lock(cell);
    if (unlikely(moment == 0 || !race__word_renew(strand, addr, cell, mine, before))) {
        access_locked(strand, addr, size, tag, mine, before);
        return;
    }
    race__strand_mark(strand);
    if (kind != 0 && race__shadow_has_readers(addr) && has_readers(strand, addr))
        disturb_alone(strand, addr, size, tag);
}

static RACE_INLINE bool is_unmarked(const uint64_t *cell, size_t words)
{
    uint64_t any = 0;
    for (size_t i = 0; i < words; i++)
        any |= load_relaxed(&cell[i]);
    return any == 0;
}

/* The end of a block of STRAND, which is alone, where nobody left marks.  Stores where others
 * need a compare-and-swap: nobody but strands makes anything of a cell of 0. */
static RACE_INLINE bool end_unmarked(goc_strand *strand, uintptr_t addr, size_t size,
                                     uint32_t leaf)
{
    uint64_t *cell = race__shadow_cell(addr);
    size_t words = (size + RACE_WORD_SIZE - 1) / RACE_WORD_SIZE;
    if (addr % RACE_WORD_SIZE != 0 || race__rules_counted || !is_unmarked(cell, words))
        return false;
    uint64_t mine = race__cell_of(RACE_TAG_BYTES | RACE_TAG_WRITE | RACE_TAG_FREE |
                                      race__tag_make(leaf, strand->lockset),
                                  race__strand_moment(strand));
    if (unlikely(mine == 0))
        return false;
    for (size_t i = 0; i < words - 1; i++)
        store_release(&cell[i], mine);
    size_t rest = size - (words - 1) * RACE_WORD_SIZE;
    store_release(&cell[words - 1],
                  (mine & ~RACE_CELL_BYTES) | race__cell_bytes(addr, rest));
    strand->moment.puts += (int64_t)words;
    (void)marked(strand, addr, 0); // no cells of 0 in a KiB with an audience
    (void)marked(strand, addr + size - 1, 0);
    race__limit_spend(words);
    return true;
}

bool race__access_end(goc_strand *strand, uintptr_t addr, size_t size, uint32_t leaf)
{
    if (strand->cells == 0)
        return true;
    if (strand->host != NULL)
        return false;
    if (!race__strand_is_alone() || !end_unmarked(strand, addr, size, leaf))
        access_range(strand, addr, size, RACE_TAG_WRITE | RACE_TAG_FREE, leaf);
    return true;
}

/* Of several words. */
static RACE_NOINLINE void perform_range(goc_strand *strand, uintptr_t addr, size_t size,
                                        uint64_t kind, uint32_t leaf)
{
    access_range(strand, addr, size, kind, leaf);
    race__limit_spend(1);
    race__leave();
}

static RACE_NOINLINE void perform_settled(goc_strand *strand, uintptr_t addr, size_t size,
                                          uint64_t kind, const void *pc)
{
    access_settled(strand, addr, size, kind, pc);
    race__leave();
}

/* STRAND's access; RUNNING is the strand whose open calls lead to PC. */
static RACE_INLINE void perform(goc_strand *strand, goc_strand *running, uintptr_t addr,
                                size_t size, uint64_t kind, const void *pc)
{
    if (!race__enter())
        return;
    if (unlikely(running->cells == 0)) {
        race__leave();
        return;
    }
    if (is_settled(kind)) {
        perform_settled(strand, addr, size, kind, pc);
        return;
    }
    uint32_t leaf = race__strand_leaf(running, pc);
    if (unlikely(addr % RACE_WORD_SIZE + size > RACE_WORD_SIZE)) {
        perform_range(strand, addr, size, kind, leaf);
        return;
    }
    access_word(strand, addr, size, kind, leaf);
    if (kind == 0)
        race__reread_note(strand, addr, size);
    race__limit_spend(1);
    race__leave();
}

static RACE_NOINLINE void access_of_handler(goc_strand *strand, uintptr_t addr,
                                            size_t size, uint64_t kind, const void *pc)
{
    if (race__enter()) {
        race__access_reach(strand, addr);
        race__leave();
    }
    perform(strand, strand, addr, size, kind, pc);
}

RACE_NOINLINE void race__access(goc_strand *strand, uintptr_t addr, size_t size,
                                uint64_t kind, const void *pc)
{
    if (likely(strand->host == NULL))
        perform(strand, strand, addr, size, kind, pc);
    else
        access_of_handler(strand, addr, size, kind, pc);
}

RACE_NOINLINE void race__access_shared(goc_strand *strand, uintptr_t addr, size_t size,
                                       uint64_t kind, const void *pc)
{
    bool is_own_frame = strand->host != NULL && addr < strand->handler_top &&
                        addr >= (uintptr_t)__builtin_frame_address(0);
    if (strand->host == NULL || is_own_frame)
        race__access(strand, addr, size, kind, pc);
    else
        perform(strand->host, strand, addr, size, kind, pc);
}

/* The cell that the running STRAND asks for ADDR's word: as compiled code does, one of nobody's
 * while the window is closed. */
static RACE_INLINE uint64_t asked_cell(const goc_strand *strand, uintptr_t addr)
{
    return load_acquire((uint64_t *)(goc_race_shadow.base + (addr & strand->cells)));
}

/* As compiled code asks before it calls.  Not of the cell where the epoch has left no mark yet. */
static RACE_INLINE bool is_known(const goc_strand *strand, uintptr_t addr, size_t size,
                                 bool is_write)
{
    if (unlikely(strand->cells == 0))
        return asked_cell(strand, addr) == RACE_EXPECT_CLOSED;
    return strand->expect != RACE_EXPECT_NEVER && size <= part(addr, addr + size) &&
           race__word_is_same(strand, addr, race__cell_bytes(addr, size), is_write);
}

void race__read(const void *addr, size_t size, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand != NULL && size != 0 && !is_known(strand, (uintptr_t)addr, size, false))
        race__access(strand, (uintptr_t)addr, size, 0, pc);
}

void race__use(const void *addr, const void *pc)
{
    goc_strand *strand = goc_race_current;
    uint64_t cell = asked_cell(strand, (uintptr_t)addr);
    uint64_t bytes = race__cell_bytes((uintptr_t)addr, 1);
    if (unlikely(!race__cell_knows(cell, strand->expect, bytes, false)))
        race__read(addr, 1, pc);
}

void race__write(const void *addr, size_t size, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand != NULL && size != 0 && !is_known(strand, (uintptr_t)addr, size, true))
        race__access(strand, (uintptr_t)addr, size, RACE_TAG_WRITE, pc);
}
