/* Room for the cells, alone in the process.
 *
 * 64 TiB fit below where Linux puts programs and above where it puts libraries, in its
 * usual layout.  The old one (an unlimited stack, or setarch -L) puts libraries in the
 * middle, and there is no such hole: then the program is started again under the usual one,
 * as ThreadSanitizer does for the same reason.
 */
#include "entry/cells.h"

#include "base/assert.h"
#include "base/pages.h"
#include "base/sys.h"
#include "state/shadow.h"

#include <stdbool.h>
#include <sys/personality.h>
#include <sys/resource.h>

#define STACK_LIMITED (UINT64_C(1) << 30) // bytes; only "unlimited" changes the layout
#define PERSONALITY_ASK 0xffffffffL

/* Says whether anything was to be mended. */
static bool mend_layout(void)
{
    bool mended = false;
    struct rlimit limit = {.rlim_cur = 0};
    race__sys4(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)&limit);
    if (limit.rlim_cur == RLIM_INFINITY) {
        limit.rlim_cur = STACK_LIMITED;
        mended = race__sys4(SYS_prlimit64, 0, RLIMIT_STACK, (long)&limit, 0) == 0;
    }
    long now = race__sys3(SYS_personality, PERSONALITY_ASK, 0, 0);
    if (now >= 0 && (now & ADDR_COMPAT_LAYOUT) != 0)
        mended |= race__sys3(SYS_personality, now & ~(long)ADDR_COMPAT_LAYOUT, 0, 0) >= 0;
    return mended;
}

char *race__cells_reserve(char *const *arguments, char *const *environment)
{
    char *cells = race__pages_try_reserve(RACE_CELLS_BYTES);
    if (cells != NULL)
        return cells;
    if (arguments != NULL && mend_layout())
        race__sys3(SYS_execve, (long)"/proc/self/exe", (long)arguments,
                   (long)environment);
    race__die("cannot reserve %lu TiB of address space for shadow memory; a limit on "
              "virtual memory (ulimit -v) or vm.overcommit_memory=2 does that",
              RACE_CELLS_BYTES >> 40);
}
