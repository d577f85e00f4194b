#!/usr/bin/env python3
"""Weaken each memory order of the runtime's scheduler, channels and sync; a test must fail.

Usage: mutate.py --source RUNTIME --build BUILD [--compiler CC] [--only TEXT] [--list] [--jobs N]
       mutate.py --source RUNTIME --compiled [--compiler CC]
       mutate.py --source RUNTIME --only TEXT --write FILE

One order at a time becomes the next weaker one, or a barrier goes, and the model tests that ask
for that file run until one fails.  Nothing is compiled for it: the model gives the operation the
weaker order when it runs (weaker.c).  A barrier that only holds the compiler back is left out, and
what the compiler makes of it is looked at.  A mutant that none of them notices must stand in
survivors.txt with the reason why the order stays, and what stands there must survive.

--write writes the mutated file itself, for tests/views.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TEST_SECONDS = 300  # a test that takes longer hangs, and so has noticed

# Which tests ask for a file's orders, most likely first.
ROOMS = {
    "sched/lock.c": ["lock", "park", "sema"],
    "sched/claim.c": ["claim", "runq", "runtime"],
    "sched/claim.h": ["claim", "runq", "runtime"],
    "sched/runq.c": ["runq", "runtime"],
    "sched/runq.h": ["runq", "runtime"],
    "sched/policy.h": ["runq", "runtime"],
    "sched/policy.c": ["runq", "runtime"],
    "sched/park.c": ["park", "chan", "runtime"],
    "sched/thread.c": ["park", "thread", "chan", "runtime"],
    "sched/idle.c": ["idle", "runtime"],
    "sched/steal.c": ["idle", "runtime"],
    "sched/sched.c": ["idle", "claim", "runtime"],
    "sched/procs.c": ["idle", "runtime"],
    "sched/poller.c": ["poller"],
    "sched/poller.h": ["poller"],
    "sched/boot.c": ["boot", "claim"],
    "sched/boot.h": ["boot"],
    "sched/history.c": ["history"],
    "sched/stack.c": ["boot"],
    "sched/step.c": ["step"],
    "sched/trace.c": ["trace"],
    "sched/newborn.c": ["newborn"],
    "sched/newborn.h": ["newborn"],
    "sched/locked.c": ["idle", "runtime"],
    "sched/monitor.c": ["idle", "thread", "runtime"],
    "sched/monitor.h": ["idle", "runtime"],
    "chan/chan.c": ["chan", "select", "runtime"],
    "chan/chan.h": ["chan", "select", "runtime"],
    "chan/waitq.h": ["chan", "select", "runtime"],
    "chan/select.c": ["select", "chan", "runtime"],
    "sync/sema.c": ["sema"],
    "sync/bias.c": ["bias"],
    "sync/bias.h": ["bias"],
    "sync/mutex.c": ["sema", "sync", "bias"],
    "sync/once.c": ["sema"],
    "sync/rwmutex.c": ["sync", "bias"],
    "sync/waitgroup.c": ["sema", "sync", "bubble"],
    "sync/pool.c": ["sync"],
    "sync/singleflight.c": ["sync"],
    "sync/map.c": ["map"],
    "context/context.c": ["context"],
    "context/cancel.c": ["context"],
    "context/wait.c": ["context"],
    "context/after.c": ["context"],
    "context/errgroup.c": ["context"],
    "io/busy.c": ["io"],
    "io/desc.c": ["io"],
    "io/desc.h": ["io"],
    "io/netpoll.c": ["io"],
    "io/poll.c": ["io"],
    "io/ring.c": ["ring"],
    "io/socket.c": ["io"],
    "io/stream.c": ["io"],
    "io/wait.c": ["io"],
    "os/uring.c": ["ring"],
}

# Barriers that order nothing but keep the compiler from calling a function: which source, compiled
# with the mutated file before the runtime's, shows that it does.
COMPILED = {"base/bytes.h": "bytes.c"}
CALL = re.compile(r"\bmem(cpy|move|set)\b")

WEAKER = {
    "load": {"acquire": ["relaxed"], "seq_cst": ["acquire"]},
    "store": {"release": ["relaxed"], "seq_cst": ["release"]},
    "rmw": {"acquire": ["relaxed"], "release": ["relaxed"], "acq_rel": ["acquire", "release"],
            "seq_cst": ["acq_rel"]},
}
OPERATION = re.compile(
    r"\b(load|store|exchange|cas|fetch_add|fetch_sub|fetch_or|fetch_and)_"
    r"(acquire|release|acq_rel|seq_cst)\(")
ORDER = re.compile(r"acquire|release|acq_rel|seq_cst")
BARRIER = re.compile(r"\b(compiler_barrier|goc__barrier_heavy|fence_\w+)\(\);")


class Mutant:
    """LINES[NUMBER], whose columns START to END name an operation that gets ORDER; None: a
    barrier that goes."""

    def __init__(self, path, lines, number, start, end, order):
        line = lines[number]
        self.path, self.number, self.order = path, number, order
        self.old = line[start:end]
        self.new = ORDER.sub(order, self.old) if order else ""
        self.line = line[:start] + self.new + line[end:]
        self.context = line.strip()
        name = self.old.removesuffix("()")
        argument, self.last = operation_at(lines, number, start + len(name) + 1)
        self.operation = f"{name}({argument}"

    def key(self):
        return " | ".join([self.path, f"{self.old} -> {self.new or 'nothing'}", self.context])

    def wish(self):
        """What GOC_MODEL_WEAKER says of it; the model's own file calls the heavy barrier."""
        heavy = self.operation.startswith("goc__barrier_heavy")
        place = "system.c,0,0" if heavy else f"{self.path},{self.number + 1},{self.last + 1}"
        return f"{place},{self.operation}\t{self.order or 'none'}"


