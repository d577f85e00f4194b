/* In which function's frame an address on a stack lies.
 *
 * A strand's open calls are known by their return addresses, not by where their frames
 * are.  But those addresses stand on the stack, each right above its function's saved frame
 * pointer: the first one above an address belongs to the function whose frame has it.
 */
#ifndef GOC_RECORD_FRAME_H
#define GOC_RECORD_FRAME_H

#include "state/strand.h"

struct race__place_frame {
    const void *returns_to; // the return address of the function; NULL: not found
    uint32_t below;         // bytes from the address up to where that stands
};

/* The frame of STRAND's that ADDR, on its stack, lies in.  STRAND may be running: what is
 * read may be old, and then it is not found or, at worst, another open call's.
 * Guard: the record room's lock. */
void race__frame_find(const goc_strand *strand, uintptr_t addr,
                      struct race__place_frame *frame);

#endif
