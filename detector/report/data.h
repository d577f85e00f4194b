/* An address of static or thread-local data, or of a frame → the variable, and which part of it. */
#ifndef REPORT_DATA_H
#define REPORT_DATA_H

#include "report/arena.h"
#include "report/image.h"
#include "report/model.h"

/* The variable of IMAGE that covers ADDRESS; SIZE bytes there were accessed, which picks
 * the member that PATH names.  All fields unset where nobody knows. */
struct variable data_variable(struct arena *arena, struct image *image, uint64_t address,
                              uint64_t size);

/* The same for what is OFFSET bytes into the storage that each thread has of IMAGE. */
struct variable data_thread_local(struct arena *arena, struct image *image,
                                  uint64_t offset, uint64_t size);

/* The same for what is on the stack: BELOW bytes below the return address of the function
 * that has the code at ADDRESS. */
struct variable data_local(struct arena *arena, struct image *image, uint64_t address,
                           uint64_t below, uint64_t size);

#endif
