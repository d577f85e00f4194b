/* The calling context of instrumented code.
 *
 * Open calls are return addresses on the strand's own stack of frames; a token is how many
 * there were, so that leaving a function, and coming back to one by longjmp, are stores.
 */
#include "entry/abi.h"
#include "entry/events.h"
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
