/* G, M and P: a goroutine, an OS thread, and the right to run goroutines.
 *
 * There are goc_maxprocs() Ps in use.  An M runs goroutines only while it holds a P; an M
 * without one sleeps, or runs user code that blocked and whose P went to somebody else.
 *
 * The guard of a field stands on its line:
 *   runner      the M that runs the goroutine now, or that moves it between two queues
 *   owner       for a P: the M that holds it while that M is in the runtime, or a borrower
 *               (claim.h); for an M: its own thread
 *   sched lock  goc__sched.lock
 *   atomic      any thread, through base/atomic.h
 *   const       never written after the object was published
 *
 * A goroutine's states (status)
 *
 *   NONE ──spawn──▶ RUNNABLE ──execute──▶ RUNNING ──park──▶ WAITING ──ready──▶ RUNNABLE
 *     ▲                 ▲                  │  │
 *     │                 └─────yield────────┘  │
 *     └────────────────recycle── DEAD ◀──end──┘
 */
#ifndef GOC_SCHED_GMP_H
#define GOC_SCHED_GMP_H

#include "base/atomic.h"
#include "base/list.h"
#include "events/events.h"
#include "os/context.h"
#include "os/local.h"
#include "sched/lock.h"
#include "sched/park.h"
#include "sched/timers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bias;
struct bubble;
struct defer;
struct running;

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define NOINLINE __attribute__((__noinline__))
#define COLD __attribute__((__noinline__, __cold__))

enum {
    CACHE_PAIR_BYTES = 128, /* CPUs fetch lines in pairs: apart by this is apart */
    RUNQ_CAPACITY = 256,    /* a power of two; Go's number */
    PROCS_MAX = 1024,       /* the most that goc_maxprocs takes */
    FREE_MAX = 64,          /* dead goroutines that a P keeps for reuse */
};

enum g_status { G_NONE, G_RUNNABLE, G_RUNNING, G_WAITING, G_DEAD };

enum g_kind {
    G_GOROUTINE, /* on a stack of sched/stack.c, which the struct g tops */
    G_MAIN,      /* goroutine 1, on the process's initial stack */
    G_THREAD,    /* a plain thread that uses channels: sleeps on a futex, runs no queue */
};

struct g {
    struct context context; /* runner */
    struct g *next;         /* runner: link in the one queue or list that holds this g */
    uintptr_t word;       /* what goc__ready gave; written before RUNNABLE, read after */
    event_strand *strand; /* runner */
    uint32_t status;      // atomic: written by the runner and by who readies
    uint8_t reason;       /* runner: enum wait_reason */
    uint8_t kind;         /* const: enum g_kind */
    bool on_thread;       /* itself, others once it waits: it sleeps on WAKE (locked.h) */
    bool durable;     /* itself, then who readies it: only members of its bubble can */
    bool small;       /* const: on a small stack (small.h) */
    uint32_t locks;   /* itself: goc_lock_os_thread less goc_unlock_os_thread */
    int error_number; /* runner: errno, while not running */
    void (*entry)(void *);   /* const while alive */
    void *arguments;         /* const while alive */
    const void *object;      /* runner: what it waits on */
    struct defer *defers;    /* the goroutine itself: what exit and panic run (defer.h) */
    struct running *running; /* the goroutine itself: deferred calls under way */
    int64_t waiting_since;   /* runner: goc__sched.coarse_now at the park */
    uint64_t id;         // atomic, relaxed: 0 in a plain thread and before the first use
    uint64_t creator_id; /* const while alive */
    const void
        *creator_pc;       /* const while alive: the return address of its go statement */
    char *large_arguments; /* const while alive: mapping that holds arguments, or NULL */
    size_t large_bytes;    /* const while alive */
    char *stack_low;       /* const: the lowest byte that may be touched */
    char *stack_high;      /* const: one past the highest */
    struct bubble *bubble; /* itself, and who makes it: the one it is in; else NULL */
    uint32_t wake;         // atomic, where on_thread: the futex; 1 once readied
};

struct newborn;

/* Goroutine ids that a P has taken (fork.h). */
struct batch {
    uint64_t next_id;
    uint64_t end_id;
};

struct p {
    /* What each scheduling decision touches. */
    struct g *runnext;           // owner; atomic for looks: runs before the ring
    uint32_t head;               // owner; atomic for looks: first of the ring
    uint32_t tail;               // owner; atomic for looks: one past its last
    uint32_t attention;          // atomic: ATTENTION_ bits that others ask for
    uint32_t tick;               // owner writes, monitor reads: decisions so far
    uint32_t eager;              // atomic, relaxed: hand-offs that still wake another P
    uint32_t free_count;         /* owner */
    uint32_t free_small_count;   /* owner */
    struct g *free_small;        /* owner: dead goroutines on small stacks */
    uint32_t id;                 /* const */
    struct batch *batch;         /* const after the start; what it has is the owner's */
    int64_t live;                // owner writes, anybody reads: spawned minus ended here
    struct m *m;                 // atomic: who holds this P; NULL: idle or out of use
    struct list idle_link;       /* sched lock: in goc__sched.idle_ps */
    bool retired;                /* sched lock: number not below goc_maxprocs() */
    uint32_t contended;          /* owner: locks found taken (contention.h) */
    int64_t contended_since;     /* owner */
    int64_t contended_ns;        /* owner: how long it waited for them */
    struct newborn *youngest;    /* owner: goroutines that have not begun (newborn.h) */
    struct newborn *oldest;      /* owner */
    uint32_t newborn_count;      // owner; atomic for looks
    uint32_t stamp;              /* owner: how many came to the ring or as newborns */
    uint32_t free_newborn_count; /* owner */
    struct newborn *free_newborns;  /* owner */
    struct g *ring[RUNQ_CAPACITY];  /* owner */
    uint32_t stamps[RUNQ_CAPACITY]; /* owner: when each of the ring came */
    struct g *free[FREE_MAX];       /* owner: dead goroutines, the last used last */
    _Alignas(CACHE_PAIR_BYTES) struct timers timers;

