/* Running another program and reading what it prints. */
#ifndef GOC_OS_PROCESS_H
#define GOC_OS_PROCESS_H

#include <stddef.h>
#include <stdint.h>

/* Run PATH (looked for in PATH when it has no slash) with ARGUMENTS, which end with NULL and begin
 * with its name; INPUT of INPUT_SIZE bytes is its standard input.  Its output goes to OUTPUT, at
 * most SIZE bytes, within TIMEOUT_MS.  Allocates nothing; usable in a signal handler.
 * Returns  how many bytes came; a negative errno when it could not be run at all. */
long goc__process_run(const char *path, char *const arguments[], const char *input,
                      size_t input_size, char *output, size_t size, int timeout_ms);

/* Call CHILD in every child of fork from now on, before fork returns there. */
void goc__process_at_fork(void (*child)(void));

#endif
