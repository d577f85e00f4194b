/* Channels, untyped: elements are bytes of one size.  <goc.h> gives them types. */
#ifndef GOC_CHAN_H
#define GOC_CHAN_H

#include <goc/attributes.h>
#include <goc/time.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct goc_chan goc_chan;

/* A channel for elements of ELEM_SIZE bytes that buffers CAPACITY of them; 0 is unbuffered.
 * The caller owns it until goc_chan_free.  Panics "makechan: size out of range". */
GOC_KEEPS_FRAME goc_chan *goc_chan_make(size_t elem_size, size_t capacity);

/* Free C; NULL is ignored.  Whoever has completed the last operation on C may do it, whatever
 * the other side of that operation still does.
 * Blocks    never for long: until each select that waited on C, and won elsewhere, has run.
 * Fails     panics "free of channel with waiting goroutines". */
GOC_KEEPS_FRAME void goc_chan_free(goc_chan *c);

/* Send the element at ELEM, waiting until it is received or buffered.
 * Blocks    may park; a plain thread blocks.  NULL blocks for ever.
 * Ordering  a send is synchronized before the completion of its receive; on capacity N the
 *           k-th receive is synchronized before the completion of send k+N.
 * Fails     panics "send on closed channel". */
GOC_KEEPS_FRAME void goc_chan_send(goc_chan *c, GOC_LENT const void *elem);

/* Receive into ELEM (NULL drops the value).  False, with ELEM zeroed, once C is closed and empty.
 * Ordering  as for send; a close is synchronized before a receive that returns false. */
GOC_KEEPS_FRAME bool goc_chan_recv(goc_chan *c, GOC_LENT void *elem);

/* The same until DEADLINE at most.
 * Returns   send: 0, the element went over.  recv: 1, it did; 0, closed and empty, ELEM zeroed.
 *           -ETIMEDOUT: the time was up, nothing was done and nothing is ordered.
 * Fails     as send.  On NULL the time is always up. */
GOC_KEEPS_FRAME int goc_chan_send_until(goc_chan *c, GOC_LENT const void *elem,
                                        goc_time deadline);
GOC_KEEPS_FRAME int goc_chan_recv_until(goc_chan *c, GOC_LENT void *elem,
                                        goc_time deadline);

/* As goc_chan_send and goc_chan_recv where only the caller can have the address ELEM, which it
 * uses for this and in its own code.  A race detector need not be told of such an element: nobody
 * can race for it.  The words of <goc.h> become these under goc-cc's -race. */
GOC_KEEPS_FRAME void goc_chan_send_private(goc_chan *c, GOC_LENT const void *elem);
GOC_KEEPS_FRAME bool goc_chan_recv_private(goc_chan *c, GOC_LENT void *elem);

/* Close C.  Panics "close of nil channel", "close of closed channel". */
GOC_KEEPS_FRAME void goc_chan_close(goc_chan *c);

/* Elements buffered at some moment of the call; the capacity.  0 for NULL, and for a timer's
 * channel: whether it has fired shows in a receive alone, as in Go since 1.23.
 * Ordering  none. */
size_t goc_chan_len(const goc_chan *c);
size_t goc_chan_cap(const goc_chan *c);

#ifdef __cplusplus
}
#endif
#endif
