/* Random traces through the detector and the specification.
 *
 * test_random [TRACES [SEED]]: so many, from that seed on.  A trace that differs is shrunk and
 * printed; every rule of the algorithm must have applied somewhere, or nothing was tested.
 */
#include "check/rules.h"
#include "compare.h"
#include "entry/reread.h"
#include "generate.h"
#include "state/slab.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define TRACES 20000
#define SEED 1
#define REREAD_SHARE 8   // as in programs
#define LEAK_TRACES 2000 // after so many, objects in use have found their level

static int differ(struct trace *trace, uint64_t seed, const struct compare_result *result)
{
    printf("trace of seed %" PRIu64 " differs: %s\n", seed, result->what);
    compare_shrink(trace);
    struct compare_result shrunk = compare(trace, NULL);
    printf("shrunk to %zu events, differs at %zu: %s\n", trace->count, shrunk.event,
           shrunk.what);
    printf("variables at offset %u%s%s\n", trace->offset,
           trace->alone ? ", T0 the first strand" : "",
           trace->whole != 0 ? ", reads of all are of whole KiBs" : "");
    trace_print(stdout, trace);
    return EXIT_FAILURE;
}

static int check_rules(void)
{
    int status = EXIT_SUCCESS;
    for (int rule = RACE_NO_RULE + 1; rule < RACE_RULE_COUNT; rule++) {
        uint64_t count = race__rule_counts[rule];
        printf("%12" PRIu64 " %s\n", count, race__rule_name((enum race__rule)rule));
        if (count == 0)
            status = EXIT_FAILURE;
    }
    if (status != EXIT_SUCCESS)
        printf("a rule never applied\n");
    return status;
}

int main(int count, char **arguments)
{
    uint64_t traces = count > 1 ? strtoull(arguments[1], NULL, 10) : TRACES;
    uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 10) : SEED;
    uint64_t accesses = 0;
    uint64_t racing = 0;
    uint64_t level = 0;
    static struct trace trace;
    for (uint64_t i = 0; i < traces; i++) {
        race__rules_counted = i % 2 == 0; // counting leaves the short ways out
        race__reread_share = i % 4 == 1 ? 1 : REREAD_SHARE;
        generate(&trace, seed + i);
        struct compare_result result = compare(&trace, NULL);
        if (result.differs)
            return differ(&trace, seed + i, &result);
        accesses += trace.count;
        racing += result.races;
        if (i == LEAK_TRACES)
            level = race__slab_in_use();
    }
    printf("%" PRIu64 " traces from seed %" PRIu64 ": %" PRIu64 " events, %" PRIu64
           " racing accesses; %" PRIu64 " kB of objects after %d traces, %" PRIu64
           " at the end\n",
           traces, seed, accesses, racing, level / 1024, LEAK_TRACES,
           race__slab_in_use() / 1024);
    return check_rules();
}
