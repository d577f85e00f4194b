/* Memory from the kernel, by pages.  Lengths and addresses are multiples of
 * GOC_PAGE_BYTES. */
#ifndef GOC_OS_PAGES_H
#define GOC_OS_PAGES_H

#include <stdbool.h>
#include <stddef.h>

enum { GOC_PAGE_BYTES = 4096 };

/* Map SIZE bytes of zeroes into *ADDRESS.  Returns 0 or -ENOMEM. */
__attribute__((__warn_unused_result__)) int goc__pages_map(size_t size, char **address);

/* Reserve SIZE bytes that the kernel commits page by page as they are touched and does
 * not count against its commit limit before.  Never in huge pages.  Returns 0 or a
 * negative errno. */
__attribute__((__warn_unused_result__)) int goc__pages_reserve(size_t size,
                                                               char **address);

/* Give the range, which may be in use, its memory now.  Where the kernel cannot, it comes as it is
 * touched. */
void goc__pages_bring(char *address, size_t size);

/* In every child process that has a copy of the range it is zeroes.  Returns 0 or a negative
 * errno. */
__attribute__((__warn_unused_result__)) int goc__pages_wipe_in_child(char *address,
                                                                     size_t size);

/* Copy SIZE bytes from FROM, where perhaps nothing is, to TO.  Also in a signal handler.  False
 * where not all of it can be read. */
bool goc__pages_read(const void *from, void *to, size_t size);

/* Leave the range out of core files, or take it in again. */
void goc__pages_dump(char *address, size_t size, bool wanted);

/* Make every access to the range fault until the process ends.
 * Returns  0; a negative errno where the kernel has no room for another mapping. */
__attribute__((__warn_unused_result__)) int goc__pages_guard(char *address, size_t size);

/* Give the range's memory back; it reads as zeroes and stays usable. */
void goc__pages_release(char *address, size_t size);

void goc__pages_unmap(char *address, size_t size);

/* SIZE bytes of zeroes for the life of the process, aligned to 128 bytes, two cache
 * lines, because CPUs fetch them in pairs.  Any thread.  NULL when memory is out. */
void *goc__pages_permanent(size_t size);

#endif
