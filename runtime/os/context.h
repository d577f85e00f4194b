/* Stack switching on amd64.
 *
 * A context that is not running is its stack pointer; everything else that the ABI makes
 * the callee keep lies on the stack under it, as struct context_frame says: six registers
 * and the control words of SSE and x87, so that a goroutine's rounding mode stays its
 * own. The signal mask, errno and thread-local objects belong to threads and stay behind.
 */
#ifndef GOC_OS_CONTEXT_H
#define GOC_OS_CONTEXT_H

/* Offsets into struct context_frame, for context_amd64.S; checked below. */
#define CONTEXT_FRAME_MXCSR 0
#define CONTEXT_FRAME_X87 4
#define CONTEXT_FRAME_R15 8
#define CONTEXT_FRAME_R14 16
#define CONTEXT_FRAME_R13 24
#define CONTEXT_FRAME_R12 32
#define CONTEXT_FRAME_RBX 40
#define CONTEXT_FRAME_RBP 48
#define CONTEXT_FRAME_RIP 56
#define CONTEXT_FRAME_BYTES 64

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

struct context {
    struct context_frame *sp; /* of a context that is not running */
};

struct context_frame {
    uint32_t mxcsr;
    uint16_t x87;
    uint16_t unused;
    uint64_t r15;
    uint64_t r14;
    uint64_t r13;
    uint64_t r12;
    uint64_t rbx;
    uint64_t rbp;
    uint64_t rip;
};

_Static_assert(offsetof(struct context_frame, mxcsr) == CONTEXT_FRAME_MXCSR, "");
_Static_assert(offsetof(struct context_frame, x87) == CONTEXT_FRAME_X87, "");
_Static_assert(offsetof(struct context_frame, r15) == CONTEXT_FRAME_R15, "");
_Static_assert(offsetof(struct context_frame, r14) == CONTEXT_FRAME_R14, "");
_Static_assert(offsetof(struct context_frame, r13) == CONTEXT_FRAME_R13, "");
_Static_assert(offsetof(struct context_frame, r12) == CONTEXT_FRAME_R12, "");
_Static_assert(offsetof(struct context_frame, rbx) == CONTEXT_FRAME_RBX, "");
_Static_assert(offsetof(struct context_frame, rbp) == CONTEXT_FRAME_RBP, "");
_Static_assert(offsetof(struct context_frame, rip) == CONTEXT_FRAME_RIP, "");
_Static_assert(sizeof(struct context_frame) == CONTEXT_FRAME_BYTES, "");

/* Save the caller's context in FROM and go on with TO; returns when somebody switches to
 * FROM, perhaps on another thread. */
void goc__context_switch(struct context *from, const struct context *to);

/* Where a jump may be written (os/toggle.h), to hear of all switches: over the first five bytes
 * of goc__context_switch, to a function of the same arguments that calls the plain one; and
 * over the five bytes at goc__context_begin, where a made context first runs, to code
 * that goes on at goc__context_begun. */
void goc__context_switch_plain(struct context *from, const struct context *to);
void goc__context_begin(void);
void goc__context_begun(void);

/* Make CONTEXT start ENTRY, which never returns, on the stack that ends below TOP.
 * TOP  16-byte aligned. */
void goc__context_make(struct context *context, char *top, void (*entry)(void));

/* Call FUNCTION(ARGUMENT) on the caller's stack, but so that an unwinder sees CONTEXT,
 * which does not run, as the caller. */
void goc__context_call_on(const struct context *context, void (*function)(void *),
                          void *argument);

/* Call FUNCTION(ARGUMENT) on the stack that ends below TOP; unwinders and frame pointers lead from
 * there to the caller. */
void goc__context_call_below(char *top, void (*function)(void *), void *argument);

#endif
#endif
