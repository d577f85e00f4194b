#!/usr/bin/env python3
"""Measure goc beside its rivals: one question a row, both sides in turn, medians, a ratio.

    bench.py --build DIR GROUP [--json FILE] [--runs N] [--only ROW]

Below 1 the ratio says that goc is better, whatever the unit.  The two sides run interleaved
(ours, rival, ours, rival, ...), so that a machine whose speed drifts is fair to both.
A rival that is not installed gives null, and a line that says so.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import exact_rows
from measure import (HERE, OPTIMIZED, build_helper, compile_or_fail, fail, find_clang,
                     find_go, go_environment, interleaved, medians, note, number_printed, result_row,
                     run)
from race_rows import race_group
from rivals_rows import rivals_group

USAGE_STATUS = 2
RUNS_MIN = 5

# Row: its name, the program's (the same in bench/runtime and bench/go), its arguments, the
# unit of the number that both print ("ms a process": that lifetime.c prints) and our GOC_DEBUG.
Row = collections.namedtuple("Row", "name program arguments unit debug", defaults=[""])
RUNTIME_ROWS = [
    Row("spawn", "spawn", [], "ns"),
    Row("spawn_batch", "spawn_batch", [], "ns"),
    Row("pingpong", "pingpong", [], "ns a round trip"),
    Row("buffered_1_1", "buffered", ["1"], "ns"),
    Row("buffered_8_8", "buffered", ["8"], "ns"),
    Row("ring", "ring", [], "ns a hop"),
    Row("skynet", "skynet", [], "ms"),
    Row("sieve", "sieve", [], "ms"),
    Row("select_2", "select", ["2"], "ns"),
    Row("select_8", "select", ["8"], "ns"),
    Row("select_2_blocking", "select", ["2", "1"], "ns"),
    Row("select_8_blocking", "select", ["8", "1"], "ns"),
    Row("select_default", "select_default", [], "ns"),
    Row("mutex", "mutex", ["1"], "ns"),
    Row("mutex_8", "mutex", ["8"], "ns"),
    Row("mutex_1000", "mutex", ["1000"], "ns"),
    Row("rwmutex_read", "rwmutex", [], "ns"),
    Row("waitgroup", "waitgroup", [], "ns"),
    Row("once", "once", [], "ns"),
    Row("yield", "yield", [], "ns"),
    Row("timers_cpu", "sleepers", ["1000000", "0"], "ms of CPU"),
    Row("timers_late_p99", "sleepers", ["1000000", "1"], "us"),
    Row("sleep_50us_late", "sleep_late", [], "us"),
    Row("echo_rps", "echo", ["64", "0"], "requests a second"),
    Row("echo_p99", "echo", ["64", "1"], "us"),
    Row("echo_rps_iouring", "echo", ["64", "0"], "requests a second", "iouring=1"),
    Row("echo_p99_iouring", "echo", ["64", "1"], "us", "iouring=1"),
    Row("echo_rps_kernel", "echo", ["64", "2"], "requests a second"),
    Row("memory_parked", "memory_parked", [], "bytes a goroutine"),
    Row("memory_parked_small", "memory_parked", ["1000000", "1"], "bytes a goroutine"),
    Row("scaling", "scaling", [], "time on 2 Ps / on 1"),
    Row("start", "hello", [], "ms a process"),
]
COMPILE_FUNCTIONS = 2000
PROCESSES_A_RUN = 25  # of "ms a process"


# ---- runtime: beside Go ---------------------------------------------------------------

def runtime_group(options, work):
    go = find_go()
    rival_name = "Go"
    if go:
        version = subprocess.run([go, "version"], capture_output=True, text=True).stdout
        rival_name = "Go " + re.search(r"go(\d+\.\d+)", version).group(1)
    else:
        note("Go is not installed: no rival to measure (Debian: golang-go)")
    environment = {**go_environment(work)}
    built = set()
    for row in RUNTIME_ROWS:
        if options.only and row.name != options.only:
            continue
        sides = {"ours": work / f"{row.program}-goc"}
        if go:
            sides["rival"] = work / f"{row.program}-go"
        if row.program not in built:
            built.add(row.program)
            compile_or_fail([options.build / "bin/goc-cc", *OPTIMIZED, f"-I{HERE}",
                             HERE / "runtime" / f"{row.program}.c", "-o", sides["ours"]])
            if go:
                compile_or_fail([go, "build", "-o", sides["rival"], HERE / "go/bench.go",
                                 HERE / "go" / f"{row.program}.go"], environment)

        lifetime = []
        if row.unit == "ms a process":
            lifetime = [str(build_helper(options, work, "lifetime")), str(PROCESSES_A_RUN)]

        def measure(side):
            command = [*lifetime, str(sides[side]), *row.arguments]
            text, _ = run(command, {**environment, "GOC_DEBUG": row.debug})
            return number_printed(text, command)

        samples = interleaved(sides, options.runs, measure)
        median = medians(samples)
        yield result_row(row.name, row.unit, median["ours"], median.get("rival"), rival_name)


# ---- compile: beside clang --------------------------------------------------------------

def many_functions(count):
    """A C file of COUNT small functions that call each other: work for a compiler."""
    lines = ["#include <stdio.h>", "#include <string.h>", "int f0(int *v, int n) { return v[n]; }"]
    for i in range(1, count):
        lines += [f"int f{i}(int *v, int n)", "{", "    int sum = 0;",
                  f"    for (int i = 0; i < n; i++)", f"        sum += v[i] * {i} + (v[i] >> {i % 7});",
                  f"    return n > 3 ? sum + f{i - 1}(v, n - 1) : sum;", "}"]
    lines += ["int main(void) { int v[64] = {0}; return f%d(v, 64); }" % (count - 1)]
    return "\n".join(lines) + "\n"


def compile_group(options, work):
    goc_cc = options.build / "bin/goc-cc"
    clang = find_clang(options)
    source = work / "many_functions.c"
    source.write_text(many_functions(COMPILE_FUNCTIONS))
    output = work / "many_functions.o"
    questions = [
        ("plain_c_O0", ["-O0"], ["-O0"], "clang"),
        ("plain_c_O2", ["-O2"], ["-O2"], "clang"),
        ("race_O2", ["-O2", "-g", "-race=goc"], ["-O2", "-g", "-fsanitize=thread"], "clang TSan"),
    ]
    for name, ours, rival, rival_name in questions:
        if options.only and name != options.only:
            continue
        sides = {"ours": [str(goc_cc), *ours], "rival": [clang, *rival]}

        def measure(side):
            command = [*sides[side], "-c", str(source), "-o", str(output)]
            return run(command)[1]

        samples = interleaved(sides, options.runs, measure)
        median = medians(samples)
        yield result_row(name, "ms", median["ours"], median["rival"], rival_name)


# ---- the table ---------------------------------------------------------------------------

def shown(value):
    return "-" if value is None else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"


def print_row(row, is_first, rival_name=None, width=20):
    if is_first:
        print(f"{'row':<{width}}{'ours':>14}{rival_name or row['rival_name']:>14}{'ratio':>8}  unit")
    extra = ""
    if "slowdown_ours" in row:
        extra = (f"   over plain: {row['slowdown_ours']:.2f}x,"
                 f" rival {row['slowdown_rival']:.2f}x")
    print(f"{row['name']:<{width}}{shown(row['ours']):>14}{shown(row['rival']):>14}"
          f"{shown(row['ratio']):>8}  {row['unit']}{extra}", flush=True)


def print_rival_row(row, is_first):
    """A row whose name ends in the rival's."""
    print_row(row, is_first, "rival", 28)


