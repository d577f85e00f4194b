#include "report/report.h"

#include "report/command.h"
#include "report/complain.h"
#include "report/json.h"
#include "report/reader.h"
#include "report/resolve.h"

#include <goc/race_record.h>
#include <unistd.h>

struct error_list {
    struct error error;
    struct error_list *next;
};

void report_init(struct report *report, FILE *out, enum report_format format, bool live)
{
    *report = (struct report){.format = format, .live = live, .out = out};
    report->processes.arena = &report->lasting;
    report->symbolizer.arena = &report->lasting;
    report->set.arena = &report->lasting;
    report->errors_end = &report->errors;
    text_init(&report->text, &report->lasting, out);
}

static void print_race(struct report *report, const struct distinct *distinct)
{
    if (report->format == FORMAT_JSON)
        json_race(report->out, &report->lasting, distinct);
    else
        text_race(&report->text, distinct);
}

static void print_error(struct report *report, const struct error *error)
{
    if (report->format == FORMAT_JSON)
        json_error(report->out, &report->lasting, error);
    else
        text_error(&report->text, error);
}

static bool more_than_one(unsigned set)
{
    return (set & (set - 1)) != 0;
}

/* Prints the races from UNPRINTED on. */
static void print_races(struct report *report)
{
    struct distinct *distinct = report->unprinted;
    for (; distinct; distinct = distinct->next)
        print_race(report, distinct);
    report->unprinted = NULL;
}

static void add_race(struct report *report, struct race *race, struct arena_mark mark)
{
    bool kept = false;
    resolve_race(race, &report->records, &report->symbolizer);
    struct race *copy = arena_alloc(&report->records, sizeof *copy);
    *copy = *race;
    struct distinct *distinct = distinct_add(&report->set, copy, &kept);
    if (!kept)
        arena_rewind(&report->records, mark);
    if (distinct->sightings == 1 && !report->unprinted)
        report->unprinted = distinct;
    if (report->live && !more_than_one(race->process->started))
        print_races(report);
}

static void add_error(struct report *report, struct error *error)
{
    resolve_error(error, &report->records, &report->symbolizer);
    report->finding_count += error->step_count > 0;
    if (report->live) {
        print_error(report, error);
        return;
    }
    struct error_list *entry = arena_alloc(&report->records, sizeof *entry);
    entry->error = *error;
    *report->errors_end = entry;
    report->errors_end = &entry->next;
}

void report_read(struct report *report, int fd, const char *name)
{
    struct reader reader;
    struct record record;
    reader_init(&reader, &report->records, &report->processes, fd, name);
    struct arena_mark mark = arena_mark(&report->records);
    while (reader_next(&reader, &record)) {
        report->record_count++;
        if (record.type == RECORD_RACE)
            add_race(report, &record.race, mark);
        else if (record.type == RECORD_ERROR)
            add_error(report, &record.error);
        mark = arena_mark(&report->records);
    }
    report->fault_count += reader_fini(&reader);
}

void report_read_file(struct report *report, const char *path)
{
    const int fd = reader_open(path);
    if (fd < 0) {
        report->fault_count++;
        return;
    }
    const size_t records = report->record_count;
    const size_t faults = report->fault_count;
    report_read(report, fd, path);
    close(fd);
    if (report->record_count == records && report->fault_count == faults) {
        complain("%s: no race record in it", path);
        report->fault_count++;
    }
}

bool report_any_started(const struct report *report)
{
    return processes_any_started(&report->processes);
}

int report_finish(struct report *report)
{
    for (const struct error_list *entry = report->errors; entry; entry = entry->next)
        print_error(report, &entry->error);
    print_races(report);
    const size_t races = report->set.count;
    const size_t findings = report->finding_count;
    if (races + findings > 0 && report->format == FORMAT_TEXT)
        text_summary(&report->text, races, findings);
    const bool faulty = report->fault_count > 0;
    distinct_fini(&report->set);
    symbolizer_fini(&report->symbolizer);
    processes_fini(&report->processes);
    arena_free(&report->records);
    arena_free(&report->lasting);
    if (races + findings > 0)
        return RACE_EXIT_STATUS;
    return faulty ? STATUS_UNREADABLE : STATUS_CLEAN;
}
