/* The thread's own number. */
#include "base/tid.h"

RACE_THREAD_LOCAL int race__tid_kept;
