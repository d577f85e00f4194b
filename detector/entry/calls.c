/* The calling context of instrumented code.
 *
 * Open calls are return addresses on the strand's own stack of frames; a token is how many
 * there were, so that leaving a function, and coming back to one by longjmp, are stores.
 */
#include "entry/calls.h"

#include "entry/abi.h"
#include "entry/events.h"
#include "state/slab.h"
#include "state/strand.h"

uint32_t goc_race_func_enter(void *pc)
{
    goc_strand *strand = race__watched();
    return likely(strand != NULL) ? race__strand_push(strand, pc) : 0;
}

/* A token that is higher than the depth belongs to calls that were entered while the
 * thread had another strand, or none. */
void goc_race_func_exit(uint32_t token)
{
    goc_strand *strand = race__watched();
    if (likely(strand != NULL && token < strand->depth))
        strand->depth = token;
}

void goc_race_func_resume(uint32_t token, void *pc)
{
    goc_strand *strand = race__watched();
    if (strand == NULL)
        return;
    if (token < strand->depth)
        strand->depth = token;
    (void)race__strand_push(strand, pc);
}

uint32_t race__on_call_begin(const void *pc)
{
    return goc_race_func_enter((void *)(uintptr_t)pc);
}

void race__on_call_end(uint32_t token)
{
    goc_race_func_exit(token);
}

void race__calls_keep(struct race__calls *calls)
{
    const goc_strand *strand = race__watched();
    *calls =
        (struct race__calls){.pc = NULL, .depth = strand == NULL ? 0 : strand->depth};
    if (calls->depth == 0)
        return;
    calls->pc = race__slab_alloc(calls->depth * sizeof *calls->pc);
    for (uint32_t i = 0; i < calls->depth; i++)
        calls->pc[i] = strand->frames[i].pc;
}

void race__calls_again(struct race__calls *calls)
{
    race__calls_none();
    for (uint32_t i = 0; i < calls->depth; i++)
        (void)goc_race_func_enter((void *)(uintptr_t)calls->pc[i]);
    if (calls->pc != NULL)
        race__slab_free(calls->pc, calls->depth * sizeof *calls->pc);
}

void race__calls_none(void)
{
    goc_race_func_exit(0);
}
