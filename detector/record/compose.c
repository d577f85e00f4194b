/* JSON, piece by piece. */
#include "record/compose.h"

#include "record/modules.h"
#include "record/place.h"
#include "state/context.h"
#include "state/lockset.h"
#include "state/strand.h"

static void text(struct race__line *line, const char *string)
{
    race__text_string(&line->text, string);
}

static void number(struct race__line *line, const char *key, uint64_t value)
{
    text(line, key);
    race__text_decimal(&line->text, value);
}

static void address(struct race__line *line, const char *key, uintptr_t value)
{
    text(line, key);
    text(line, "\"");
    race__text_hex(&line->text, value);
    text(line, "\"");
}

static void truth(struct race__line *line, const char *key, bool value)
{
    text(line, key);
    text(line, value ? "true" : "false");
}

/* The number of a strand, which the line must then describe. */
static void strand(struct race__line *line, const char *key, uint32_t birth)
{
    uint32_t i = 0;
    if (!race__birth_is_kept(birth))
        birth = 0;
    number(line, key, birth);
    while (i < line->strand_count && line->strands[i] != birth)
        i++;
    if (birth != 0 && i == line->strand_count && i < RACE_STRANDS_MAX)
        line->strands[line->strand_count++] = birth;
}

static void stack(struct race__line *line, const char *key, uint32_t leaf)
{
    if (line->leaf_count < RACE_LEAVES_MAX)
        line->leaves[line->leaf_count++] = leaf;
    text(line, key);
    text(line, "[");
    size_t frames = 0;
    for (uint32_t at = leaf; at != RACE_CONTEXT_ROOT && frames < line->frames_max;
         at = race__context_parent(at)) {
        if (frames++ != 0)
            text(line, ",");
        race__journal_frame(line, race__context_pc(at));
    }
    text(line, "]");
}

static void locks(struct race__line *line, uint32_t set)
{
    if (set == RACE_LOCKSET_LOST)
        return;
    text(line, ",\"locks\":[");
    for (uint32_t at = set; at != RACE_LOCKSET_NONE;) {
        const struct race__held *held = race__lockset_top(at);
        if (at != set)
            text(line, ",");
        address(line, "{\"addr\":", (uintptr_t)held->addr);
        text(line, ",\"kind\":");
        race__text_json(&line->text, held->kind);
        truth(line, ",\"exclusive\":", held->exclusive);
        text(line, ",\"memory\":");
        race__compose_memory(line, (uintptr_t)held->addr);
        stack(line, ",\"stack\":", held->leaf);
        text(line, "}");
        at = held->below;
    }
    text(line, "]");
}

static const char *op_of(uint64_t tag)
{
    if ((tag & RACE_TAG_FREE) != 0)
        return "free";
    return (tag & RACE_TAG_WRITE) != 0 ? "write" : "read";
}

void race__compose_access(struct race__line *line, uintptr_t addr, size_t size,
                          uint64_t tag, uint32_t birth)
{
    text(line, "{\"op\":\"");
    text(line, op_of(tag));
    truth(line, "\",\"atomic\":", (tag & RACE_TAG_ATOMIC) != 0);
    address(line, ",\"addr\":", addr);
    number(line, ",\"size\":", size);
    strand(line, ",\"strand\":", birth);
    stack(line, ",\"stack\":", race__tag_leaf(tag));
    locks(line, race__tag_lockset(tag));
    text(line, "}");
}

void race__compose_step(struct race__line *line, const struct race__step *step)
{
    text(line, "{\"what\":");
    race__text_json(&line->text, step->what);
    if (step->lock != 0) {
        address(line, ",\"lock\":", step->lock);
        truth(line, ",\"exclusive\":", step->exclusive);
    }
    if (step->count != 0)
        number(line, ",\"count\":", step->count);
    if (step->strand != 0)
        strand(line, ",\"strand\":", step->strand);
    stack(line, ",\"stack\":", step->leaf);
    text(line, "}");
}

void race__compose_lock(struct race__line *line, const struct race__step *step)
{
    address(line, "{\"addr\":", step->lock);
    text(line, ",\"kind\":");
    race__text_json(&line->text, step->kind);
    text(line, ",\"memory\":");
    race__compose_memory(line, step->lock);
    text(line, "}");
}

