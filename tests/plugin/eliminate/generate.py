#!/usr/bin/env python3
"""A random C program for comparing builds of it: generate.py SEED prints one.

Threads take turns, one function a turn, in an order that only the invisible barrier makes: every
run is the same interleaving.  Inside a turn is what the eliminations look at: accesses again
and again, branches, loops up, down, by columns and with exits, locks, atomics and fences of every
order, calls that order and calls that do not, locals and heap blocks that stay and that leave.
Each global is shared; most of the races are not guarded against.

A turn ends with a release that nobody acquires: an epoch lies in one turn, so that the accesses
that may stand for each other are in one function.
"""
import random
import sys

THREADS = 3
TURNS = 15
SCALARS = 8
ARRAYS = 4
LENGTH = 48
FLAGS = 3
LOCKS = 2

ORDERS_LOAD = ["relaxed", "acquire", "seq_cst"]
ORDERS_STORE = ["relaxed", "release", "seq_cst"]
ORDERS_BOTH = ["relaxed", "acquire", "release", "acq_rel", "seq_cst"]

HEAD = """\
#include "barrier.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct barrier step;
struct pair { unsigned a; unsigned b; };
"""

HELPERS = """\
__attribute__((noinline)) static unsigned pure(unsigned x) { return x * 7 + 1; }
__attribute__((noinline)) static void bump(unsigned *p) { *p += 1; }
__attribute__((noinline)) static void bump_in_order(unsigned *p)
{
    pthread_mutex_lock(&lock0);
    *p += 1;
    pthread_mutex_unlock(&lock0);
}
__attribute__((noinline)) static void flag_up(void)
{
    atomic_store_explicit(&flag0, 1, memory_order_release);
}
__attribute__((noinline)) static unsigned flag_seen(void)
{
    return (unsigned)atomic_load_explicit(&flag0, memory_order_acquire);
}
__attribute__((noinline)) static unsigned sum_of(const unsigned *p, int n)
{
    unsigned sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i];
    return sum;
}
__attribute__((noinline)) static void fill(unsigned *p, int n, unsigned v)
{
    for (int i = 0; i < n; i++)
        p[i] = v + (unsigned)i;
}
"""


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0
        self.holds = False  # a lock: no second one, no leaving with it

    def name(self):
        self.names += 1
        return f"v{self.names}"

    def scalar(self):
        return f"g{self.random.randrange(SCALARS)}"

    def array(self):
        return f"a{self.random.randrange(ARRAYS)}"

    def condition(self):
        return self.random.choice(["n > 20", "n < 20", f"({self.scalar()} & 1)", "x & 1", "n == 24"])

    # Each makes the text of one statement.

    def read(self, _):
        return f"x += {self.scalar()};"

    def write(self, _):
        return f"{self.scalar()} = x;"

    def update(self, _):
        return f"{self.scalar()}++;"

    def pair(self, _):
        return self.random.choice([
            "x += pairs[n & 7].a;", "pairs[n & 7].b = x;", "pairs[3] = pairs[n & 7];",
            "x += pairs[n & 7].a + pairs[n & 7].b;",
            "memset(&pairs[2], 0, sizeof(struct pair));", "pairs[1].a += pairs[1].b;"])

    def element(self, _):
        array, at = self.array(), self.random.choice(["n", "n - 1", "n + 1", "3", "(x & 15)"])
        return self.random.choice([f"x += {array}[{at}];", f"{array}[{at}] = x;",
                                   f"{array}[{at}] += {self.array()}[{at}];"])

    def loop(self, depth):
        i, array, other = self.name(), self.array(), self.array()
        head = self.random.choice([
            f"for (int {i} = 0; {i} < n; {i}++)", f"for (int {i} = n - 1; {i} >= 0; {i}--)",
            f"for (int {i} = 0; {i} < n; {i} += 2)", f"for (int {i} = 4; {i} != 40; {i}++)",
            f"for (unsigned {i} = 0; {i} < (unsigned)n; {i}++)"])
        body = self.random.choice([
            f"x += {array}[{i}];", f"{array}[{i}] = x;", f"{array}[{i}] += {other}[{i}];",
            f"{array}[{i}] = pure({array}[{i}]);", f"{self.scalar()} += {array}[{i}];",
            f"if ({array}[{i}] == 77777) break;", f"if ({i} & 1) {array}[{i}] = x;",
            f"{array}[{i}] = (unsigned)(int)sin(x);", f"{array}[{i} + 1] = {array}[{i}];",
            f"atomic_fetch_add_explicit(&flag1, {array}[{i}], memory_order_relaxed);",
            f"if ({i} == 30) flag_up(); else {array}[{i}] = 1;",
            f"{{ x += flag_seen(); {array}[{i}] = x; }}"])
        if depth < 2 and self.random.random() < 0.3:
            body = "{ " + body + " " + self.statement(depth + 1) + " }"
        return f"{head} {body}"

    def cursors(self, _):
        """Two that the data stop, and that go on from there."""
        i, j, up, down = self.name(), self.name(), self.array(), self.array()
        pick = self.random.choice
        lines = [f"do {{ x += {up}[{i}]; {i}++; }} while ({i} < 40 && (x & 3));",
                 f"do {{ x ^= {down}[{j}]; {j}--; }} while ({j} > 0 && (x & 1));"]
        if self.random.random() < 0.3:
            lines.pop(self.random.randrange(2))
        lines.append(pick(["", f"{up}[{i}] = x;", f"if (x & 1) {down}[{j} + 1] = x;",
                           f"{self.scalar()} += x;", f"if (x == 77777) break;",
                           f"if ({i} > 30) flag_up();"]))
        return (f"{{ int {i} = 0, {j} = n; do {{ {' '.join(lines)} {i}++; {j} -= {pick([0, 1, 1])}; }} "
                f"while ({i} < n && {j} > 3); }}")

    def columns(self, _):
        i, j, array = self.name(), self.name(), self.array()
        width = self.random.choice([6, 4])
        at = self.random.choice([f"{i} * 6 + {j}", f"{j} * 6 + {i}"])
        body = self.random.choice([f"{array}[{at}] = x;", f"x += {array}[{at}];"])
        return (f"for (int {i} = 0; {i} < {width}; {i}++) for (int {j} = 0; {j} < 6; {j}++) "
                f"{body}")

    def branch(self, depth):
        if depth > 2:
            return self.update(depth)
        text = f"if ({self.condition()}) {{ {self.statement(depth + 1)} {self.statement(depth + 1)} }}"
        if self.random.random() < 0.5:
            text += f" else {{ {self.statement(depth + 1)} }}"
        return text

    def leave(self, _):
        if self.holds:
            return self.read(0)
        return f"if (n == {self.random.choice([24, 1000])} && {self.condition()}) return;"

    def locked(self, depth):
        if self.holds:
            return self.update(depth)
        lock = f"&lock{self.random.randrange(LOCKS)}"
        self.holds = True
        inside = self.statement(depth + 2)
        self.holds = False
        return (f"pthread_mutex_lock({lock}); {inside} {self.update(depth)} "
                f"pthread_mutex_unlock({lock});")

    def atomic(self, _):
        flag = f"&flag{self.random.randrange(FLAGS)}"
        pick = self.random.choice
        return pick([
            f"x += atomic_load_explicit({flag}, memory_order_{pick(ORDERS_LOAD)});",
            f"atomic_store_explicit({flag}, 1, memory_order_{pick(ORDERS_STORE)});",
            f"x += atomic_fetch_add_explicit({flag}, 1, memory_order_{pick(ORDERS_BOTH)});",
            f"atomic_thread_fence(memory_order_{pick(ORDERS_BOTH)});"])

    def call(self, _):
        pick = self.random.choice
        bump = "bump" if self.holds else pick(["bump", "bump_in_order"])
        return pick(["x = pure(x);", f"{bump}(&{self.scalar()});", "flag_up();", "x += flag_seen();",
                     f"x += sum_of({self.array()}, n);", f"fill({self.array()}, n, x);",
                     "x += (unsigned)sqrt(x);"])

    def local(self, _):
        v = self.name()
        return self.random.choice([
            f"unsigned {v}[16]; fill({v}, 16, x); x += sum_of({v}, 16) + {v}[3];",
            f"unsigned *{v} = malloc(64); fill({v}, 16, x); {v}[2] = x; x += {v}[n & 7]; free({v});",
            f"unsigned *{v} = n > 20 ? &{self.scalar()} : &{self.scalar()}; *{v} += 1; x += *{v};"])

    def leaving(self, _):
        """Heap memory that another thread finds."""
        v = self.name()
        order = self.random.choice(ORDERS_STORE)
        return self.random.choice([
            f"unsigned *{v} = malloc(64); {v}[2] = x; "
            f"atomic_store_explicit(&found, {v}, memory_order_{order});",
            f"unsigned *{v} = atomic_load_explicit(&found, "
            f"memory_order_{self.random.choice(ORDERS_LOAD)}); if ({v}) {{ x += {v}[2]; {v}[3] = x; }}"])

    def statement(self, depth=0):
        kinds = [self.read, self.write, self.update, self.pair, self.element, self.loop,
                 self.columns, self.cursors, self.branch, self.leave, self.locked, self.atomic, self.call,
                 self.local, self.leaving]
        weights = [4, 4, 4, 3, 4, 6, 2, 2, 4, 1, 2, 2, 3, 2, 1]
        kind = self.random.choices(kinds, weights)[0]
        return kind(depth) if kind not in (self.local, self.leaving) else f"{{ {kind(depth)} }}"

    def text(self):
        lines = [HEAD]
        lines += [f"unsigned g{i};" for i in range(SCALARS)]
        lines += [f"unsigned a{i}[{LENGTH}];" for i in range(ARRAYS)]
        lines += [f"atomic_uint flag{i};" for i in range(FLAGS)]
        lines += [f"pthread_mutex_t lock{i} = PTHREAD_MUTEX_INITIALIZER;" for i in range(LOCKS)]
        lines += ["struct pair pairs[8];", "unsigned *_Atomic found;", "atomic_int unread;", "unsigned result[64];", HELPERS]
        owners = [self.random.randrange(THREADS) for _ in range(TURNS)]
        for turn, owner in enumerate(owners):
            lines += [f"__attribute__((noinline)) static void turn{turn}(int n, unsigned x)", "{"]
            lines += [f"    {self.statement()}" for _ in range(self.random.randrange(6, 14))]
            lines += [f"    result[{turn}] = x;", "}", ""]
        for thread in range(THREADS):
            lines += [f"static void *thread{thread}(void *argument)", "{",
                      "    int n = *(int *)argument;"]
            for turn, owner in enumerate(owners):
                if owner == thread:
                    lines += [f"    barrier_await(&step, {turn});", f"    turn{turn}(n, {turn});",
                              "    atomic_store_explicit(&unread, 1, memory_order_release);",
                              "    barrier_arrive(&step);"]
            lines += ["    return NULL;", "}", ""]
        lines += ["int main(int argc, char **argv)", "{", "    (void)argv;",
                  "    int n = 23 + argc;", f"    pthread_t threads[{THREADS}];"]
        for thread in range(THREADS):
            lines += [f"    pthread_create(&threads[{thread}], NULL, thread{thread}, &n);"]
        lines += [f"    for (int i = 0; i < {THREADS}; i++)",
                  "        pthread_join(threads[i], NULL);", "    return 0;", "}"]
        return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(Program(int(sys.argv[1])).text())
