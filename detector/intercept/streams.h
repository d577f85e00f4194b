/* Streams as messages: what goes through a FILE is before who reads it at the other end, as with
 * the descriptor behind it (files.h).
 *
 * libc's own reads and writes pass every interceptor, so they are told from what the stream has in
 * its buffer: a call that the buffer has room for writes nothing, and one that finds what it
 * wants there reads nothing.  Where that cannot be known before, every call counts, which
 * orders too much rather than too little.
 */
#ifndef GOC_INTERCEPT_STREAMS_H
#define GOC_INTERCEPT_STREAMS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* SIZE bytes are about to go to STREAM; SIZE_MAX: any number. */
void race__stream_write(FILE *stream, size_t size);
/* STREAM has been read, be it to its end. */
void race__stream_read(FILE *stream);

#endif
