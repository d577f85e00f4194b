/* When the window opens and closes, and how a strand learns of it. */
#include "state/window.h"

#include "base/flags.h"
#include "base/out.h"
#include "base/sys.h"
#include "state/strand.h"

#include <goc/race_inline.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#define DECIMAL 10
#define SHARE_ONE 1000000u // a share is so many of these
#define PERCENT (SHARE_ONE / 100)
#define THOUSAND 1000u
#define SECOND_NS UINT64_C(1000000000)
#define LOOK_CYCLES 500000u // about 0.2 ms between two looks at the CPU time
#define PASSES 16u          // of a thread, between two times that it asks what time it is
#define SLICE_NS UINT64_C(1000000) // an opening is meant to last about so long, or longer
#define PAUSE_NS 1000000           // of the thread that ticks
#define STACK_BYTES 16384
#define RANDOM_FACTOR UINT64_C(6364136223846793005)

bool race__windows;

static uint32_t share;      // const after init: of SHARE_ONE
static bool is_open = true; // atomic
static uint32_t ticking;    // atomic: the thread has been started
static uint64_t look_at;    // atomic: the time stamp of the next look
static uint32_t looking;    // atomic: somebody is; guards what follows
static uint64_t last_ns;    // looking: CPU time of the last look
static uint64_t open_ns;    // looking
static uint64_t whole_ns;   // looking
static uint64_t opens_at;   // looking: the CPU time before which the window stays closed
static uint64_t randomness; // looking

_Static_assert(RACE_EXPECT_CLOSED == (RACE_CELL_LOCK | RACE_CELL_WRITE | RACE_CELL_BYTES),
               "it has all that a plain access may ask for");

static uint64_t time_stamp(void)
{
    return __builtin_ia32_rdtsc();
}

static uint64_t cpu_ns(void)
{
    struct timespec now = {0};
    race__sys3(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, (long)&now, 0);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* "3%", "0.5%", "100": a share; 0 where TEXT is none. */
static uint32_t parse(const char *text)
{
    uint64_t value = 0;
    uint64_t scale = PERCENT;
    bool digits = false;
    for (; *text >= '0' && *text <= '9' && value <= SHARE_ONE; text++, digits = true)
        value = value * DECIMAL + (uint64_t)(*text - '0') * scale;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++, digits = true)
            value += (uint64_t)(*text - '0') * (scale /= DECIMAL);
    text += *text == '%';
    return digits && *text == '\0' && value <= SHARE_ONE ? (uint32_t)value : 0;
}

void race__window_init(void)
{
    share = parse(race__flags.budget);
    if (share == 0) {
        race__warn(
            "GOC_RACE: budget=%s is no share such as %s: all accesses are looked at",
            race__flags.budget, "3%");
        share = SHARE_ONE;
    }
    race__windows = share < SHARE_ONE;
    if (!race__windows)
        return;
    last_ns = cpu_ns();
    randomness = time_stamp() | 1;
}

uint64_t race__window_cells(void)
{
    return load_relaxed(&is_open) ? goc_race_shadow.mask : 0;
}

uint64_t race__window_share(void)
{
    uint64_t whole = load_relaxed(&whole_ns);
    return whole == 0 ? THOUSAND : load_relaxed(&open_ns) * THOUSAND / whole;
}

/* Half to three halves of NS. */
static uint64_t about(uint64_t ns)
{
    randomness = randomness * RANDOM_FACTOR + 1;
    return ns / 2 + (uint64_t)((unsigned __int128)randomness * ns >> 64);
}

/* What those find who have the mask 0; a question may be of several cells from there on. */
static void answer_all(uint64_t cell)
{
    uintptr_t end = RACE_INLINE_CELLS * (uintptr_t)RACE_WORD_SIZE;
    for (uintptr_t addr = 0; addr < end; addr += RACE_WORD_SIZE)
        store_relaxed(race__shadow_cell(addr), cell);
}

