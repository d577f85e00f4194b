/* The specification: happens-before by plain vector clocks, every access kept for ever.
 *
 * Slow, small and without any of the production detector's ideas, so that a disagreement
 * is an error on one side.  For each access it says which of its bytes race: where an
 * earlier access by another strand conflicts and is not ordered before it, or where the
 * memory has been freed.
 *
 * An access that repeats one of the same strand, as strong at least and in the same moment,
 * is no further access: whoever is not ordered with the one is not ordered with the other,
 * and has met the first.  A detector may report it or not.
 *
 * A release ends a moment; but giving a lock back does not, in hindsight, where the same
 * strand is the next to take it and has released nothing else in between: nobody saw it.
 * That is asked of an address that has been nothing but a lock.
 */
#ifndef GOC_TESTS_TRACE_ORACLE_H
#define GOC_TESTS_TRACE_ORACLE_H

#include "trace.h"

typedef uint32_t oracle_clock[TRACE_STRANDS];

/* A strand's, an object's or a release sequence's past. */
struct oracle_access {
    size_t event; // its number in the trace
    uint8_t strand;
    uint32_t clock; // of the strand, when it happened
    bool write;
    bool atomic;
    bool free;
    bool gone; // its memory is new since
};

struct oracle;

/* Are both of one strand and moment? */
bool oracle_same_moment(const struct oracle *oracle, const struct oracle_access *a,
                        const struct oracle_access *b);

/* One release sequence that a value belongs to (C17 5.1.2.4p10). */
struct oracle_head {
    uint8_t strand; // whose release heads it
    oracle_clock clock;
};

/* A lock that was given back and that nobody has taken since. */
struct oracle_back {
    uint8_t strand;
    uint32_t clock; // of the strand, when it did; 0: nobody
    bool mixed;     // it is no lock, or not only
};

struct oracle_atomic {
    uint16_t addr;
    uint16_t size; // of the last store; 0: nothing released here yet
    size_t count;
    struct oracle_head head[TRACE_EVENTS_MAX];
};

struct oracle {
    oracle_clock strand[TRACE_STRANDS];
    oracle_clock fence[TRACE_STRANDS];   // as of each strand's last release fence
    oracle_clock pending[TRACE_STRANDS]; // what each has read without acquiring
    oracle_clock object[TRACE_OBJECTS];
    oracle_clock slot[TRACE_OBJECTS];
    oracle_clock shared[TRACE_OBJECTS]; // what readers left since a lock's last writer
    struct oracle_back back[TRACE_OBJECTS];
    bool goes_on[TRACE_STRANDS]
                [TRACE_EVENTS_MAX + 2]; // this clock's moment is that before
    struct oracle_atomic atomic[TRACE_BYTES];
    oracle_clock seen[TRACE_EVENTS_MAX]; // by the strand of each event, when it happened
    size_t count[TRACE_BYTES];
    struct oracle_access access[TRACE_BYTES][TRACE_EVENTS_MAX];
};

enum oracle_verdict {
    ORACLE_ORDERED,
    ORACLE_RACES,
    ORACLE_REPEATS, // races, as the one that it repeats
};

/* What the strand of T0 is about to begin with. */
void oracle_begin(struct oracle *oracle);
/* EVENT, number NUMBER of the trace, happens.  VERDICT[b] says of each byte of an access
 * whether it races there; other bytes keep theirs. */
void oracle_step(struct oracle *oracle, const struct trace_event *event, size_t number,
                 enum oracle_verdict verdict[TRACE_BYTES]);
/* An access as a conflict names it. */
struct oracle_named {
    uint16_t byte;
    uint8_t strand;
    uint16_t where;
    bool write;
    bool atomic;
};

/* After the step: must the last access of BYTE be reported with EARLIER, another of BYTE's, or
 * with one of the same strand and moment?  Not where a third access, which happened after
 * EARLIER and is as strong, races with the last one as well: that one speaks for both. */
bool oracle_must_name(const struct oracle *oracle, uint16_t byte,
                      const struct oracle_access *earlier);

/* After the step: does access NUMBER of TRACE race with an earlier one that is like NAMED? */
bool oracle_races_with(const struct oracle *oracle, const struct trace *trace,
                       size_t number, struct oracle_named named);

#endif
