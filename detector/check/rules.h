/* The rules that say whether two accesses race, and which must be remembered.  Pure.
 *
 * FastTrack remembers one write and one read of a variable, or a set of reads.  Here a
 * byte's past is the set of all marks that still matter, which for a program without a
 * race is the same: one write, and the reads since that are not ordered among themselves.
 * With a race it keeps what FastTrack forgets, by one principle:
 *
 *   A mark may be dropped for a later access exactly where that access stands for it:
 *   the mark is ordered before the access, and whatever kind of access conflicts with the
 *   mark conflicts with the access too.  And an access need not be marked where a mark of
 *   its own strand and epoch stands for it: nobody has seen the one without the other,
 *   because an epoch ends when its strand hands its view on.
 *
 *   Theorem: an access X conflicts with a concurrent earlier access E of a byte if and
 *   only if X conflicts with a concurrent mark on that byte.
 *   Proof.  "If": a mark is an earlier access.  "Only if": where E was dropped, it was for
 *   an A with E before A that stands for E; X conflicts with A as it does with E.  A is
 *   not before X, because then E would be; nor is X before A, which came earlier.  So X and
 *   A are concurrent and conflict, and the argument repeats for A until one is a mark.
 *
 * An access of a strand that is alone needs no mark either: whoever comes later is born of
 * that strand and knows what it did, so the access is concurrent with nothing later; and for
 * the same reason it may drop every mark that is ordered before it, but for a block's end,
 * which is told of though it is ordered.
 *
 * A mark may stand elsewhere than in the word, for whole KiBs at once (check/audience.h) or for
 * pieces of a line (check/sweep.h): the proof speaks of which marks there are, not of where they
 * are.  What it asks for is that each access is compared with every mark on its bytes that it may
 * conflict with.
 *
 * So every access that races is found, not only a location's first: a race is reported and
 * both accesses stay.  Happens-before is what the program's synchronisation made; a race
 * adds no order of its own (SHB, Mathur et al., OOPSLA 2018, would order a racy write
 * before the read that saw it, which makes later reports predictions of a feasible run;
 * ours are plain statements about this run's synchronisation).
 *
 * Atomic accesses conflict with plain ones only (C17 5.1.2.4p35).
 */
#ifndef GOC_CHECK_RULES_H
#define GOC_CHECK_RULES_H

#include "state/conflict.h"

enum race__rule {
    RACE_NO_RULE,
#define RACE_RULE(name, text) RACE_##name,
#define RACE_RULE_RACE(name, text) RACE_##name,
#include "check/rules.def"
    RACE_RULE_COUNT,
};

/* What an access found on its bytes. */
struct race__found {
    uint32_t same;       // marks of its own epoch that stand for it
    uint32_t reads_gone; // earlier reads that it stands for
    uint32_t reads_kept; // earlier reads that stay
};

/* Whatever conflicts with an access of kind EARLIER conflicts with one of kind LATER.
 * Tags; only their kinds matter. */
static inline bool race__stands_for(uint64_t later, uint64_t earlier)
{
    bool as_strong = (later & RACE_TAG_WRITE) >= (earlier & RACE_TAG_WRITE);
    bool as_plain = (later & RACE_TAG_ATOMIC) <= (earlier & RACE_TAG_ATOMIC);
    bool as_final = (later & RACE_TAG_FREE) >= (earlier & RACE_TAG_FREE);
    return as_strong && as_plain && as_final;
}

/* Do two accesses of these kinds conflict? */
static inline bool race__conflicts(uint64_t a, uint64_t b)
{
    return ((a | b) & RACE_TAG_WRITE) != 0 && (a & b & RACE_TAG_ATOMIC) == 0;
}

/* [READ SAME EPOCH], [WRITE SAME EPOCH]: a mark of the access's own epoch, with tag PRIOR,
 * makes an access with tag TAG add nothing. */
static inline bool race__same_epoch(uint64_t prior, uint64_t tag)
{
    return race__stands_for(prior, tag) && (prior & RACE_TAG_FREE) == 0;
}

/* Does an access with tag TAG race with PRIOR, on bytes of both?  ORDERED: PRIOR was
 * before the access.  SHARED: PRIOR is one of several concurrent reads. */
struct race__conflict race__judge(struct race__mark prior, uint64_t tag, bool ordered,
                                  bool shared);

/* The rule by which an access with tag TAG that FOUND this and no conflict was entered. */
enum race__rule race__rule_of(uint64_t tag, const struct race__found *found);

bool race__rule_is_race(enum race__rule rule);
const char *race__rule_name(enum race__rule rule);
const char *race__rule_text(enum race__rule rule);

/* How often each rule applied; counted while race__rules_counted is set. */
extern uint64_t race__rule_counts[RACE_RULE_COUNT]; // atomic
extern bool race__rules_counted;                    // const after start

static inline void race__count(enum race__rule rule)
{
    if (unlikely(race__rules_counted))
        fetch_add_relaxed(&race__rule_counts[rule], 1);
}

#endif