/* Opens for a slice once that is within the share, and closes when the share is used up.
 * The moments of opening are random, or a program with a rhythm would be seen at one of
 * its beats only. */
static void decide(void)
{
    uint64_t now = cpu_ns();
    uint64_t passed = now - last_ns;
    last_ns = now;
    store_relaxed(&whole_ns, whole_ns + passed);
    if (is_open)
        store_relaxed(&open_ns, open_ns + passed);
    uint64_t due = whole_ns / THOUSAND * share / (SHARE_ONE / THOUSAND);
    if (is_open && open_ns >= due) {
        answer_all(RACE_EXPECT_CLOSED);
        store_relaxed(&is_open, false);
        uint64_t over = open_ns - due;
        opens_at = now + about((over + SLICE_NS) / share * SHARE_ONE);
    } else if (!is_open && now >= opens_at) {
        store_relaxed(&is_open, true);
        answer_all(0); // nobody's question is answered there
    }
}

/* Between two decisions somebody else may be at it. */
static void try_decide(uint64_t now)
{
    uint32_t none = 0;
    if (!cas_acquire(&looking, &none, 1))
        return;
    decide();
    store_relaxed(&look_at, now + LOOK_CYCLES);
    store_release(&looking, 0);
}

/* A thread of the detector's own, which libc does not know.  It has its creator's thread
 * pointer, and touches nothing thread-local. */
__attribute__((__noreturn__)) static void tick(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    race__sys3(SYS_prctl, PR_SET_NAME, (long)"goc-race", 0);
    for (;;) {
        race__sys3(SYS_nanosleep, (long)&pause, 0, 0);
        try_decide(time_stamp());
    }
}

/* As the reporter's (record/reporter.c), but it never returns. */
static void start_ticking(void)
{
    static char stack[STACK_BYTES] __attribute__((__aligned__(16)));
    long result;
    register long top __asm__("rsi") = (long)(stack + sizeof stack);
    register long flags __asm__("rdi") =
        CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    register void (*function)(void) __asm__("r9") = tick;
    __asm__ volatile("xor %%edx, %%edx\n\t"
                     "xor %%r10d, %%r10d\n\t"
                     "xor %%r8d, %%r8d\n\t"
                     "syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "call *%%r9\n\t"
                     "ud2\n"
                     "1:"
                     : "=a"(result), "+r"(flags), "+r"(top)
                     : "a"(SYS_clone), "r"(function)
                     : "rcx", "rdx", "r8", "r10", "r11", "memory", "cc");
    (void)result; // without it the program's own entries decide
}

void race__window_threads_begin(void)
{
    uint32_t none = 0;
    uint64_t all = UINT64_MAX;
    uint64_t signals = 0;
    if (!race__windows || !cas_acquire(&ticking, &none, 1))
        return;
    race__sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&signals,
               sizeof signals);
    start_ticking();
    race__sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&signals, 0, sizeof signals);
}

void race__window_forked(void)
{
    store_relaxed(&looking, 0);
    store_relaxed(&ticking, 0);
}

void race__window_tick(void)
{
    uint64_t now = time_stamp();
    if (race__windows && now - load_relaxed(&look_at) < INT64_MAX)
        try_decide(now);
}

RACE_PRESERVE void race__window_look(void)
{
    if (race__self.passes++ % PASSES == 0)
        race__window_tick();
    goc_strand *strand = race__self.strand;
    if (strand == NULL)
        return;
    /* One that is alone leaves no marks, and needs no window. */
    uint64_t cells =
        race__strand_is_alone() ? goc_race_shadow.mask : race__window_cells();
    if (strand->cells == cells)
        return;
    strand->cells = cells;
    strand->moment.now = 0; // the next mark sets what is expected
    strand->expect = cells != 0 ? RACE_EXPECT_NEVER : RACE_EXPECT_CLOSED;
}
