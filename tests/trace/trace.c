/* Traces from and to text. */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

struct shape {
    const char *spelling;
    const char *arguments;
};

static const struct shape shapes[TRACE_KINDS] = {
#define EVENT(name, spelling, arguments) [TRACE_##name] = {spelling, arguments},
#include "trace.def"
};

static const char *const orders[] = {"relaxed", "consume", "acquire",
                                     "release", "acq_rel", "seq_cst"};

const char *trace_kind_name(enum trace_kind kind)
{
    return shapes[kind].spelling;
}

bool trace_is_access(enum trace_kind kind)
{
    return kind <= TRACE_MODIFY || kind == TRACE_FREE;
}

bool trace_acquires(enum trace_order order)
{
    return order != TRACE_RELAXED && order != TRACE_RELEASES;
}

bool trace_releases(enum trace_order order)
{
    return order >= TRACE_RELEASES;
}

/* A reader of one line. */
struct reader {
    const char *at;
    const char *why; // what went wrong first
};

static void expect(struct reader *reader, char c)
{
    static const char *const message = "a character is missing";
    if (*reader->at == c)
        reader->at++;
    else if (reader->why == NULL)
        reader->why = message;
}

static unsigned read_number(struct reader *reader, unsigned limit)
{
    char *end;
    unsigned long value = strtoul(reader->at, &end, 10);
    if (end == reader->at || value >= limit) {
        reader->why = "not a number, or too large";
        return 0;
    }
    reader->at = end;
    return (unsigned)value;
}

static uint8_t read_letter(struct reader *reader, char first, unsigned count)
{
    unsigned letter = (unsigned)(*reader->at - first);
    if (letter >= count) {
        reader->why = "not a letter of the right sort";
        return 0;
    }
    reader->at++;
    return (uint8_t)letter;
}

static uint8_t read_order(struct reader *reader)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        size_t length = strlen(orders[i]);
        if (strncmp(reader->at, orders[i], length) == 0) {
            reader->at += length;
            return (uint8_t)i;
        }
    }
    reader->why = "not a memory order";
    return 0;
}

static uint8_t read_strand(struct reader *reader)
{
    expect(reader, 'T');
    return (uint8_t)read_number(reader, TRACE_STRANDS);
}

static void read_variable(struct reader *reader, struct trace_event *event)
{
    unsigned offset = 0;
    unsigned variable = read_letter(reader, 'a', TRACE_VARIABLES);
    if (*reader->at == '+') {
        reader->at++;
        offset = read_number(reader, TRACE_BYTES);
    }
    expect(reader, ',');
    event->addr = (uint16_t)(variable * TRACE_VARIABLE_SIZE + offset);
    event->size = (uint16_t)read_number(reader, TRACE_BYTES - event->addr + 1u);
}

static void read_arguments(struct reader *reader, struct trace_event *event)
{
    const char *arguments = shapes[event->kind].arguments;
    expect(reader, '(');
    for (const char *at = arguments; *at != '\0'; at++) {
        if (at != arguments)
            expect(reader, ',');
        switch (*at) {
        case 'v':
            read_variable(reader, event);
            break;
        case 'o':
            event->object = read_letter(reader, 'A', TRACE_OBJECTS);
            break;
        case 'p':
            event->second = read_letter(reader, 'A', TRACE_OBJECTS);
            break;
        case 'm':
            event->order = read_order(reader);
            break;
        default:
            event->second = read_strand(reader);
            break;
        }
    }
    expect(reader, ')');
}

static void read_kind(struct reader *reader, struct trace_event *event)
{
    size_t length = strcspn(reader->at, "(");
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        if (strlen(shapes[kind].spelling) == length &&
            strncmp(reader->at, shapes[kind].spelling, length) == 0) {
            event->kind = (uint8_t)kind;
            reader->at += length;
            return;
        }
    reader->why = "unknown event";
}

uint16_t trace_place(struct trace_places *places, const char *word)
{
    for (uint16_t i = 0; i < places->count; i++)
        if (strcmp(places->word[i], word) == 0)
            return i;
    if (places->count == TRACE_EVENTS_MAX)
        return 0;
    snprintf(places->word[places->count], sizeof places->word[0], "%s", word);
    return places->count++;
}

bool trace_parse(struct trace *trace, struct trace_places *places, const char *line,
                 const char **why)
{
    struct reader reader = {.at = line};
    struct trace_event event = {0};
    event.strand = read_strand(&reader);
    expect(&reader, '|');
    read_kind(&reader, &event);
    if (reader.why == NULL)
        read_arguments(&reader, &event);
    expect(&reader, '|');
    if (reader.why == NULL && trace->count == TRACE_EVENTS_MAX)
        reader.why = "too many events";
    *why = reader.why;
    if (reader.why != NULL)
        return false;
    event.where = trace_place(places, reader.at);
    trace->event[trace->count++] = event;
    return true;
}

static void print_argument(FILE *to, const struct trace_event *event, char letter)
{
    switch (letter) {
    case 'v':
        fprintf(to, "%c", 'a' + event->addr / TRACE_VARIABLE_SIZE);
        if (event->addr % TRACE_VARIABLE_SIZE != 0)
            fprintf(to, "+%u", event->addr % TRACE_VARIABLE_SIZE);
        fprintf(to, ",%u", event->size);
        break;
    case 'o':
        fprintf(to, "%c", 'A' + event->object);
        break;
    case 'p':
        fprintf(to, "%c", 'A' + event->second);
        break;
    case 'm':
        fprintf(to, "%s", orders[event->order]);
        break;
    default:
        fprintf(to, "T%u", event->second);
        break;
    }
}

void trace_print(FILE *to, const struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++) {
        const struct trace_event *event = &trace->event[i];
        const struct shape *shape = &shapes[event->kind];
        fprintf(to, "T%u|%s(", event->strand, shape->spelling);
        for (const char *at = shape->arguments; *at != '\0'; at++) {
            if (at != shape->arguments)
                fprintf(to, ",");
            print_argument(to, event, *at);
        }
        fprintf(to, ")|t.c:%zu\n", i);
    }
}
