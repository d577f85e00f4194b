/* Reads of whole KiBs, and the writes that end their audience (state/audience.h).
 *
 * What makes it exact.  A read that joins an audience conflicts with no mark of the KiB: it
 * knows all epochs of the writes there.  Its mark in the audience is one that the rules
 * speak of (check/rules.h), in each of the KiB's words; it takes the place of an earlier one
 * of the same slot, which it stands for and is ordered after.  A write is compared with
 * all marks of its word, those of the audience included, and drops of these none: they
 * stay, in the words.  Only one that covers the whole KiB, each word of which has its mark
 * already, and that all of the audience is ordered before, stands for all of it at once.
 */
#ifndef GOC_CHECK_AUDIENCE_H
#define GOC_CHECK_AUDIENCE_H

#include "check/rules.h"
#include "state/audience.h"
#include "state/strand.h"

/* STRAND reads all of the KiB at ADDR; TAG is the read's but for its bytes.  False: no, word
 * by word. */
bool race__audience_join(goc_strand *strand, uintptr_t addr, uint64_t tag);

/* STRAND has left marks that write on all of [ADDR, END), of one KiB, whose note has an
 * audience.  Answers the audience, which has ended, for the caller to judge by and to
 * close; NULL for none. */
struct race__audience *race__audience_disturb(const goc_strand *strand, uintptr_t addr,
                                              uintptr_t end);

/* Appends to CONFLICTS what STRAND's write with TAG finds in AUDIENCE. */
void race__audience_judge(const struct race__audience *audience, const goc_strand *strand,
                          uint64_t tag, struct race__conflicts *conflicts);

#endif
