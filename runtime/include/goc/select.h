/* Select over an array of cases: what chan_select is lowered to. */
#ifndef GOC_SELECT_H
#define GOC_SELECT_H

#include <goc/attributes.h>
#include <goc/chan.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum goc_select_op { GOC_SELECT_RECV = 0, GOC_SELECT_SEND = 1 };

struct goc_select_case {
    goc_chan *chan; /* NULL: this case never fires */
    void *elem;     /* sent from here; received into here, NULL drops the value */
    int op;         /* enum goc_select_op */
    bool ok;        /* out, for a receive that fired: false when closed and empty */
};

/* Wait until one of the COUNT cases can go on, and do it; among several, a uniformly random one.
 *
 * CASES        caller-owned; elem of the others stays untouched.  At most 65,535.
 * HAS_DEFAULT  true: never waits, returns -1 when no case is ready.
 * Blocks       may park; a plain thread blocks.  No case at all and no default blocks for ever.
 * Returns      the index of the case that fired, or -1.
 * Fails        panics "send on closed channel"; "select: N cases, more than 65535".
 * Source       The Go Programming Language Specification, "Select statements". */
GOC_KEEPS_FRAME int goc_select(GOC_LENT struct goc_select_case *cases, size_t count,
                               bool has_default);

/* The same where only the caller can have the address of any element: see
 * goc_chan_send_private.  What chan_select becomes under goc-cc's -race. */
GOC_KEEPS_FRAME int goc_select_private(GOC_LENT struct goc_select_case *cases,
                                       size_t count, bool has_default);

/* Not under goc-cc's -race, where reports name the line of the call. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__GOC_RACE__) &&              \
    !defined(GOC_CALLS)
#include <goc/select_inline.h>
#endif

#ifdef __cplusplus
}
#endif
#endif
