/* Address space for the detector's tables: reserved, and committed only where touched.
 *
 * A reservation reads as zeros, counts against nothing (MAP_NORESERVE), stays out of core
 * dumps and out of huge pages, which would commit 2 MiB for one touched byte.
 */
#ifndef GOC_DETECTOR_BASE_PAGES_H
#define GOC_DETECTOR_BASE_PAGES_H

#include <stddef.h>
#include <stdint.h>

#define RACE_PAGE_SIZE 4096ul
#define RACE_HUGE_PAGE_SIZE (2ul << 20)

/* SIZE bytes of zeros, page aligned.  Ends the process where the kernel refuses: WHAT
 * says in the message what it was for. */
void *race__pages_reserve(size_t size, const char *what);
/* The same, but NULL where the kernel refuses. */
void *race__pages_try_reserve(size_t size);
/* A reservation made otherwise stays out of core dumps and huge pages too. */
void race__pages_modest(void *addr, size_t size);
/* Whole huge pages within [ADDR, ADDR + SIZE), a part of a reservation, may be such: the
 * range will be used densely. */
void race__pages_dense(void *addr, size_t size);
/* For each page that [ADDR, ADDR + SIZE) touches a byte in RESIDENT: 0 where the page is
 * not in memory, as far as the kernel says. */
void race__pages_resident(uintptr_t addr, size_t size, unsigned char *resident);
/* The pages of [ADDR, ADDR + SIZE), both page aligned, are zeros again and uncommitted. */
void race__pages_release(void *addr, size_t size);

#endif
