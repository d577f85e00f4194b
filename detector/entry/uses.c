/* The use of an object by strands that leave there what they did: the done of a WaitGroup.
 *
 * Each use is a read, for whoever makes, overwrites or frees the object meanwhile.  A thousand
 * goroutines that all call done leave a thousand such marks in one word, and nearly always one
 * that has waited for all of them is the next to touch it otherwise.  So the mark and the order are
 * made together, with the object's line locked:
 *
 *   - The read goes into the log of the word (state/crowd.h), which costs no search.
 *   - The strand's epoch goes to those that the content gets to know later (state/sync.h, "Late").
 *
 * While the object is LOGGED, all epochs in the log are known to the content: both get them here
 * under one lock, and of what else is done with the content nothing takes away from it, or LOGGED
 * ends; then the log of before goes to the places.  So whoever acquires the object knows all of the
 * log at its present epoch, BY, which the log keeps.  BY is handed on only after that, for an
 * epoch ends when it is; and it counts as left in a mark, so that the next strand on its slot
 * knows it as well.  Hence who knows BY knows the log's epochs, and an access that stands for a
 * plain read may drop those reads without a look at each (check/rules.h): race__word_among_others.
 * All others find them in the places of the crowd, where race__word_open puts them.
 *
 * Words without a large crowd and strands that are alone go the way of a read and a release_merge,
 * which comes to the same.
 */
#include "check/word.h"
#include "entry/access.h"
#include "entry/events.h"
#include "state/limit.h"
#include "state/order.h"
#include "state/strand.h"

static bool may_log(const goc_strand *strand, uintptr_t addr)
{
    return race__word_may_log(addr) && addr % RACE_WORD_SIZE == 0 &&
           strand->host == NULL && strand->cells != 0 && !race__strand_is_alone();
}

static bool log_use(goc_strand *strand, uintptr_t addr, const void *pc)
{
    uint32_t leaf = race__strand_leaf(strand, pc);
    uint64_t *line = race__line_lock(addr);
    struct race__sync *sync = race__sync_raw(line, addr);
    bool logged = sync != NULL && sync->size == 0 &&
                  race__access_log(strand, addr, leaf, !sync->logged);
    if (logged)
        race__order_merge_logged(strand, sync);
    race__line_unlock_head(line);
    return logged;
}

void race__on_use_merge(const void *object, const void *pc)
{
    goc_strand *strand = race__watched();
    bool logged = false;
    if (strand != NULL && may_log(strand, (uintptr_t)object) && race__enter()) {
        logged = log_use(strand, (uintptr_t)object, pc);
        race__limit_spend(1);
        race__leave();
    }
    if (!logged) {
        race__use(object, pc);
        race__on_release_merge(object);
    }
}
