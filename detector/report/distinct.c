#include "report/distinct.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static void digest_text(XXH64_state_t *state, const char *text)
{
    if (text)
        XXH64_update(state, text, strlen(text));
    XXH64_update(state, "", 1); // the 0: "ab","c" is not "a","bc"
}

static const char *last_part(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static void digest_frame(XXH64_state_t *state, const struct frame *frame)
{
    digest_text(state, frame->function);
    if (frame->file) {
        const uint32_t place[] = {frame->line, frame->column};
        digest_text(state, frame->file);
        XXH64_update(state, place, sizeof place);
    } else {
        digest_text(state, last_part(frame->module));
        XXH64_update(state, &frame->offset, sizeof frame->offset);
    }
}

uint64_t stack_fingerprint(const struct stack *stack)
{
    if (stack->frame_count == 0)
        return 0;
    XXH64_state_t state;
    XXH64_reset(&state, 0);
    for (size_t i = 0; i < stack->frame_count; i++)
        digest_frame(&state, &stack->frames[i]);
    const uint64_t digest = XXH64_digest(&state);
    return digest ? digest : 1;
}

static struct stack_pair pair_of(const struct race *race)
{
    const uint64_t a = stack_fingerprint(&race->accesses[0].stack);
    const uint64_t b = stack_fingerprint(&race->accesses[1].stack);
    return a < b ? (struct stack_pair){a, b} : (struct stack_pair){b, a};
}

static bool is_whole(struct stack_pair pair)
{
    return pair.low != 0;
}

static bool same_memory(const struct race *a, const struct race *b)
{
    return a->process == b->process && a->accesses[0].addr == b->accesses[0].addr;
}

/* Rule 2 for the stacks: one of them is missing, and what both have is equal. */
static bool agree_partly(struct stack_pair a, struct stack_pair b)
{
    if (is_whole(a) && is_whole(b))
        return false;
    const struct stack_pair part = is_whole(a) ? b : a;
    const struct stack_pair other = is_whole(a) ? a : b;
    return part.high == 0 || part.high == other.high || part.high == other.low;
}

/* Code that the compiler made up or moved far has no line: it may be anywhere. */
static bool same_line(const struct stack *a, const struct stack *b)
{
    if (a->frame_count == 0 || b->frame_count == 0)
        return false;
    const struct frame *x = &a->frames[0];
    const struct frame *y = &b->frames[0];
    if (!x->line || !y->line)
        return true;
    return x->line == y->line && strcmp(x->file, y->file) == 0;
}

/* Rule 3 for the stacks. */
static bool same_lines(const struct race *a, const struct race *b)
{
    const struct access *x = a->accesses;
    const struct access *y = b->accesses;
    return (same_line(&x[0].stack, &y[0].stack) && same_line(&x[1].stack, &y[1].stack)) ||
           (same_line(&x[0].stack, &y[1].stack) && same_line(&x[1].stack, &y[0].stack));
}

static struct table_key key_of(struct stack_pair pair)
{
    return (struct table_key){.a = pair.low, .b = pair.high};
}

/* Rules 2 and 3. */
static struct distinct *find_alike(const struct distinct_set *set,
                                   const struct race *race, struct stack_pair pair)
{
    const unsigned detector = 1u << race->detector;
    for (struct distinct *known = set->first; known; known = known->next)
        if (same_memory(known->race, race) &&
            (agree_partly(known->pair, pair) ||
             (!(known->seen_by & detector) && same_lines(known->race, race))))
            return known;
    return NULL;
}

static struct distinct *add_new(struct distinct_set *set)
{
    struct distinct *distinct = arena_alloc(set->arena, sizeof *distinct);
    if (set->last)
        set->last->next = distinct;
    else
        set->first = distinct;
    set->last = distinct;
    set->count++;
    return distinct;
}

/* How much a sighting says: both stacks above all, then what memory it was; goc's own
 * records know locks and blocks best. */
static int worth(const struct race *race, struct stack_pair pair)
{
    return 4 * is_whole(pair) + 2 * (race->memory.kind != MEMORY_UNKNOWN) +
           (race->detector == DETECTOR_GOC);
}

struct distinct *distinct_add(struct distinct_set *set, const struct race *race,
                              bool *kept)
{
    const struct stack_pair pair = pair_of(race);
    const bool nameless = pair.high == 0; // neither stack: nothing to tell it by
    struct distinct *distinct = nameless ? NULL : table_get(&set->aliases, key_of(pair));
    if (!distinct) {
        distinct = find_alike(set, race, pair);
        if (!distinct)
            distinct = add_new(set);
        if (!nameless)
            table_put(&set->aliases, key_of(pair), distinct);
    }
    *kept = !distinct->race || worth(race, pair) > worth(distinct->race, distinct->pair);
    if (*kept) {
        distinct->race = race;
        distinct->pair = pair;
    }
    distinct->seen_by |= 1u << race->detector;
    distinct->sightings++;
    set->sightings++;
    return distinct;
}

uint64_t distinct_id(const struct distinct *distinct)
{
    XXH64_state_t state;
    XXH64_reset(&state, 0);
    XXH64_update(&state, &distinct->pair, sizeof distinct->pair);
    return XXH64_digest(&state);
}

void distinct_fini(struct distinct_set *set)
{
    table_fini(&set->aliases);
}
