/* How much stack each function of the program takes, as its compiler knew.
 *
 * clang's -fstack-size-section writes it to the section .stack_sizes of the object: for each
 * function whose frame has a fixed size, its address and that size.  The section is not loaded:
 * it is read from the program's file.  A function of a shared object, or of a file that was
 * compiled without, is not in it.
 */
#ifndef GOC_OS_FRAME_SIZES_H
#define GOC_OS_FRAME_SIZES_H

#include <stddef.h>
#include <stdint.h>

struct frame_sizes {
    const unsigned char *file; /* the caller's, or a mapping */
    size_t file_bytes;
    const unsigned char *from; /* the section */
    const unsigned char *to;
    uintptr_t bias; /* what the loader has added to the file's addresses */
};

/* Find the section in an ELF file of BYTES at FILE, loaded with BIAS.  Returns 0; -ENOEXEC where
 * that is no such file, -ENOENT where it has no such section. */
int goc__frame_sizes_parse(struct frame_sizes *sizes, const void *file, size_t bytes,
                           uintptr_t bias);

/* The same for the running program's file, until the close.  Returns 0 or a negative errno. */
int goc__frame_sizes_open(struct frame_sizes *sizes);
void goc__frame_sizes_close(struct frame_sizes *sizes);

/* Bytes of the frame of the function at ADDRESS, without its return address and, in a function
 * that calls none, without the 128 bytes below its stack pointer that it may use; -1 where the
 * section does not say. */
int64_t goc__frame_sizes_find(const struct frame_sizes *sizes, uintptr_t address);

#endif
