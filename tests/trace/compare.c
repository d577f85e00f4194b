/* One walk, two verdicts. */
#include "compare.h"

#include "generate.h"
#include "oracle.h"
#include "subject.h"

#include <string.h>

static struct oracle oracle;

static bool blames_rightly(const struct trace *trace, size_t number,
                           const struct subject_found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct subject_conflict *conflict = &found->conflict[i];
        struct oracle_named named = {.byte = conflict->addr,
                                     .strand = conflict->strand,
                                     .where = conflict->where,
                                     .write = conflict->write,
                                     .atomic = conflict->atomic};
        if (!oracle_races_with(&oracle, trace, number, named))
            return false;
    }
    return true;
}

static bool finds_all(const struct trace_event *event,
                      const enum oracle_verdict verdict[TRACE_BYTES],
                      const struct subject_found *found)
{
    bool seen[TRACE_BYTES] = {false};
    for (size_t i = 0; i < found->count; i++)
        seen[found->conflict[i].addr] = true;
    for (int b = event->addr; b < event->addr + event->size; b++)
        if (seen[b] ? verdict[b] == ORACLE_ORDERED
                    : verdict[b] == ORACLE_RACES && !found->full)
            return false;
    return true;
}

/* FOUND has EARLIER, an access of BYTE, or another of the same strand and moment. */
static bool names(const struct trace *trace, const struct subject_found *found,
                  uint16_t byte, const struct oracle_access *earlier)
{
    for (size_t i = 0; i < oracle.count[byte]; i++) {
        const struct oracle_access *access = &oracle.access[byte][i];
        if (!oracle_same_moment(&oracle, access, earlier))
            continue;
        for (size_t j = 0; j < found->count; j++)
            if (found->conflict[j].addr == byte &&
                found->conflict[j].strand == access->strand &&
                found->conflict[j].where == trace->event[access->event].where)
                return true;
    }
    return false;
}

/* Each earlier access that no other speaks for is there, not only one a byte. */
static bool names_all(const struct trace *trace, const struct trace_event *event,
                      const enum oracle_verdict verdict[TRACE_BYTES],
                      const struct subject_found *found)
{
    for (uint16_t b = event->addr; b < event->addr + event->size; b++)
        for (size_t i = 0; verdict[b] == ORACLE_RACES && i < oracle.count[b]; i++)
            if (oracle_must_name(&oracle, b, &oracle.access[b][i]) &&
                !names(trace, found, b, &oracle.access[b][i]))
                return found->full;
    return true;
}

static bool any(const struct trace_event *event,
                const enum oracle_verdict verdict[TRACE_BYTES])
{
    for (int b = event->addr; b < event->addr + event->size; b++)
        if (verdict[b] == ORACLE_RACES)
            return true;
    return false;
}

struct compare_result compare(const struct trace *trace,
                              void (*race)(uint16_t where, uint16_t prior))
{
    struct compare_result result = {.differs = false};
    static struct subject_found found;
    enum oracle_verdict verdict[TRACE_BYTES];
    oracle_begin(&oracle);
    subject_begin(trace);
    for (size_t i = 0; i < trace->count && !result.differs; i++) {
        const struct trace_event *event = &trace->event[i];
        oracle_step(&oracle, event, i, verdict);
        subject_step(event, &found);
        result.event = i;
        if (!trace_is_access(event->kind)) {
            result.differs = found.count != 0;
            result.what = "a race of an event that is no access";
            continue;
        }
        result.races += any(event, verdict);
        result.differs = true;
        if (!finds_all(event, verdict, &found))
            result.what = "other bytes race than the specification says";
        else if (!blames_rightly(trace, i, &found))
            result.what = "an access is blamed that does not race";
        else if (!names_all(trace, event, verdict, &found))
            result.what = "an access that races is not blamed";
        else
            result.differs = false;
        for (size_t j = 0; race != NULL && j < found.count; j++)
            race(event->where, found.conflict[j].where);
    }
    subject_end();
    return result;
}

void compare_shrink(struct trace *trace)
{
    for (size_t i = trace->count; i-- > 0;) {
        struct trace less = *trace;
        memmove(&less.event[i], &less.event[i + 1],
                (less.count - i - 1) * sizeof less.event[0]);
        less.count--;
        if (generate_is_valid(&less) && compare(&less, NULL).differs)
            *trace = less;
    }
}
