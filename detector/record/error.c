/* Composing errors, each once. */
#include "record/error.h"

#include "base/atomic.h"
#include "base/bytes.h"
#include "base/flags.h"
#include "base/sys.h"
#include "record/compose.h"
#include "record/modules.h"

#define DETECTOR "goc"
#define TABLE_SIZE (UINT64_C(2) * RACE_ERRORS_MAX) // half empty at the least

/* Frames of a stack, so that a line keeps to RACE_RECORD_LINE_MAX: tried in order. */
static const size_t frames_tried[] = {4096, 256, 16};

static struct race__line line;     // the journal's lock
static uint64_t table[TABLE_SIZE]; // the journal's lock: names of those written, 0 free
static uint32_t count;             // atomic: writes under the journal's lock

/* Knuth's 2^64 / phi, and a turn, so that sums of these are different for different sets. */
static uint64_t mix(uint64_t value)
{
    value = (value + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return (value ^ value >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* The same kind with the same stacks, wherever a circle of them begins. */
static uint64_t name_of(const struct race__error *error)
{
    uint64_t name = mix((uintptr_t)error->kind);
    for (size_t i = 0; i < error->step_count; i++)
        name +=
            mix((uint64_t)error->steps[i].leaf << 8 | (uint8_t)error->steps[i].what[0]);
    return name == 0 ? 1 : name;
}

/* The journal's lock is held. */
static bool add(uint64_t name)
{
    uint64_t at = mix(name);
    if (load_relaxed(&count) == RACE_ERRORS_MAX)
        return false;
    for (;; at++) {
        uint64_t *place = &table[at % TABLE_SIZE];
        if (*place == name)
            return false;
        if (*place == 0) {
            *place = name;
            store_relaxed(&count, load_relaxed(&count) + 1);
            return true;
        }
    }
}

static bool named_before(const struct race__error *error, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (error->steps[i].lock == error->steps[index].lock)
            return true;
    return error->steps[index].lock == 0;
}

static void compose(const struct race__error *error, size_t frames_max)
{
    bool later = false;
    race__journal_begin(&line, "error", DETECTOR);
    line.frames_max = frames_max;
    race__text_string(&line.text, ",\"kind\":");
    race__text_json(&line.text, error->kind);
    race__text_string(&line.text, ",\"message\":");
    race__text_json(&line.text, error->message);
    race__text_string(&line.text, ",\"locks\":[");
    for (size_t i = 0; i < error->step_count; i++) {
        if (named_before(error, i))
            continue;
        race__text_string(&line.text, later ? "," : "");
        race__compose_lock(&line, &error->steps[i]);
        later = true;
    }
    race__text_string(&line.text, "],\"steps\":[");
    for (size_t i = 0; i < error->step_count; i++) {
        race__text_string(&line.text, i == 0 ? "" : ",");
        race__compose_step(&line, &error->steps[i]);
    }
    race__text_string(&line.text, "],\"strands\":");
    race__compose_strands(&line);
    race__text_char(&line.text, '}');
}

void race__record_error(const struct race__error *error)
{
    race__journal_lock();
    if (add(name_of(error))) {
        race__modules_refresh();
        for (size_t i = 0; i < sizeof frames_tried / sizeof frames_tried[0]; i++) {
            compose(error, frames_tried[i]);
            if (!line.text.full)
                break;
        }
        race__journal_write(&line);
    }
    race__journal_unlock();
    if (race__flags.halt_on_error != 0)
        race__record_halt();
}

void race__record_halt(void)
{
    race__journal_end(race__flags.exitcode);
    race__exit_process(race__flags.exitcode);
}

uint32_t race__error_count(void)
{
    return load_relaxed(&count);
}

void race__errors_forked(void)
{
    if (load_relaxed(&count) != 0)
        race__clear(table, sizeof table);
    store_relaxed(&count, 0);
}
