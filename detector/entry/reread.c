/* Reads whose marks move on from epoch to epoch where they are.
 *
 * A goroutine that waits at channels reads the same few words after each of its waits: where the
 * channels are.  Each wait ends an epoch, so each of these reads would leave its mark anew, take
 * the old one away, and that of the goroutine at the other end with it, which reads the same words:
 * two blocks of moments that end for one word.
 *
 * So a strand keeps some such words in mind, each with a block of moments that only its mark there
 * names, as entry/touch.c does for channels.  While the word has that mark, and beside it at most
 * one other, which is a plain read's, whoever's and whenever, the mark becomes one of the present
 * epoch when its block does.  That is exact, because the later read of a strand stands for the
 * earlier one (check/rules.h), and no read conflicts with it.  Who looks at the mark has locked the
 * cell, and so has who moves it.  Nobody else ever puts a mark of that block, so nothing of what
 * happened to the word in between matters.  If the place or the locks are others, the mark and its
 * block say so from then on.
 *
 * Two strands that read one word in turn keep both of their marks there: a read leaves the only
 * mark of a word where it is if another strand has that one in mind (RACE_CELL_REREAD), though it
 * might take it away.
 *
 * Compiled code does not know such a mark: its moment is not the present one.  So a second read in
 * one epoch calls, and is answered here.  Where that happens more often than once an epoch, the
 * mark goes back into the present block, and the word is left alone for a while.
 *
 * What becomes such a mark: one in eight of the reads that found nothing of their epoch is
 * considered; the second time in a row that it is the same word of its place.  So who reads
 * much in an epoch, and each word once, pays next to nothing, and strands of few reads have no
 * places.
 */
#include "entry/reread.h"

#include "check/rules.h"
#include "state/slab.h"

#define PENALTY 4 // times that a word is considered in vain once it has failed
#define FIRST 4   // considerations pass before there are places
#define STAYS 8   // of its considerations, another word has one in so many

uint32_t race__reread_share = 8;

/* What of a word its strand wants to see. */
struct seen {
    uint64_t *cell;
    uint64_t *spare; // where the mark is, if it is not in the cell; else NULL
    uint64_t before; // the cell, locked
    uint64_t other;  // the other mark; 0: none
};

/* ADDR's word is locked; false, and it is not, unless it has MARK and at most one other, a plain
 * read. */
static bool look(uintptr_t addr, uint64_t mark, struct seen *seen)
{
    seen->cell = race__shadow_cell(addr);
    seen->before = race__cell_lock(seen->cell);
    seen->spare = NULL;
    seen->other = 0;
    uint64_t first = seen->before & ~RACE_CELL_MORE;
    bool found = first == mark;
    if ((seen->before & RACE_CELL_MORE) != 0) {
        uint64_t *spare = race__shadow_spare(addr);
        seen->other = load_relaxed(spare);
        if (!found && seen->other == mark) {
            seen->spare = spare;
            seen->other = first;
            found = true;
        }
    }
    if (found && race__reread_is_last(seen->other))
        return true;
    race__cell_unlock(seen->cell, seen->before);
    return false;
}

/* The mark that was seen is MARK from here on, and its word is unlocked. */
static void leave(const struct seen *seen, uint64_t mark)
{
    if (seen->spare != NULL)
        store_release(seen->spare, mark);
    race__cell_unlock(seen->cell, seen->spare != NULL
                                      ? seen->before
                                      : mark | (seen->before & RACE_CELL_MORE));
}

static uint64_t at_moment(uint64_t mark, uint32_t moment)
{
    return (mark & ~RACE_CELL_MOMENT) | (uint64_t)moment << RACE_CELL_MOMENT_BIT;
}

static void fail(struct race__reread *reread)
{
    race__moment_let_go(race__cell_moment(reread->mark));
    reread->mark = 0;
    reread->size = 0;
    reread->left = PENALTY;
}

/* The mark that was SEEN is of the present epoch, and says what the access would; too often,
 * perhaps. */