def operation_at(lines, number, column):
    """The first argument of the call whose arguments begin there, as the preprocessor spells
    it, and the last line of its statement, which is where a macro over several lines stands."""
    text, depth, argument, last = lines[number][column:], 0, None, number
    taken = ""
    while True:
        for i, c in enumerate(text):
            if argument is None and (c == "," and depth == 0 or c == ")" and depth == 0):
                argument = taken + text[:i]
            depth += (c in "([") - (c in ")]")
        taken += text + " "
        if argument is not None and re.search(r"[;{]\s*(?:/[/*].*)?$", text):
            return " ".join(argument.split()), last
        last += 1
        text = lines[last].strip()


def mutants_of(source, path):
    lines = (source / path).read_text().splitlines()
    for number, line in enumerate(lines):
        if line.lstrip().startswith(("*", "/*", "//")):
            continue
        for match in OPERATION.finditer(line):
            name, order = match.groups()
            kind = name if name in ("load", "store") else "rmw"
            for weaker in WEAKER[kind].get(order, []):
                yield Mutant(path, lines, number, match.start(), match.end() - 1, weaker)
        for match in BARRIER.finditer(line):
            yield Mutant(path, lines, number, match.start(), match.end() - 1, None)


def notices(build, test, mutant):
    """Does TEST fail with the mutant's order?  None: the operation never ran."""
    program = build / "tests" / f"model_test_{test}"
    environment = dict(os.environ, GOC_MODEL_WEAKER=mutant.wish())
    try:
        run = subprocess.run([str(program)], capture_output=True, timeout=TEST_SECONDS,
                             env=environment, text=True, errors="replace")
    except subprocess.TimeoutExpired:
        return True
    if run.returncode != 0:
        return True
    times = re.search(r"the weaker operation ran (\d+) times", run.stdout)
    return False if int(times.group(1)) else None


def mutated(mutant, source):
    lines = (source / mutant.path).read_text().splitlines()
    lines[mutant.number] = mutant.line
    return "\n".join(lines) + "\n"


def write(mutants, source, path):
    """The one of MUTANTS to PATH, for tests/views."""
    if len(mutants) != 1:
        sys.exit(f"mutate.py: --only names {len(mutants)} mutants")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(mutated(mutants[0], source))
    return 0


def calls(compiler, source, path, text=None):
    """Does what COMPILED names for PATH call a function, with TEXT in place of the file?"""
    with tempfile.TemporaryDirectory() as folder:
        if text is not None:
            copy = pathlib.Path(folder) / path
            copy.parent.mkdir(parents=True)
            copy.write_text(text)
        run = subprocess.run([compiler, "-std=gnu17", "-O2", "-DGOC_RACE", "-I", folder, "-I",
                              str(source), "-S", "-o", "-", str(HERE / COMPILED[path])],
                             capture_output=True, check=True, text=True)
    return CALL.search(run.stdout) is not None


def judge(options, mutant):
    """How the mutant fares, and the test that noticed it."""
    build, source, ran = options.build.resolve(), options.source.resolve(), False
    if mutant.path in COMPILED:
        seen = calls(options.compiler, source, mutant.path, mutated(mutant, source))
        return ("noticed" if seen else "survives"), "compiler"
    for test in ROOMS[mutant.path]:
        seen = notices(build, test, mutant)
        if seen:
            return "noticed", test
        ran = ran or seen is False
    return ("survives" if ran else "never runs"), ""


def read_survivors():
    reasons = {}
    for line in (HERE / "survivors.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            key, reason = line.rsplit(" | ", 1)
            reasons[key] = reason
    return reasons


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True, type=pathlib.Path)
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path,
                        help="only write the one mutant that --only names to this file")
    parser.add_argument("--only", default="", help="mutants whose description has this text")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--compiler", default="clang")
    parser.add_argument("--compiled", action="store_true",
                        help="only ask whether a source of COMPILED calls a function as it stands")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    source = options.source.resolve()
    mutants = [m for path in [*ROOMS, *COMPILED] for m in mutants_of(source, path)
               if options.only in m.key()]
    reasons, wrong = read_survivors(), 0
    if options.list:
        print("\n".join(m.key() for m in mutants))
        return 0
    if options.write:
        return write(mutants, source, options.write)
    if options.compiled:
        called = [path for path in COMPILED if calls(options.compiler, source, path)]
        print("\n".join(f"{path}: a function is called" for path in called))
        return 1 if called else 0
    if not options.build:
        parser.error("--build is missing")
    seen = {mutant.key() for mutant in mutants}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        verdicts = pool.map(lambda m: judge(options, m), mutants)
        for mutant, (fate, test) in zip(mutants, verdicts):
            right = (fate == "noticed") != (mutant.key() in reasons)
            wrong += not right
            verdict = f"{fate} {test}".strip() + ("" if right else ": WRONG")
            print(f"{verdict:18} {mutant.path}:{mutant.number + 1}: {mutant.key()}", flush=True)
    for key in reasons:
        if options.only in key and key not in seen:
            print(f"stale: no such mutant: {key}")
            wrong += 1
    print(f"{len(mutants)} mutants, {wrong} wrong")
    return 1 if wrong or not mutants else 0


if __name__ == "__main__":
    sys.exit(main())