def write_json(path, group, rows):
    """Beside, then renamed: a reader never sees half a file."""
    beside = path.with_name(path.name + ".partial")
    beside.write_text(json.dumps({"group": group, "rows": rows}, indent=2) + "\n")
    beside.replace(path)


# A group yields its rows; show prints one, with the heading before the first.
Group = collections.namedtuple("Group", "rows show", defaults=[print_row])
GROUPS = {
    "runtime": Group(runtime_group),
    "race": Group(race_group),
    "compile": Group(compile_group),
    "rivals": Group(rivals_group, print_rival_row),
    "exact": Group(exact_rows.exact_group, exact_rows.show),
}


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("group", choices=sorted(GROUPS))
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the rows there")
    parser.add_argument("--runs", type=int, default=RUNS_MIN, help="runs a side, 5 or more")
    parser.add_argument("--only", metavar="ROW",
                        help="one row; of race also one program, vsgo, budget, helgrind or drd; of rivals"
                             " also one library; of exact one program, or one subject, as fence")
    parser.add_argument("--prefix", type=pathlib.Path, metavar="DIR",
                        help="where libdill, libmill, neco and marl are installed")
    options = parser.parse_args()
    if options.runs < RUNS_MIN:
        fail(f"--runs {options.runs}: a median wants {RUNS_MIN} runs or more", USAGE_STATUS)
    if options.json and not options.json.resolve().parent.is_dir():
        fail(f"--json {options.json}: there is no such directory", USAGE_STATUS)
    return options


def main():
    options = arguments()
    rows = []
    with tempfile.TemporaryDirectory(prefix="goc-bench-") as directory:
        group = GROUPS[options.group]
        for row in group.rows(options, pathlib.Path(directory)):
            group.show(row, is_first=not rows)
            rows.append(row)
    if not rows:
        fail(f"--only {options.only}: no such row in {options.group}, or it is left out",
             USAGE_STATUS)
    if options.json:
        write_json(options.json, options.group, rows)


if __name__ == "__main__":
    main()
