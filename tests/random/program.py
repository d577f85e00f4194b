"""A random C program with a fixed schedule, and what the oracle says of it.

The strands (goroutines and threads) take turns: before its turn a strand waits on the invisible
barrier, which orders nothing, so that every run is the one that the oracle has walked.  A turn is
one or more statements of one strand, or a send and a receive that meet.

In a strict program each statement is a place of its own and stays one for the compiler; in the
others a turn is, and the compiler may merge, move and drop what it likes inside.
"""
import random

from oracle import Atomic, Channel, Oracle
from steps import ATOMS, CELLS, GROUPS, PAGE_OFFSET, Held, Steps, Strand

HEAD = """\
// Made by tests/random from seed {seed}; every run is the same.
#include <barrier.h>
#include <goc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u1;
typedef uint16_t __attribute__((aligned(1), may_alias)) u2;
typedef uint32_t __attribute__((aligned(1), may_alias)) u4;
typedef uint64_t __attribute__((aligned(1), may_alias)) u8;
typedef uint8_t __attribute__((vector_size(16), aligned(1), may_alias)) u16;
typedef uint8_t __attribute__((vector_size(32), aligned(1), may_alias)) u32;
typedef uint8_t __attribute__((vector_size(64), aligned(1), may_alias)) u64;
typedef uint8_t a1;
typedef uint16_t __attribute__((may_alias)) a2;
typedef uint32_t __attribute__((may_alias)) a4;
typedef uint64_t __attribute__((may_alias)) a8;
typedef uint8_t __attribute__((vector_size(16), may_alias)) a16;
typedef uint8_t __attribute__((vector_size(32), may_alias)) a32;
typedef uint8_t __attribute__((vector_size(64), may_alias)) a64;
struct bits {{ uint8_t low : 3, high : 5; }};

#define USE(value) do {{ __typeof__(value) used = (value); __asm__ volatile("" : : "m"(used)); }} while (0)
#define STAY {stay}
#define UNSEEN __attribute__((noinline, no_sanitize("thread")))

/* Visible elsewhere, or the compiler knows that nobody reads some of it, and drops the writes. */
_Alignas(4096) unsigned char pages[8192];
#define mem (pages + {offset})
_Alignas(64) _Atomic uint32_t atoms[{atoms}];
_Alignas(64) unsigned char cells[{cells} * 8];
static goc_mutex gm[2];
static goc_rwmutex grw[2];
static pthread_mutex_t pm[2] = {{PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER}};
static pthread_mutex_t pr[1] = {{PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP}};
static pthread_rwlock_t prw[1] = {{PTHREAD_RWLOCK_INITIALIZER}};
static chan(int) c[{channels}];
static goc_waitgroup wg[{groups}];
static struct barrier turns;
static pthread_t threads[{strands}];
static unsigned char *blocks[{blocks}];

static inline int opaque(int value)
{{
    __asm__ volatile("" : "+r"(value));
    return value;
}}
UNSEEN static unsigned char *block(int i) {{ return blocks[i]; }}
UNSEEN static void hold(int i, void *memory) {{ blocks[i] = memory; }}
UNSEEN static void create(int i, void *(*run)(void *))
{{
    if (pthread_create(&threads[i], NULL, run, NULL) != 0)
        abort();
}}
UNSEEN static void join(int i)
{{
    if (pthread_join(threads[i], NULL) != 0)
        abort();
}}
UNSEEN static void turn_thread(unsigned number) {{ barrier_await(&turns, number); }}
UNSEEN static void turn_goroutine(unsigned number)
{{
    while (!barrier_reached(&turns, number))
        goc_yield();
}}
UNSEEN static uint32_t unseen_load(_Atomic uint32_t *atom) {{ return *(uint32_t *)atom; }}
UNSEEN static void done(void) {{ barrier_arrive(&turns); }}
static void nothing(void) {{}}
"""