static void again(goc_strand *strand, struct race__reread *reread,
                  const struct seen *seen)
{
    reread->context = RACE_REREAD_NOWHERE; // the mark is of the first place
    if (reread->left > 0) {
        reread->left--;
        leave(seen, reread->mark);
        return;
    }
    uint32_t moment = race__strand_moment(strand);
    uint64_t mark = at_moment(reread->mark, moment);
    /* Marks of one block have no byte in common (state/cell.h). */
    if (moment != 0 && ((seen->other ^ mark) & RACE_CELL_EPOCH) != 0) {
        leave(seen, mark);
        strand->moment.puts++;
        race__moment_drop(race__cell_moment(reread->mark));
    } else {
        leave(seen, reread->mark);
    }
    fail(reread);
}

/* The mark as a read at PC leaves it; 0: no cell can have it. */
static uint64_t moved(goc_strand *strand, struct race__reread *reread, const void *pc)
{
    uint32_t leaf = race__strand_leaf(strand, pc);
    if (leaf - 1 >= RACE_CELL_LEAF_MAX)
        return 0;
    uint32_t context = race__strand_context_asked(strand);
    reread->pc = pc;
    reread->context = context != 0 ? context : RACE_REREAD_NOWHERE;
    return (reread->mark & ((UINT64_C(1) << RACE_CELL_LEAF_BIT) - 1)) |
           (uint64_t)leaf << RACE_CELL_LEAF_BIT;
}

static bool renew(goc_strand *strand, struct race__reread *reread, const void *pc)
{
    bool same = reread->pc == pc && reread->context == race__strand_context_asked(strand);
    uint64_t mark = same ? reread->mark : moved(strand, reread, pc);
    struct seen seen;
    if (mark == 0 || !look(reread->addr, reread->mark, &seen))
        return false;
    if (race__reread_move(strand, reread)) {
        reread->mark = mark;
        leave(&seen, mark);
    } else {
        again(strand, reread, &seen);
    }
    return true;
}

RACE_PRESERVE void race__reread_deferred(void)
{
    race__self.deferred();
}

bool race__reread_slow(goc_strand *strand, struct race__reread *reread, const void *pc)
{
    if (!race__enter())
        return false;
    bool renewed =
        strand->cells != 0 && !race__strand_is_alone() && renew(strand, reread, pc);
    if (!renewed)
        fail(reread);
    race__leave();
    return renewed;
}

/* The mark that STRAND has just left in ADDR's word gets a block to itself, if all is as it must
 * be. */
static void keep(goc_strand *strand, struct race__reread *reread, size_t size)
{
    uint64_t *cell = race__shadow_cell(reread->addr);
    uint64_t now = race__cell_lock(cell);
    bool is_mine = strand->moment.now != 0 && (now & RACE_CELL_KIND) == 0 &&
                   race__cell_moment(now) == strand->moment.now &&
                   (now & RACE_CELL_BYTES) == race__cell_bytes(reread->addr, size);
    uint64_t other = is_mine && (now & RACE_CELL_MORE) != 0
                         ? load_relaxed(race__shadow_spare(reread->addr))
                         : 0;
    if (is_mine && race__reread_is_last(other)) {
        uint32_t moment = race__moment_apart(&strand->moment);
        if (moment != 0) {
            now = at_moment(now, moment);
            reread->mark = now & ~RACE_CELL_MORE;
            reread->cell = cell;
            reread->spare = race__shadow_spare(reread->addr);
            reread->block = race__moments_write(moment);
            reread->size = (uint16_t)size;
            reread->context = RACE_REREAD_NOWHERE;
            reread->left = RACE_REREAD_CREDIT;
        }
    }
    race__cell_unlock(cell, now);
}

void race__reread_consider(goc_strand *strand, uintptr_t addr, size_t size)
{
    if (race__rules_counted || strand->host != NULL || race__windows)
        return;
    if (strand->rereads == NULL && strand->rereads_passed < FIRST * race__reread_share)
        return;
    if (strand->rereads == NULL)
        strand->rereads = race__slab_alloc(RACE_REREADS * sizeof *strand->rereads);
    struct race__reread *reread = race__reread_at(strand->rereads, addr);
    if (reread->addr != addr) {
        bool stays =
            reread->mark != 0 && strand->rereads_passed / race__reread_share % STAYS != 0;
        if (stays)
            return;
        if (reread->mark != 0)
            race__moment_let_go(race__cell_moment(reread->mark));
        *reread = (struct race__reread){.addr = addr};
    } else if (reread->mark != 0) { // other bytes of its word are read, too
        fail(reread);
    } else if (reread->left > 0) {
        reread->left--;
    } else {
        keep(strand, reread, size);
    }
}