    /* Of thieves' (steal.c), atomic, relaxed. */
    int64_t paced;       // when they last saw how often it decides …
    uint32_t paced_tick; // … and its TICK then
    uint32_t passed;     // its TICK when they last left it its newborns
    uint32_t brisk;      // how often it was seen to decide often, less how often not
};

enum {
    ATTENTION_SHARE = 1,     /* a P without work asks for half of the ring */
    ATTENTION_RETIRE = 2,    /* goc_maxprocs shrank below this P */
    ATTENTION_CONTENDED = 4, /* it has met many other Ps at locks (contention.h) */
};

struct m {
    /* What each entry into the runtime touches. */
    uint32_t depth;        // owner writes, claimers read: entries not left (claim.h)
    uint32_t claim;        // atomic: enum claim (claim.h)
    struct g *g;           // owner; atomic for looks: who runs; NULL: the scheduler
    struct p *p;           // owner; also written by who hands a P to a sleeping M
    int *error_number;     /* const: this thread's errno */
    bool (*after)(void *); /* owner: runs once the last goroutine is off its stack */
    void *after_argument;  /* owner */
    struct g *after_g;     /* owner: the goroutine that left */
    struct context
        scheduler;     /* owner: the scheduler's own stack, while a goroutine runs */
    bool spinning;     /* owner, and who starts it: counted in goc__sched.spinning */
    bool hog;          // atomic: lost its P while it used the CPU; counted
    bool is_thread;    /* owner: belongs to a plain thread or locked goroutine: no P */
    struct g *stepper; // owner; atomic for looks: in goc_step, the loop's; else NULL
    uint32_t id;       /* const */
    int32_t tid;       // atomic, relaxed: the kernel's id, 0 before the thread ran
    uint32_t wake;     // atomic: the futex of an idle M; 1 once woken
    /* As SPINNING: one more than the CPU where it would take that of who has work (steal.c);
     * 0: it knows of none. */
    int32_t crowded_cpu;
    struct list idle_link;     /* sched lock: in goc__sched.idle_ms */
    struct m *next;            /* const: goc__sched.ms; for a plain thread's: free list */
    struct ring *ring;         /* owner: sched/history.c */
    struct bias *bias;         /* owner: sync/bias.h; NULL: has none yet */
    const void *scheduler_low; /* owner: sched/fiber.c; NULL: not known */
    size_t scheduler_bytes;    /* owner: likewise */
    struct capture *capture;   // atomic: debug/capture.c, once the process is dying
    int state_fd;              /* monitor */
    int64_t cpu_time;          /* monitor: CPU clock at its last look */
};

_Static_assert(sizeof(struct g) <= 192,
               "three cache lines on every goroutine's top page");
_Static_assert((RUNQ_CAPACITY & (RUNQ_CAPACITY - 1)) == 0, "the ring's index is masked");

/* The calling thread's M; a plain thread that never used the runtime shares a stub, which
 * goc__enter replaces. */
extern _Thread_local struct m *goc__m_local
    __attribute__((__tls_model__("initial-exec")));

static inline struct m *goc__m(void)
{
    struct m *m;
    LOCAL_LOAD(m, goc__m_local);
    return m;
}

static inline enum g_status goc__status(const struct g *g)
{
    return (enum g_status)load_relaxed(&g->status);
}

static inline void goc__set_status(struct g *g, enum g_status status)
{
    store_relaxed(&g->status, (uint32_t)status);
}

/* The object of events (events.h) by which others complete G's operations while it is parked.
 * Its strand's address: strands lie side by side, and each stack with its struct g would bring
 * a page of the detector's.  Without a call, as the next: who waits at a channel asks each
 * twice. */
static inline const void *goc__own_event(const struct g *g)
{
#ifdef GOC_RACE
    return g->strand != NULL ? (const void *)g->strand : (const void *)g;
#else
    (void)g;
    return 0;
#endif
}

/* G's strand for events by which others complete its operations, where no thread has it while G
 * is parked; else NULL. */
static inline event_strand *goc__parked_strand(const struct g *g)
{
#ifdef GOC_RACE
    return g->on_thread ? NULL : g->strand;
#else
    (void)g;
    return 0;
#endif
}

#endif