class Program(Steps):
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.strict = self.random.random() < 0.5
        count = self.random.choice([2, 3, 4, 6, 8, 12])
        self.oracle = Oracle(count)
        self.strands = [Strand(i) for i in range(count)]
        self.strands[0].life = "alive"
        self.arrivals = 0    # on the barrier, so far
        self.owner = None    # of the turn that is open
        self.place = 0
        self.turn_place = 0
        self.locks = ([Held(f"&gm[{i}]", "goc_mutex", count) for i in range(2)]
                      + [Held(f"&grw[{i}]", "goc_rwmutex", count) for i in range(2)]
                      + [Held(f"&pm[{i}]", "pthread_mutex", count) for i in range(2)]
                      + [Held("&pr[0]", "recursive", count)]
                      + [Held("&prw[0]", "pthread_rwlock", count)])
        self.channels = [Channel(capacity) for capacity in (0, 0, 1, 1, 2, 3)]
        self.atoms = [Atomic() for _ in range(ATOMS)]
        self.blocks = []     # sizes; None once freed
        self.groups = []     # of each, the clocks of done and how many are to come
        self.cells = 0       # that have been handed over
        self.choose_taste()
        self.begin_main()
        for _ in range(self.random.randrange(30, 160)):
            self.step()
        self.finish()

    def choose_taste(self):
        r = self.random
        self.weights = {self.step_access: 30, self.step_loop: 12, self.step_atomic: 12,
                        self.step_fence: 4, self.step_lock: 14, self.step_channel: 12,
                        self.step_meet: 5, self.step_spawn: 10, self.step_end: 3,
                        self.step_join: 4, self.step_heap: 8, self.step_group: 4,
                        self.step_ticks: 1, self.step_pass: 0}
        for step in r.sample(list(self.weights), 4):
            self.weights[step] = max(1, self.weights[step] * r.choice([0, 1, 4]))
        self.write_share = r.choice([0.1, 0.4, 0.6])
        if r.random() < 0.7:
            self.weights.update({self.step_pass: 60, self.step_access: 5, self.step_loop: 5})
        # Where in memory the strands meet: over the borders of words, lines and pages.
        self.windows = [(r.choice([0, 3, 24, 60, 88, 92, 95, 96, 120]), r.choice([4, 8, 24, 64]))
                        for _ in range(r.choice([1, 1, 2]))]

    # ---- text ---------------------------------------------------------------------------

    def call(self, strand, what, number):
        kind = "thread" if strand.thread else "goroutine"
        strand.lines.append(f"{what}_{kind}({number}u);")

    def open_turn(self, strand):
        if self.owner is strand and self.random.random() < 0.7:
            return
        self.close_turn()
        self.call(strand, "turn", self.arrivals)
        self.owner = strand
        self.place += 1
        self.turn_place = self.place

    def close_turn(self):
        if self.owner:
            self.owner.lines.append("done();")
            self.arrivals += 1
        self.owner = None

    def say(self, strand, text):
        """One statement in STRAND's turn; its place."""
        self.open_turn(strand)
        if self.strict:
            self.place += 1
        where = self.place if self.strict else self.turn_place
        mark = f" //@{where}"
        # What the compiler makes one access of has a line only where both have the same.
        before = strand.lines.pop().removesuffix(mark) + " " \
            if strand.lines and strand.lines[-1].endswith(mark) else ""
        strand.lines.append(f"{before}{text} STAY;{mark}")
        return where

    def begin_main(self):
        main = self.strands[0]
        for i, channel in enumerate(self.channels):
            self.say(main, f"c[{i}] = chan_make(int, {channel.capacity});")
        for number in range(GROUPS):
            members = 1 + self.random.randrange(min(3, len(self.strands) - 1))
            for strand in self.random.sample(self.strands[1:], members):
                strand.groups.add(number)
            self.groups.append(([], members))
            self.say(main, f"goc_waitgroup_add(&wg[{number}], {members});")
            self.oracle.tick(0)

    def finish(self):
        self.close_turn()
        self.call(self.strands[0], "turn", self.arrivals)

    def text(self):
        head = HEAD.format(seed=self.seed, offset=PAGE_OFFSET, atoms=ATOMS, cells=CELLS, groups=GROUPS,
                           channels=len(self.channels), strands=len(self.strands),
                           blocks=max(1, len(self.blocks)),
                           stay='__asm__ volatile("" : : : "memory")' if self.strict
                           else "((void)0)")
        parts = [head]
        for strand in self.strands[1:]:
            parts.append(f"static void strand_{strand.number}(void);\n"
                         f"static void *thread_{strand.number}(void *unused);\n")
        for strand in self.strands:
            name = "int main" if strand.number == 0 else f"static void strand_{strand.number}"
            body = "".join(f"    {line}\n" for line in strand.lines)
            parts.append(f"\n{name}(void)\n{{\n{body}}}\n")
            if strand.number:
                parts.append(f"static void *thread_{strand.number}(void *unused)\n"
                             f"{{\n    strand_{strand.number}();\n    return unused;\n}}\n")
        return "".join(parts)