static void describe(struct race__line *line, uint32_t birth)
{
    static const char *const kinds[] = {
        [RACE_STRAND_MAIN] = "main",           [RACE_STRAND_MAIN_GOROUTINE] = "main",
        [RACE_STRAND_GOROUTINE] = "goroutine", [RACE_STRAND_THREAD] = "thread",
        [RACE_STRAND_SIGNAL] = "signal",
    };
    static const char *const names[] = {
        [RACE_STRAND_MAIN] = "\",\"tid\":",
        [RACE_STRAND_MAIN_GOROUTINE] = "\",\"goid\":",
        [RACE_STRAND_GOROUTINE] = "\",\"goid\":",
        [RACE_STRAND_THREAD] = "\",\"tid\":",
        [RACE_STRAND_SIGNAL] = "\",\"signal\":",
    };
    struct race__birth record = race__birth_at(birth);
    number(line, "{\"id\":", birth);
    text(line, ",\"kind\":\"");
    text(line, kinds[record.kind]);
    number(line, names[record.kind], record.name);
    if (race__birth_is_kept(record.parent))
        strand(line, ",\"parent\":", record.parent);
    stack(line, ",\"stack\":", record.leaf);
    text(line, "}");
}

void race__compose_strands(struct race__line *line)
{
    text(line, "[");
    for (uint32_t i = 0; i < line->strand_count; i++) { // grows by parents
        if (i != 0)
            text(line, ",");
        describe(line, line->strands[i]);
    }
    text(line, "]");
}

static void block(struct race__line *line, const struct race__block *block)
{
    text(line, "{\"kind\":");
    race__text_json(&line->text, race__block_kind(block));
    address(line, ",\"addr\":", block->addr);
    number(line, ",\"size\":", block->size);
    strand(line, ",\"strand\":", block->birth);
    stack(line, ",\"stack\":", block->leaf);
    if (block->freed) {
        strand(line, ",\"freed\":{\"strand\":", block->freed_birth);
        stack(line, ",\"stack\":", block->freed_leaf);
        text(line, "}");
    }
    text(line, "}");
}

static void descriptor(struct race__line *line, const struct race__place *place)
{
    number(line, "{\"kind\":\"" RACE_DESCRIPTOR "\",\"number\":", place->descriptor);
    if (place->block.size != 0) {
        strand(line, ",\"strand\":", place->block.birth);
        stack(line, ",\"stack\":", place->block.leaf);
    }
    text(line, "}");
}

/* A place inside the function that returns to PC, as a stack that begins at LEAF has it:
 * NULL where it has none. */
static const void *inside(uint32_t leaf, const void *pc)
{
    for (; leaf != RACE_CONTEXT_ROOT; leaf = race__context_parent(leaf)) {
        uint32_t parent = race__context_parent(leaf);
        if (parent != RACE_CONTEXT_ROOT && race__context_pc(parent) == pc)
            return race__context_pc(leaf);
    }
    return NULL;
}

/* The function in whose frame the memory is: by the stacks that the record has, and by where
 * its strands were created. */
static const void *frame_function(const struct race__line *line, const void *returns_to)
{
    const void *pc = NULL;
    if (returns_to == NULL)
        return NULL;
    for (uint32_t i = 0; i < line->leaf_count && pc == NULL; i++)
        pc = inside(line->leaves[i], returns_to);
    for (uint32_t i = 0; i < line->strand_count && pc == NULL; i++)
        pc = inside(race__birth_at(line->strands[i]).leaf, returns_to);
    return pc;
}

static void stack_memory(struct race__line *line, const struct race__place *place)
{
    strand(line, "{\"kind\":\"stack\",\"strand\":", place->birth);
    const void *pc = frame_function(line, place->frame.returns_to);
    if (pc != NULL) {
        text(line, ",\"frame\":");
        race__journal_frame(line, pc);
        number(line, ",\"below\":", place->frame.below);
    }
    text(line, "}");
}

static void storage(struct race__line *line, const struct race__place *place)
{
    text(line, "{\"kind\":\"tls\"");
    if (place->birth != 0)
        strand(line, ",\"strand\":", place->birth);
    else
        number(line, ",\"tid\":", place->tid);
    if (place->module != RACE_MODULE_NONE) {
        number(line, ",\"module\":", (uint64_t)place->module);
        address(line, ",\"offset\":", place->offset);
        line->modules[place->module] = true;
    }
    text(line, "}");
}

void race__compose_memory(struct race__line *line, uintptr_t addr)
{
    struct race__place place;
    race__place_of(addr, &place);
    switch (place.kind) {
    case RACE_PLACE_BLOCK:
        block(line, &place.block);
        break;
    case RACE_PLACE_DESCRIPTOR:
        descriptor(line, &place);
        break;
    case RACE_PLACE_GLOBAL:
        number(line, "{\"kind\":\"global\",\"module\":", (uint64_t)place.module);
        address(line, ",\"offset\":", place.offset);
        text(line, "}");
        line->modules[place.module] = true;
        break;
    case RACE_PLACE_STACK:
        stack_memory(line, &place);
        break;
    case RACE_PLACE_TLS:
        storage(line, &place);
        break;
    case RACE_PLACE_UNKNOWN:
        text(line, "{\"kind\":\"unknown\"}");
        break;
    }
}
