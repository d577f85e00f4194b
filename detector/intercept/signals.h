/* Signals that are taken from a descriptor.
 */
#ifndef GOC_INTERCEPT_SIGNALS_H
#define GOC_INTERCEPT_SIGNALS_H

#include <stddef.h>

/* SIZE bytes at INFOS were read from a signalfd: whole struct signalfd_siginfo. */
void race__signals_read(const void *infos, size_t size);

#endif
