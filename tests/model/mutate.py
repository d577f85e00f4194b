#!/usr/bin/env python3
"""Weaken each memory order of the run queue, claim, park, lock and channels; a test must fail.

Usage: mutate.py --source RUNTIME --build BUILD [--only TEXT] [--list]
       mutate.py --source RUNTIME --only TEXT --write FILE

One order at a time becomes the next weaker one, or a barrier goes, in a copy of the runtime's
sources; what depends on it is compiled as BUILD compiles it, and the model tests of its room run
until one fails.  A mutant that none of them notices must stand in survivors.txt with the reason
why the order stays, and what stands there must survive.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
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
    "sched/thread.c": ["park", "chan", "runtime"],
    "chan/chan.c": ["chan", "select", "runtime"],
    "chan/chan.h": ["chan", "select", "runtime"],
    "chan/waitq.h": ["chan", "select", "runtime"],
    "chan/select.c": ["select", "chan", "runtime"],
    "sync/sema.c": ["sema"],
    "sync/map.c": ["map"],
}

WEAKER = {
    "load": {"acquire": ["relaxed"], "seq_cst": ["acquire"]},
    "store": {"release": ["relaxed"], "seq_cst": ["release"]},
    "rmw": {"acquire": ["relaxed"], "release": ["relaxed"], "acq_rel": ["acquire", "release"],
            "seq_cst": ["acq_rel"]},
}
OPERATION = re.compile(
    r"\b(load|store|exchange|cas|fetch_add|fetch_sub|fetch_or|fetch_and)_"
    r"(acquire|release|acq_rel|seq_cst)\(")
BARRIER = re.compile(r"\b(compiler_barrier|goc__barrier_heavy|fence_\w+)\(\);")


class Mutant:
    def __init__(self, path, number, line, start, end, new):
        self.path, self.number, self.new = path, number, new
        self.old = line[start:end]
        self.line = line[:start] + new + line[end:]
        self.context = line.strip()

    def key(self):
        return " | ".join([self.path, f"{self.old} -> {self.new or 'nothing'}", self.context])


def mutants_of(source, path):
    for number, line in enumerate((source / path).read_text().splitlines()):
        if line.lstrip().startswith(("*", "/*", "//")):
            continue
        for match in OPERATION.finditer(line):
            name, order = match.groups()
            kind = name if name in ("load", "store") else "rmw"
            for weaker in WEAKER[kind].get(order, []):
                yield Mutant(path, number, line, match.start(), match.end() - 1,
                             f"{name}_{weaker}")
        for match in BARRIER.finditer(line):
            yield Mutant(path, number, line, match.start(), match.end() - 1, "")


class Build:
    """The model's objects, and how each is made."""

    def __init__(self, build, source):
        self.build, self.source = build, source
        self.commands = {}
        for entry in json.loads((build / "compile_commands.json").read_text()):
            words = shlex.split(entry["command"])
            output = words[words.index("-o") + 1]
            if output.startswith("tests/model/") and output.endswith(".c.o"):
                self.commands[output] = entry
        text = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], check=True,
                              capture_output=True, text=True).stdout
        self.needs = {}
        for block in text.split("\n\n"):
            lines = block.strip().splitlines()
            if lines:
                # A compiler cache may have made the paths relative.
                self.needs[lines[0].split(":")[0]] = {
                    os.path.normpath(build / line.strip()) for line in lines[1:]}

    def objects(self, target):
        return [output for output in self.commands if f"/{target}.dir/" in output]

    def dependents(self, path):
        full = str(self.source / path)
        return [output for output in self.commands
                if self.commands[output]["file"] == full or full in self.needs.get(output, ())]

    def compile(self, output, source, to):
        entry = self.commands[output]
        words = [word.replace(str(self.source), str(source))
                 for word in shlex.split(entry["command"])]
        words[words.index("-o") + 1] = str(to)
        for flag in ("-MT", "-MF"):
            if flag in words:
                words[words.index(flag) + 1] = str(to) + ".d"
        words = [word for word in words if word != "-g"] + ["-Wno-everything"]
        return subprocess.Popen(words, cwd=entry["directory"], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def compiler(self):
        words = shlex.split(next(iter(self.commands.values()))["command"])
        return next(word for word in words if "clang" in word or "gcc" in word)


def make(build, mutant, source, work):
    """The mutant's objects, by the name of the object each stands for."""
    made, running = {}, []
    for output in build.dependents(mutant.path):
        made[output] = work / (output.replace("/", "_"))
        running.append((output, build.compile(output, source, made[output])))
        if len(running) >= 2:
            finish(*running.pop(0))
    while running:
        finish(*running.pop(0))
    return made


def finish(output, process):
    text, _ = process.communicate()
    if process.returncode != 0:
        sys.exit(f"mutate.py: {output} does not compile:\n{text}")


def notices(build, test, made, work):
    """Does TEST fail with the mutant's objects in place of its own?"""
    objects = build.objects("goc-modelled") + build.objects(f"model_test_{test}")
    program = work / f"model_{test}"
    link = [build.compiler(), "-o", program,
            *[made.get(output, build.build / output) for output in objects],
            next(build.build.rglob("libgoc-model.a")), "-lpthread"]
    subprocess.run(list(map(str, link)), check=True)
    try:
        run = subprocess.run([str(program)], capture_output=True, timeout=TEST_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


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


def survives(build, mutant, original, work):
    source = work / "runtime"
    shutil.copytree(original, source)
    (source / mutant.path).write_text(mutated(mutant, original))
    made = make(build, mutant, source, work)
    return not any(notices(build, test, made, work) for test in ROOMS[mutant.path])


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
    options = parser.parse_args()
    source = options.source.resolve()
    mutants = [m for path in ROOMS for m in mutants_of(source, path) if options.only in m.key()]
    reasons, wrong = read_survivors(), 0
    if options.list:
        print("\n".join(m.key() for m in mutants))
        return 0
    if options.write:
        return write(mutants, source, options.write)
    if not options.build:
        parser.error("--build is missing")
    build, seen = Build(options.build.resolve(), source), set()
    for mutant in mutants:
        with tempfile.TemporaryDirectory(dir=build.build, prefix="mutant") as work:
            alive = survives(build, mutant, source, pathlib.Path(work))
        expected = mutant.key() in reasons
        seen.add(mutant.key())
        wrong += alive != expected
        verdict = ("survives" if alive else "noticed") + ("" if alive == expected else ": WRONG")
        print(f"{verdict:16} {mutant.path}:{mutant.number + 1}: {mutant.key()}", flush=True)
    for key in reasons:
        if options.only in key and key not in seen:
            print(f"stale: no such mutant: {key}")
            wrong += 1
    print(f"{len(mutants)} mutants, {wrong} wrong")
    return 1 if wrong or not mutants else 0


if __name__ == "__main__":
    sys.exit(main())
