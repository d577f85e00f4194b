/* The start, before any code of the program or its libraries; and what the end needs. */
#include "entry/boot.h"

#include "base/assert.h"
#include "base/environment.h"
#include "base/flags.h"
#include "base/out.h"
#include "base/sys.h"
#include "check/rules.h"
#include "entry/abi.h"
#include "entry/cells.h"
#include "entry/events.h"
#include "entry/locks.h"
#include "entry/threads.h"
#include "record/error.h"
#include "record/journal.h"
#include "record/record.h"
#include "state/context.h"
#include "state/limit.h"
#include "state/lockset.h"
#include "state/moment.h"
#include "state/slab.h"
#include "state/slot.h"
#include "state/storage.h"
#include "state/strand.h"

#include <sys/resource.h>
#include <unistd.h>

#define STACK_DEFAULT (8ul * 1024 * 1024) // where the limit is none
#define STACK_ABOVE (256ul * 1024) // arguments and environment, above main's frames
#define THOUSANDS 1000

extern void *__libc_stack_end; // of glibc's loader: where the initial stack began

static bool up; // const after boot

bool race__is_up(void)
{
    return up;
}

static void place_main_stack(goc_strand *strand)
{
    struct rlimit limit = {.rlim_cur = STACK_DEFAULT};
    race__sys4(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)&limit);
    size_t size = limit.rlim_cur == RLIM_INFINITY ? STACK_DEFAULT : limit.rlim_cur;
    strand->stack_high = (uintptr_t)__libc_stack_end + STACK_ABOVE;
    strand->stack_low = (uintptr_t)__libc_stack_end - size;
}

static void boot(char *const *arguments, char *const *environment)
{
    if (up)
        return;
    race__flags_read(race__variable(environment, "GOC_RACE"));
    race__rules_counted = race__flags.stats != 0;
    race__shadow_init(race__cells_reserve(arguments, environment));
    race__limit_init();
    race__window_init();
    race__moment_init();
    race__context_init();
    race__lockset_init();
    race__strand_init();
    goc_strand *strand = race__strand_new(NULL, RACE_STRAND_MAIN,
                                          (uint64_t)race__getpid(), RACE_CONTEXT_ROOT);
    strand->thread_pointer = race__thread_pointer();
    place_main_stack(strand);
    race__strand_make_current(strand);
    race__storage_begin();
    up = true;
    race__journal_join("goc", race__record_count);
    race__journal_start();
}

void race__boot(void)
{
    boot(NULL, environ);
}

static void start(int count, char **arguments, char **environment)
{
    (void)count;
    boot(arguments, environment);
}

/* Before the constructors of all libraries.  Only a program has such an array. */
__attribute__((__section__(".preinit_array"),
               __used__)) static void (*const first)(int, char **, char **) = start;

void goc_race_module_init(uint32_t abi_version)
{
    if (abi_version != RACE_ABI_VERSION)
        race__die("an object of this program was compiled for version %u of the race "
                  "interface, the detector has version %d: compile it again",
                  abi_version, RACE_ABI_VERSION);
    race__boot();
}

static void print_stats(void)
{
    for (int rule = RACE_NO_RULE + 1; rule < RACE_RULE_COUNT; rule++)
        race__warn("%s %lu  %s", race__rule_name((enum race__rule)rule),
                   load_relaxed(&race__rule_counts[rule]),
                   race__rule_text((enum race__rule)rule));
    race__warn("accesses looked at in %lu thousandths of the CPU time",
               race__window_share());
    race__warn("marks of %lu MiB forgotten for want of memory",
               race__limit_forgotten() >> 20);
    race__warn("contexts %u, slots of clocks %u, blocks of moments %u, objects %lu kB",
               race__context_count(), race__slot_count(), race__moment_block_count(),
               race__slab_in_use() / THOUSANDS);
}

/* What is known only at the end. */
static void report_at_exit(void)
{
    static uint32_t begun; // atomic: the first to come reports
    if (fetch_add_relaxed(&begun, 1) != 0 || !race__enter())
        return;
    race__locks_at_exit();
    race__threads_at_exit();
    race__leave();
}

/* A handler that comes meanwhile may end the process, and then comes here too: so it comes
 * afterwards, for the lock that this thread has it would wait for in vain. */
static void end_journal(int status)
{
    bool entered = race__enter();
    race__journal_end(status);
    if (entered)
        race__leave();
}

/* The status to end with; what is unwritten is written. */
int race__on_exit(int status)
{
    static uint32_t finished; // atomic: the first to come prints
    if (!up)
        return status;
    report_at_exit();
    if (race__record_count() + race__error_count() != 0 && race__flags.exitcode != 0)
        status = race__flags.exitcode;
    end_journal(status);
    if (race__flags.stats != 0 && fetch_add_relaxed(&finished, 1) == 0)
        print_stats();
    return status;
}
