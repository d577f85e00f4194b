/* The answer "no" of a select with one case and a default, which compilers may put in place of
 * the call: what a loop asks that looks in passing whether it is to stop.
 *
 * It is three loads without a lock.  That they are an answer, of a moment in the past, stands at
 * chan_recv_hint (chan/chan.h); everything else is left to the library, and so is all of it under
 * a race detector, for which goc__events is true.  Gnu_inline, as goc/sync_inline.h.
 *
 * Included by goc/select.h and by the library; nothing here is for programs to name.
 */
#ifndef GOC_SELECT_INLINE_H
#define GOC_SELECT_INLINE_H

#include <goc/inline.h>
#include <goc/select.h>
#include <stddef.h>
#include <stdint.h>

/* What a channel begins with; chan/select.c compares it with struct goc_chan.  What is not
 * named here is the library's. */
struct goc__chan_head {
    uint32_t lock;
    uint32_t closed;
    size_t count;
    size_t capacity;
    size_t own[3];
    void *receivers[3]; /* the first is the oldest that waits */
    void *senders[3];
};

/* The rest of a select that was not answered. */
GOC_KEEPS_FRAME int goc__select_rest(GOC_LENT struct goc_select_case *cases, size_t count,
                                     bool has_default);

#ifndef GOC_CALLS
/* With chan_recv_hint and chan_send_hint, for programs. */
extern inline __attribute__((__gnu_inline__)) int
goc_select(GOC_LENT struct goc_select_case *cases, size_t count, bool has_default)
{
    if (count == 1 && has_default && !goc__events) {
        bool send = cases->op == GOC_SELECT_SEND;
        struct goc__chan_head *c = GOC__POINTER(struct goc__chan_head, cases->chan);
        if (c == NULL ||
            (__atomic_load_n(&c->count, __ATOMIC_ACQUIRE) == (send ? c->capacity : 0) &&
             __atomic_load_n(send ? &c->receivers[0] : &c->senders[0],
                             __ATOMIC_ACQUIRE) == NULL &&
             __atomic_load_n(&c->closed, __ATOMIC_RELAXED) == 0))
            return -1;
    }
    return goc__select_rest(cases, count, has_default);
}
#endif

#endif
