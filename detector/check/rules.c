/* The verdicts on two accesses, and the names of the rules. */
#include "check/rules.h"

uint64_t race__rule_counts[RACE_RULE_COUNT];
bool race__rules_counted;

struct rule {
    const char *name;
    const char *text;
    bool is_race;
};

static const struct rule rules[RACE_RULE_COUNT] = {
    [RACE_NO_RULE] = {"NO_RULE", "", false},
#define RACE_RULE(name, text) [RACE_##name] = {#name, text, false},
#define RACE_RULE_RACE(name, text) [RACE_##name] = {#name, text, true},
#include "check/rules.def"
};

/* Which of the rules of conflict, for two that do. */
static enum race__rule rule_of_race(uint64_t prior, uint64_t tag, bool shared)
{
    if ((prior & RACE_TAG_WRITE) == 0)
        return shared ? RACE_SHARED_WRITE_RACE : RACE_READ_WRITE_RACE;
    return (tag & RACE_TAG_WRITE) != 0 ? RACE_WRITE_WRITE_RACE : RACE_WRITE_READ_RACE;
}

struct race__conflict race__judge(struct race__mark prior, uint64_t tag, bool ordered,
                                  bool shared)
{
    struct race__conflict conflict = {.prior = prior, .rule = RACE_NO_RULE};
    conflict.after_free = ordered && (prior.tag & RACE_TAG_FREE) != 0;
    if ((prior.tag & RACE_TAG_FREE) != 0)
        conflict.rule = ordered ? RACE_USE_AFTER_FREE : RACE_FREE_RACE;
    else if (!ordered && race__conflicts(prior.tag, tag))
        conflict.rule = (tag & RACE_TAG_FREE) != 0 ? RACE_FREE_RACE
                                                   : rule_of_race(prior.tag, tag, shared);
    return conflict;
}

static enum race__rule rule_of_read(const struct race__found *found)
{
    if (found->same != 0)
        return RACE_READ_SAME_EPOCH;
    if (found->reads_kept == 0)
        return RACE_READ_EXCLUSIVE;
    return found->reads_kept == 1 ? RACE_READ_SHARE : RACE_READ_SHARED;
}

static enum race__rule rule_of_write(const struct race__found *found)
{
    if (found->same != 0)
        return RACE_WRITE_SAME_EPOCH;
    return found->reads_gone > 1 ? RACE_WRITE_SHARED : RACE_WRITE_EXCLUSIVE;
}

enum race__rule race__rule_of(uint64_t tag, const struct race__found *found)
{
    return (tag & RACE_TAG_WRITE) != 0 ? rule_of_write(found) : rule_of_read(found);
}

bool race__rule_is_race(enum race__rule rule)
{
    return rules[rule].is_race;
}

const char *race__rule_name(enum race__rule rule)
{
    return rules[rule].name;
}

const char *race__rule_text(enum race__rule rule)
{
    return rules[rule].text;
}
