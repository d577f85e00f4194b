/* Logs in, one report out: what every subcommand that reports goes through. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/distinct.h"
#include "report/symbolize.h"
#include "report/text.h"

#include <stdbool.h>
#include <stdio.h>

enum report_format { FORMAT_TEXT, FORMAT_JSON };

struct error_list; // errors that wait to be printed

struct report {
    enum report_format format;
    bool live; // print while reading what need not wait
    FILE *out;
    struct arena lasting; // processes, symbols, the set
    struct arena records; // races; one already known is rewound
    struct processes processes;
    struct symbolizer symbolizer;
    struct distinct_set set;
    struct distinct *unprinted; // first of the set that may not be printed yet
    struct error_list *errors;
    struct error_list **errors_end;
    struct text text;
    size_t record_count;
    size_t fault_count;   // lines and files that could not be read
    size_t finding_count; // errors of the program's beside races
};

/* A report to OUT.  With LIVE a race is printed when its record comes, unless two
 * detectors write: then the other's sighting is waited for, until report_finish. */
void report_init(struct report *report, FILE *out, enum report_format format, bool live);

/* Reads FD to its end; NAME is for complaints. */
void report_read(struct report *report, int fd, const char *name);

/* Reads the log PATH, "-" for standard input.  A file that cannot be read, or holds no
 * record, is a complaint and a fault. */
void report_read_file(struct report *report, const char *path);

/* Prints what is not printed yet and frees everything.  Returns the exit status: 66 after a
 * race, else 1 after a fault, else 0. */
int report_finish(struct report *report);

/* True where a detector has said that it watched a process. */
bool report_any_started(const struct report *report);

#endif
