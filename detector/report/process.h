/* The processes a log speaks of, and the files that were loaded in each.
 *
 * A pid names a process until a detector says "start" a second time for it: then the log
 * holds a later run, and the pid means a new process from that line on.
 */
#ifndef REPORT_PROCESS_H
#define REPORT_PROCESS_H

#include "report/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who writes records; a set of them is an unsigned with bit 1 << detector. */
enum detector { DETECTOR_GOC, DETECTOR_TSAN, DETECTOR_COUNT };
extern const char *const detector_names[DETECTOR_COUNT];

/* The detector called NAME, DETECTOR_COUNT for none. */
enum detector detector_by_name(const char *name);

struct module {
    const char *path;
    const char *build_id; // lower-case hex, NULL where the file has none
};

struct process {
    uint64_t pid;
    unsigned started;    // set of the detectors that said "start"
    const char *exe;     // NULL before "start"
    const char *cwd;     // NULL before "start"
    const char *command; // argv joined by spaces, NULL before "start"
    struct module *modules;
    size_t module_count; // ids are below; an id never told of has path NULL
    struct process *older;
};

struct processes {
    struct arena *arena;
    struct process *newest;
};

/* The process that PID means now, made where there is none. */
struct process *process_get(struct processes *processes, uint64_t pid);

/* PID's "start" by DETECTOR; a new process if that detector has started it before. */
struct process *process_start(struct processes *processes, uint64_t pid,
                              enum detector detector);

/* Module ID of PROCESS is PATH.  False where that id is another file already. */
bool process_add_module(struct process *process, size_t id, const char *path,
                        const char *build_id);

/* Module ID, NULL where no module line told of it. */
const struct module *process_module(const struct process *process, int64_t id);

/* True where one process at least was watched by a detector. */
bool processes_any_started(const struct processes *processes);

/* Forgets all of them; what they point to is the arena's. */
void processes_fini(struct processes *processes);

#endif
