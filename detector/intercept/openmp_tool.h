/* The interface of OpenMP's tools, as far as it is used here (OpenMP 5.2, chapters 19 to 21):
 * numbers and types that every library of OpenMP that has tools agrees on.
 */
#ifndef GOC_INTERCEPT_OPENMP_TOOL_H
#define GOC_INTERCEPT_OPENMP_TOOL_H

#include "intercept/openmp.h"

#include <stddef.h>

enum { // callbacks
    RACE_OPENMP_ON_PARALLEL_BEGIN = 3,
    RACE_OPENMP_ON_PARALLEL_END = 4,
    RACE_OPENMP_ON_TASK_CREATE = 5,
    RACE_OPENMP_ON_TASK_SCHEDULE = 6,
    RACE_OPENMP_ON_IMPLICIT_TASK = 7,
    RACE_OPENMP_ON_SYNC_REGION_WAIT = 16,
    RACE_OPENMP_ON_DEPENDENCES = 18,
    RACE_OPENMP_ON_SYNC_REGION = 23
};

enum { RACE_OPENMP_BEGIN = 1, RACE_OPENMP_END = 2 };

enum { // kinds of sync regions; all others are barriers
    RACE_OPENMP_TASKWAIT = 5,
    RACE_OPENMP_TASKGROUP = 6,
    RACE_OPENMP_REDUCTION = 7
};

enum { // how a task comes to be scheduled away from
    RACE_OPENMP_TASK_COMPLETE = 1,
    RACE_OPENMP_TASK_CANCEL = 3,
    RACE_OPENMP_TASK_DETACH = 4,
    RACE_OPENMP_TASK_EARLY_FULFILL = 5,
    RACE_OPENMP_TASK_LATE_FULFILL = 6,
    RACE_OPENMP_TASKWAIT_COMPLETE = 8
};

enum { // dependences
    RACE_OPENMP_IN = 1,
    RACE_OPENMP_OUT = 2,
    RACE_OPENMP_SOURCE = 5,
    RACE_OPENMP_SINK = 6,
    RACE_OPENMP_INOUTSET = 7,
    RACE_OPENMP_ALL_MEMORY = 34 // this and what is above
};

struct race__openmp_dependence {
    union race__openmp_data variable;
    int type;
};

typedef void race__openmp_function(void);
typedef race__openmp_function *race__openmp_lookup(const char *name);

/* What a library of OpenMP asks a tool for when it starts. */
struct race__openmp_start {
    int (*initialize)(race__openmp_lookup *lookup, int device,
                      union race__openmp_data *data);
    void (*finalize)(union race__openmp_data *data);
    union race__openmp_data data;
};

/* What the library has for its tool.  Set once, when it starts. */
struct race__openmp_tool {
    int (*set_callback)(int which, race__openmp_function *callback);
    int (*parallel_info)(int level, union race__openmp_data **data, int *size);
    int (*task_memory)(void **block, size_t *size, int number);
};
extern struct race__openmp_tool race__openmp_tool;

/* The callbacks of openmp_tasks.c. */
void race__openmp_task_create(union race__openmp_data *creator, const void *frame,
                              union race__openmp_data *created, int flags,
                              int has_dependences, const void *pc);
void race__openmp_task_dependences(union race__openmp_data *data,
                                   const struct race__openmp_dependence *named,
                                   int count);
void race__openmp_task_schedule(union race__openmp_data *prior, int status,
                                union race__openmp_data *next);

#endif
