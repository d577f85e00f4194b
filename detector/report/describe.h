/* The words for the parts of a race, shared by the text, the JSON and the advice. */
#ifndef REPORT_DESCRIBE_H
#define REPORT_DESCRIBE_H

#include "report/arena.h"
#include "report/model.h"

extern const char *const op_names[];          // by enum access_op
extern const char *const strand_kind_names[]; // by enum strand_kind
extern const char *const memory_kind_names[]; // by enum memory_kind

/* "main goroutine", "goroutine 7", "thread 4711", … */
const char *describe_strand(struct arena *arena, const struct cast *cast, uint64_t id);

/* Whose thread-local storage MEMORY is: "main thread", "thread 4711", … */
const char *describe_thread(struct arena *arena, const struct cast *cast,
                            const struct memory *memory);

/* "pthread_mutex 'table.locks[3]'", or with an address where it has no name. */
const char *describe_lock(struct arena *arena, const char *kind, uint64_t addr,
                          const struct memory *memory);

/* What ACCESS did to MEMORY: "write", "atomic read", "free"; "use", "close". */
const char *describe_op(const struct memory *memory, const struct access *access);

/* True where a goroutine takes part: advice then speaks of goc's means. */
bool has_goroutines(const struct cast *cast);

/* What would order the two accesses, as one sentence without its full stop. */
const char *describe_cure(struct arena *arena, const struct race *race);

#endif
