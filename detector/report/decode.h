/* One JSON object of a log → the structs of model.h, checked on the way. */
#ifndef REPORT_DECODE_H
#define REPORT_DECODE_H

#include "report/fields.h"
#include "report/model.h"
#include "report/process.h"

enum record_type { RECORD_START, RECORD_MODULE, RECORD_RACE, RECORD_ERROR, RECORD_END };

struct record {
    enum record_type type;
    struct process *process;
    union {
        struct race race;
        struct error error;
    };
};

/* Decodes JSON, which has the record version this reader knows.  "start" and "module"
 * change PROCESSES and live in its arena, everything else lives in ARENA.  False where
 * the record is faulty: fields->fault says how. */
bool decode(struct fields *fields, struct arena *arena, struct processes *processes,
            const json_t *json, struct record *record);

#endif
