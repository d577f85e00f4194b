/* Places in files → functions, lines and variables, each looked up once.
 *
 * A file that is missing, unreadable or not the one that ran (another build id) is said
 * once; its places then keep module and offset, which is never wrong.
 */
#ifndef REPORT_SYMBOLIZE_H
#define REPORT_SYMBOLIZE_H

#include "report/code.h"
#include "report/member.h"
#include "report/model.h"
#include "report/process.h"

struct known_module;

struct symbolizer {
    struct arena *arena; // answers are allocated here
    struct known_module *modules;
};

/* The frames of OFFSET in the file PATH, which must have BUILD_ID unless that is NULL.
 * At least one frame.  PATH NULL: code in no file. */
struct frame_list symbolize_code(struct symbolizer *symbolizer, const char *path,
                                 const char *build_id, uint64_t offset);

/* The variable that the SIZE bytes at OFFSET belong to. */
struct variable symbolize_data(struct symbolizer *symbolizer, const char *path,
                               const char *build_id, uint64_t offset, uint64_t size);

/* The same for OFFSET bytes into the storage that each thread has of the file. */
struct variable symbolize_thread_local(struct symbolizer *symbolizer, const char *path,
                                       const char *build_id, uint64_t offset,
                                       uint64_t size);

/* The variable of the function at OFFSET that the SIZE bytes belong to which begin BELOW bytes
 * below the function's return address, on the stack. */
struct variable symbolize_local(struct symbolizer *symbolizer, const char *path,
                                const char *build_id, uint64_t offset, uint64_t below,
                                uint64_t size);

/* What the code at OFFSET, whose innermost frame is PLACE, accesses as PART of a block. */
struct part symbolize_member(struct symbolizer *symbolizer, const char *path,
                             const char *build_id, uint64_t offset,
                             const struct frame *place, const struct block_part *part);

void symbolizer_fini(struct symbolizer *symbolizer);

#endif
