/* What this room does when the process starts: it reads its own variables. */
#include "debug/chrome.h"
#include "debug/gdb.h"
#include "debug/leaks.h"
#include "debug/level.h"
#include "sched/boot.h"
#include "sched/fiber.h"

#include <stdlib.h>

void goc__debug_start(void)
{
    goc__gdb_keep();
    goc__fiber_start();
    goc__leaks_start();
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): at start */
    goc__level_read(getenv("GOC_TRACEBACK"));
    goc__chrome_start(getenv("GOC_TRACE")); /* NOLINT(concurrency-mt-unsafe): at start */
}
