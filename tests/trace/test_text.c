/* Traces written by hand: test_text FILE…, each with what it must show.
 *
 * Beside events a file has lines `# …`, empty ones, and
 *   expect: none                   nothing races
 *   expect: races WHERE WHERE      these two do; all pairs that race are listed
 *   T0 alone                       nobody lives beside T0 but those of the trace
 * A line `---` ends a trace and begins another.
 */
#include "compare.h"
#include "generate.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 256
#define PAIRS_MAX 64

struct pair {
    uint16_t first; // the lower number
    uint16_t second;
};

struct pairs {
    size_t count;
    struct pair pair[PAIRS_MAX];
};

/* A trace of a file, as far as it has been read. */
struct reading {
    const char *file;
    unsigned line;
    struct trace trace;
    struct trace_places places;
    struct pairs expected;
    bool expects; // anything, if only none
};

static struct pairs reported;
static int status = EXIT_SUCCESS;

static bool has(const struct pairs *pairs, struct pair pair)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->pair[i].first == pair.first && pairs->pair[i].second == pair.second)
            return true;
    return false;
}

static void add(struct pairs *pairs, uint16_t a, uint16_t b)
{
    struct pair pair = {a < b ? a : b, a < b ? b : a};
    if (!has(pairs, pair) && pairs->count < PAIRS_MAX)
        pairs->pair[pairs->count++] = pair;
}

static void report(uint16_t where, uint16_t prior)
{
    add(&reported, where, prior);
}

static void complain(const struct reading *reading, const char *what)
{
    printf("%s:%u: %s\n", reading->file, reading->line, what);
    status = EXIT_FAILURE;
}

static void complain_of_pair(const struct reading *reading, struct pair pair,
                             const char *what)
{
    printf("%s:%u: %s %s and %s\n", reading->file, reading->line, what,
           reading->places.word[pair.first], reading->places.word[pair.second]);
    status = EXIT_FAILURE;
}

/* The trace is complete: it happens. */
static void finish(struct reading *reading)
{
    if (reading->trace.count == 0)
        return;
    if (!reading->expects)
        complain(reading, "the trace says not what it expects");
    if (!generate_is_valid(&reading->trace))
        complain(reading, "the trace could not have happened");
    reported.count = 0;
    struct compare_result result = compare(&reading->trace, report);
    if (result.differs)
        complain(reading, result.what);
    for (size_t i = 0; i < reading->expected.count; i++)
        if (!has(&reported, reading->expected.pair[i]))
            complain_of_pair(reading, reading->expected.pair[i], "no race reported of");
    for (size_t i = 0; i < reported.count; i++)
        if (!has(&reading->expected, reported.pair[i]))
            complain_of_pair(reading, reported.pair[i], "unexpected race reported of");
    *reading = (struct reading){.file = reading->file, .line = reading->line};
}

static void read_expectation(struct reading *reading, char *text)
{
    const char *words[3] = {NULL};
    char *rest = NULL;
    for (int i = 0; i < 3; i++)
        words[i] = strtok_r(i == 0 ? text : NULL, " ", &rest);
    reading->expects = true;
    if (words[0] != NULL && strcmp(words[0], "none") == 0)
        return;
    if (words[0] == NULL || words[2] == NULL || strcmp(words[0], "races") != 0)
        complain(reading, "not an expectation");
    else
        add(&reading->expected, trace_place(&reading->places, words[1]),
            trace_place(&reading->places, words[2]));
}

static void read_line(struct reading *reading, char *line)
{
    static const char expect[] = "expect:";
    const char *why;
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return;
    if (strcmp(line, "---") == 0)
        finish(reading);
    else if (strcmp(line, "T0 alone") == 0)
        reading->trace.alone = true;
    else if (strncmp(line, expect, sizeof expect - 1) == 0)
        read_expectation(reading, line + sizeof expect - 1);
    else if (!trace_parse(&reading->trace, &reading->places, line, &why))
        complain(reading, why);
}

int main(int count, char **files)
{
    static struct reading reading;
    char line[LINE_MAX_BYTES];
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(files[i], "r");
        reading = (struct reading){.file = files[i]};
        if (file == NULL) {
            complain(&reading, "cannot be opened");
            continue;
        }
        for (; fgets(line, sizeof line, file) != NULL; reading.line++)
            read_line(&reading, line);
        finish(&reading);
        fclose(file);
    }
    return count > 1 ? status : EXIT_FAILURE;
}
