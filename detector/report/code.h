/* An address of code → the functions and lines it belongs to. */
#ifndef REPORT_CODE_H
#define REPORT_CODE_H

#include "report/arena.h"
#include "report/image.h"
#include "report/model.h"

struct frame_list {
    size_t count; // at least 1
    const struct frame *frames;
};

/* The frames of ADDRESS in IMAGE, innermost first: one, and one more for each call that
 * the compiler inlined around it.  Without line information the one frame names the
 * symbol as far as there is one.  MODULE is the path to put in the frames. */
struct frame_list code_frames(struct arena *arena, struct image *image,
                              const char *module, uint64_t address);

#endif
