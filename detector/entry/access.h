/* Accesses of memory, whoever makes them. */
#ifndef GOC_DETECTOR_ENTRY_ACCESS_H
#define GOC_DETECTOR_ENTRY_ACCESS_H

#include "state/shadow.h"

#include <goc/race.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct race__access;

/* For wrappers: the current strand reads or writes SIZE bytes at ADDR; PC is the return
 * address of the function that the program called.  Nothing where the calling thread has
 * no strand, or SIZE is 0, whatever ADDR. */
void race__read(const void *addr, size_t size, const void *pc);
void race__write(const void *addr, size_t size, const void *pc);

/* As race__read of one byte, which is likely to add nothing. */
void race__use(const void *addr, const void *pc);

/* For entry, inside the detector and with ADDR's line locked: STRAND reads the byte at ADDR, and
 * that goes into the log of its word, ANEW or not; false where it does not (entry/uses.c). */
bool race__access_log(goc_strand *strand, uintptr_t addr, uint32_t leaf, bool anew);

/* For entry: an access of STRAND, which is watched.  KIND is of RACE_TAG_KIND. */
void race__access(goc_strand *strand, uintptr_t addr, size_t size, uint64_t kind,
                  const void *pc);

/* Inside the detector, without a lock: STRAND, which is watched, ends a block of SIZE bytes
 * at ADDR, within two KiBs, and LEAF is where.  False where that needs race__access: the strand is
 * a handler's, whose frames are its thread's. */
bool race__access_end(goc_strand *strand, uintptr_t addr, size_t size, uint32_t leaf);

/* The same of an object that a signal handler shares with its thread without a race: it is
 * the thread's, whoever runs. */
void race__access_shared(goc_strand *strand, uintptr_t addr, size_t size, uint64_t kind,
                         const void *pc);

/* Inside the detector, without a lock: STRAND is about to make an access at ADDR, which may be in
 * the frames of a handler. */
void race__access_reach(goc_strand *strand, uintptr_t addr);

/* As race__access behind race__access_reach, inside the detector and without the report, so that
 * a line may be locked.  ACCESS's conflicts are added to; race__record writes them. */
void race__access_check(struct race__access *access, goc_strand *strand, uintptr_t addr,
                        size_t size, uint64_t kind, const void *pc);

#endif
