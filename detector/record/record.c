/* Composing and writing lines, one race at a time. */
#include "record/record.h"

#include "base/flags.h"
#include "base/sys.h"
#include "record/compose.h"
#include "record/modules.h"
#include "record/seen.h"
#include "state/slot.h"
#include "state/strand.h"

#define DETECTOR "goc"
/* Frames of a stack, so that a line keeps to RACE_RECORD_LINE_MAX: tried in order. */
static const size_t frames_tried[] = {16384, 1024, 64};

static struct race__line line; // the journal's lock

/* The bytes that both accesses touched are what the earlier one is said to have touched:
 * its mark may stand for several accesses of the same place in the code. */
static void compose_prior(const struct race__access *access,
                          const struct race__conflict *conflict)
{
    uintptr_t end = access->addr + access->size;
    uintptr_t word_end = conflict->word + RACE_WORD_SIZE;
    uintptr_t from = access->addr > conflict->word ? access->addr : conflict->word;
    uintptr_t to = end < word_end ? end : word_end;
    uint64_t touched = race__tag_bytes(from, to - from) & conflict->prior.tag;
    unsigned set = (unsigned)(touched >> RACE_TAG_BYTES_SHIFT) & 0xff;
    unsigned first = (unsigned)__builtin_ctz(set | 0x100);
    unsigned last = 31 - (unsigned)__builtin_clz(set | 1);
    race__compose_access(&line, conflict->word + first, last - first + 1,
                         conflict->prior.tag,
                         race__birth_of((race__epoch){conflict->prior.epoch}));
}

static void compose(const struct race__access *access,
                    const struct race__conflict *conflict, size_t frames_max)
{
    race__journal_begin(&line, "race", DETECTOR);
    line.frames_max = frames_max;
    if (conflict->after_free)
        race__text_string(&line.text, ",\"kind\":\"use-after-free\"");
    race__text_string(&line.text, ",\"accesses\":[");
    race__compose_access(&line, access->addr, access->size, access->tag,
                         race__birth_of(access->epoch));
    race__text_char(&line.text, ',');
    compose_prior(access, conflict);
    race__text_string(&line.text, "],\"memory\":");
    race__compose_memory(&line,
                         access->addr > conflict->word ? access->addr : conflict->word);
    race__text_string(&line.text, ",\"strands\":");
    race__compose_strands(&line);
    race__text_char(&line.text, '}');
}

static void write_race(const struct race__access *access,
                       const struct race__conflict *conflict)
{
    race__modules_refresh();
    for (size_t i = 0; i < sizeof frames_tried / sizeof frames_tried[0]; i++) {
        compose(access, conflict, frames_tried[i]);
        if (!line.text.full)
            break;
    }
    race__journal_write(&line);
}

void race__record(const struct race__access *access)
{
    uint32_t count = race__slots_mixed() ? 0 : access->conflicts.count;
    for (uint32_t i = 0; i < count; i++) {
        const struct race__conflict *conflict = &access->conflicts.conflict[i];
        uint32_t leaf = race__tag_leaf(access->tag);
        uint32_t other = race__tag_leaf(conflict->prior.tag);
        if (race__seen(leaf, other))
            continue;
        race__journal_lock();
        if (race__seen_add(leaf, other))
            write_race(access, conflict);
        race__journal_unlock();
    }
    if (race__flags.halt_on_error != 0 && race__seen_count() != 0) {
        race__journal_end(race__flags.exitcode);
        race__exit_process(race__flags.exitcode);
    }
}

uint32_t race__record_count(void)
{
    return race__seen_count();
}
