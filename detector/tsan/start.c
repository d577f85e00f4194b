/* The bridge's start and end, and what TSan is told about itself.
 *
 * The options are defaults: TSAN_OPTIONS of the user wins over them.
 *   symbolize=0            addresses are looked up by goc-race, and only as they are (report.c)
 *   detect_deadlocks=0     TSan 14 to 19 hangs when 64 locks are held
 *   report_thread_leaks=0  goroutines that still run at the end are no leak
 *   atexit_sleep_ms=0      it would wait a second at exit for threads to race some more
 */
#include "tsan/start.h"

#include "base/assert.h"
#include "base/compiler.h"
#include "base/flags.h"
#include "base/sys.h"
#include "record/journal.h"
#include "tsan/interface.h"
#include "tsan/report.h"

#include <dlfcn.h>
#include <stdio.h>

RACE_EXPORT const char *__tsan_default_options(void)
{
    return "symbolize=0:detect_deadlocks=0:report_thread_leaks=0:atexit_sleep_ms=0";
}

static bool contains(const char *text, const char *part)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (part[i] != '\0' && text[i] == part[i])
            i++;
        if (part[i] == '\0')
            return true;
    }
    return false;
}

void race__tsan_start(void)
{
    Dl_info info;
    race__journal_join("tsan", race__tsan_report_count);
    if (dladdr((const void *)&__tsan_create_fiber, &info) != 0 &&
        contains(info.dli_fname, "libtsan.so"))
        race__die("this program runs on gcc's libtsan, whose fibers take 800 KB each and "
                  "end at 8128: link it with goc-cc -race=tsan");
}

int race__tsan_status(int status)
{
    const bool raced = race__tsan_report_count() != 0 && race__flags.exitcode != 0;
    return raced ? race__flags.exitcode : status;
}
