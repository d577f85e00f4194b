/* Traces: what strands did, in the order in which it happened.
 *
 * As text, an event a line (after RAPID's format): `T0|w(x,4)|a.c:3`
 *
 *   T0       the strand; T0 is there from the beginning, others from go or fork on
 *   w(x,4)   the event, trace.def; a variable is a letter a…z, each TRACE_VARIABLE_SIZE
 *            bytes long and beside its neighbour, with +N for a byte inside
 *   a.c:3    where: any word; races are named by it
 *
 * go makes a strand that nobody joins (a goroutine), fork one that may be joined (a thread).
 * Lines `expect: races WHERE WHERE` and `expect: none` say what must be found.
 */
#ifndef GOC_TESTS_TRACE_TRACE_H
#define GOC_TESTS_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TRACE_STRANDS 24
#define TRACE_OBJECTS 8
#define TRACE_VARIABLES 26
#define TRACE_VARIABLE_SIZE 8
#define TRACE_BYTES (TRACE_VARIABLES * TRACE_VARIABLE_SIZE)
#define TRACE_EVENTS_MAX 256

enum trace_kind {
#define EVENT(name, spelling, arguments) TRACE_##name,
#include "trace.def"
    TRACE_KINDS,
};

enum trace_order {
    TRACE_RELAXED,
    TRACE_CONSUME,
    TRACE_ACQUIRES,
    TRACE_RELEASES,
    TRACE_ACQ_REL,
    TRACE_SEQ_CST,
};

struct trace_event {
    uint8_t strand;
    uint8_t kind;   // enum trace_kind
    uint8_t order;  // enum trace_order
    uint8_t object; // of acq, lock…
    uint8_t second; // the other object, or strand
    uint16_t addr;  // first byte of the variables
    uint16_t size;
    uint16_t where; // a number; the text's words are numbered as they come
};

struct trace {
    size_t count;
    uint16_t
        offset; // of the variables in the subject's memory; 0: across the middle of a page
    uint16_t
        whole;  // a read of so many bytes from the first variable on is one of all KiBs
                // that they lie in; 0: none is
    bool alone; // nobody lives beside T0 but those of the trace
    struct trace_event event[TRACE_EVENTS_MAX];
};

/* The words that stand for places: number to word. */
struct trace_places {
    uint16_t count;
    char word[TRACE_EVENTS_MAX][32];
};

const char *trace_kind_name(enum trace_kind kind);
bool trace_is_access(enum trace_kind kind);
bool trace_acquires(enum trace_order order);
bool trace_releases(enum trace_order order);

/* Add the event of LINE; false where it is none, with the reason in *WHY. */
bool trace_parse(struct trace *trace, struct trace_places *places, const char *line,
                 const char **why);
/* The number of WORD, added where it is new. */
uint16_t trace_place(struct trace_places *places, const char *word);
/* The trace as text that trace_parse reads. */
void trace_print(FILE *to, const struct trace *trace);

#endif
