#include "debug/frames.h"

#include "os/context.h"
#include "os/pages.h"

#include <dlfcn.h>
#include <string.h>
#include <ucontext.h>
#include <unwind.h>

/* In the process already where something else needs them: C++, a sanitizer. */
extern _Unwind_Reason_Code _Unwind_Backtrace(_Unwind_Trace_Fn, void *)
    __attribute__((__weak__));
extern _Unwind_Ptr _Unwind_GetIP(struct _Unwind_Context *) __attribute__((__weak__));

/* Both const after goc__frames_prepare. */
static _Unwind_Reason_Code (*backtrace)(_Unwind_Trace_Fn, void *);
static _Unwind_Ptr (*instruction)(struct _Unwind_Context *);

void goc__frames_prepare(void)
{
    if (backtrace != NULL)
        return;
    if (_Unwind_GetIP != NULL && _Unwind_Backtrace != NULL) {
        instruction = _Unwind_GetIP;
        backtrace = _Unwind_Backtrace;
        return;
    }
    void *library = dlopen("libgcc_s.so.1", RTLD_NOW);
    if (library == NULL)
        return;
    *(void **)&instruction = dlsym(library, "_Unwind_GetIP");
    if (instruction != NULL)
        *(void **)&backtrace = dlsym(library, "_Unwind_Backtrace");
}

static void clear(struct frames *frames)
{
    frames->count = 0;
    frames->cut = false;
    frames->interrupted = false;
}

static void add(struct frames *frames, const void *address)
{
    if (frames->count == FRAMES_MAX)
        frames->cut = true;
    else
        frames->addresses[frames->count++] = address;
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *argument)
{
    struct frames *frames = argument;
    const void *address = (const void *)instruction(context);
    if (address == NULL)
        return _URC_END_OF_STACK;
    add(frames, address);
    return frames->cut ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/* What a frame pointer points at. */
struct frame {
    uintptr_t caller; /* its frame pointer */
    uintptr_t returns_to;
};

/* Between two frames of a thread's whose stack's bounds nobody knows: an eighth of the usual limit
 * of a stack, more than any frame but one with a buffer that nobody should have there. */
#define FRAME_MOST ((uintptr_t)1 << 20)

/* The frame at FP, if that can be one on G's stack.  Of a thread of the program's own nobody knows
 * where its stack is: the kernel says whether there is memory, and PREVIOUS, a place on the stack
 * further in, that it is not far away. */
static bool read_frame(const struct g *g, uintptr_t fp, uintptr_t previous,
                       struct frame *frame)
{
    if (fp % sizeof fp != 0)
        return false;
    if (g == NULL || g->stack_high == NULL)
        return fp > previous && fp - previous <= FRAME_MOST &&
               goc__pages_read((const void *)fp, frame, sizeof *frame);
    if (fp < (uintptr_t)g->stack_low || fp + sizeof *frame > (uintptr_t)g->stack_high)
        return false;
    *frame = *(const struct frame *)fp;
    return true;
}

/* Along the frame pointers from FP; SP is a place on the stack further in. */
static void walk(const struct g *g, uintptr_t sp, uintptr_t fp, struct frames *frames)
{
    struct frame frame;
    while (!frames->cut && read_frame(g, fp, sp, &frame) && frame.returns_to != 0) {
        add(frames, (const void *)frame.returns_to);
        if (frame.caller <= fp)
            break;
        sp = fp;
        fp = frame.caller;
    }
}

NOINLINE void goc__frames_here(const struct g *g, struct frames *frames)
{
    clear(frames);
    if (backtrace != NULL)
        backtrace(visit, frames);
    else
        walk(g, (uintptr_t)&frames, (uintptr_t)__builtin_frame_address(0), frames);
}

static void unwind_parked(void *frames)
{
    backtrace(visit, frames);
}

void goc__frames_parked(const struct g *g, struct frames *frames)
{
    clear(frames);
    const struct context_frame *saved = g->context.sp;
    if (g->kind == G_THREAD)
        return;
    if (saved == NULL) { /* it has not begun: where it will */
        if (g->entry != NULL)
            add(frames, (const void *)((uintptr_t)g->entry + 1));
        return;
    }
    if (backtrace != NULL) {
        goc__context_call_on(&g->context, unwind_parked, frames);
        return;
    }
    goc__frames_walk(g, frames);
}

void goc__frames_walk(const struct g *g, struct frames *frames)
{
    clear(frames);
    const struct context_frame *saved = g->context.sp;
    if (g->kind == G_THREAD || saved == NULL)
        return;
    add(frames, (const void *)saved->rip);
    walk(g, (uintptr_t)saved, saved->rbp, frames);
}

/* Is ADDRESS in a module?  Code that a program makes itself is not; it has frames all the same. */
static bool is_code(uintptr_t address)
{
    Dl_info info;
    return dladdr((const void *)address, &info) != 0;
}

/* Take the frames of the handler, which lie before INSTRUCTION, off.  False: it is not there. */
static bool drop_handler(struct frames *frames, const void *interrupted)
{
    uint32_t first = 0;
    while (first < frames->count && frames->addresses[first] != interrupted)
        first++;
    if (first == frames->count)
        return false;
    frames->count -= first;
    memmove((void *)frames->addresses, (const void *)&frames->addresses[first],
            frames->count * sizeof frames->addresses[0]);
    return true;
}

void goc__frames_pointed(const struct g *g, const void *context, struct frames *frames)
{
    const ucontext_t *machine = context;
    uintptr_t sp = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
    uintptr_t pc = (uintptr_t)machine->uc_mcontext.gregs[REG_RIP];
    clear(frames);
    add(frames, (const void *)pc);
    /* A call to where no code is has made no frame: its return address is on top. */
    bool on_stack = g != NULL && sp >= (uintptr_t)g->stack_low &&
                    sp + sizeof(uintptr_t) <= (uintptr_t)g->stack_high;
    if (on_stack && !is_code(pc) && is_code(*(const uintptr_t *)sp))
        add(frames, *(const void *const *)sp);
    walk(g, sp - 1, (uintptr_t)machine->uc_mcontext.gregs[REG_RBP], frames);
    frames->interrupted = true;
}

void goc__frames_interrupted(const struct g *g, const void *context,
                             struct frames *frames)
{
    const ucontext_t *machine = context;
    const void *interrupted = (const void *)machine->uc_mcontext.gregs[REG_RIP];
    clear(frames);
    if (backtrace != NULL)
        backtrace(visit, frames);
    /* It knows no frame of what is no code, and ends there. */
    if (drop_handler(frames, interrupted) && frames->count > 1)
        frames->interrupted = true;
    else
        goc__frames_pointed(g, context, frames);
}
