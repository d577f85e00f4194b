#!/usr/bin/env python3
"""The cases of Go's race detector suite, in C: run them, or hold the table against what is there.

cases.tsv lists every case: Go's file, name and verdict, and why it has no counterpart in C where
it has none.  The C files beside it are named after Go's, FILE.c or FILE_part.c, and have one
function CASE(Name) a case (cases.h).

  cases.py run …     compile one C file with goc-cc -race=goc, run each case in a process of its
                     own; every verdict has to be the table's
  cases.py check …   every case of the table has either a counterpart in a C file of its Go file
                     or a reason, none has both, and docs/go-race-cases.md says so
  cases.py table     print the tables of docs/go-race-cases.md
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOTAL = 353
RACE_STATUS = 66  # RACE_EXIT_STATUS in goc/race_record.h
RACE_LINE = "WARNING: DATA RACE"
SECONDS_MAX = 60


def table():
    """{case: (Go's file, is it a race, why there is no counterpart or "")}"""
    cases = {}
    for line in (HERE / "cases.tsv").read_text().splitlines()[1:]:
        file, name, expected, *reason = line.split("\t")
        if expected not in ("race", "norace") or name in cases:
            sys.exit(f"cases.tsv: {line}")
        cases[name] = (file, expected == "race", reason[0] if reason else "")
    return cases


def source_of(cases):
    """{case: the C file that has it}; exits where a file has a case that is not its own."""
    found = {}
    for source in sorted(HERE.glob("*.c")):
        for name in re.findall(r"^CASE\((\w+)\)", source.read_text(), re.MULTILINE):
            if name not in cases:
                sys.exit(f"{source.name}: {name} is in no line of cases.tsv")
            if source.stem.split("_")[0] != cases[name][0]:
                sys.exit(f"{source.name}: {name} belongs to {cases[name][0]}")
            if name in found:
                sys.exit(f"{source.name}: {name} is also in {found[name]}")
            found[name] = source.name
    return found


def tables(cases, sources):
    lines = []
    for file in sorted({file for file, _, _ in cases.values()}):
        lines += ["", f"## {file}_test.go", "", "| Go | verdict | goc |", "|---|---|---|"]
        for name, (of, race, reason) in cases.items():
            if of == file:
                verdict = "race" if race else "no race"
                where = f"none: {reason}" if reason else f"`tests/race/go/{sources[name]}`"
                lines.append(f"| {name} | {verdict} | {where} |")
    return "\n".join(lines) + "\n"


def check(document):
    cases = table()
    sources = source_of(cases)
    problems = []
    if len(cases) != TOTAL:
        problems.append(f"cases.tsv has {len(cases)} cases, not {TOTAL}")
    for name, (_, _, reason) in cases.items():
        if (name in sources) == bool(reason):
            problems.append(f"{name} has " + ("a counterpart and a reason for none" if reason else
                                              "neither a counterpart nor a reason"))
    if not problems and not document.read_text().endswith(tables(cases, sources)):
        problems.append(f"{document}: the tables are not what cases.py table prints")
    print("\n".join(problems) or f"{len(sources)} of {len(cases)} cases have a counterpart")
    return bool(problems)


def build(options):
    options.work.mkdir(parents=True, exist_ok=True)
    program = options.work / options.source.stem
    subprocess.run([options.bin / "goc-cc", "-race=goc", "-g", "-O1", "-Wall", "-Werror",
                    "-Wno-unused-but-set-variable", "-D_GNU_SOURCE", f"-I{options.support}",
                    options.source, "-o", program, options.barrier], check=True)
    return program


def verdict_is_right(options, program, name, race):
    environment = dict(os.environ, GOMAXPROCS=options.procs)
    for variable in ("GOC_RACE", "GOC_DEBUG", "GOC_TRACEBACK", "GOC_TRACE"):
        environment.pop(variable, None)
    result = subprocess.run([program, name], env=environment, cwd=options.work, timeout=SECONDS_MAX,
                            stdin=subprocess.DEVNULL, capture_output=True)
    output = (result.stdout + result.stderr).decode(errors="replace")
    if result.returncode == (RACE_STATUS if race else 0) and (RACE_LINE in output) == race:
        return True
    print(f"{name} ended with {result.returncode}, expected " + ("a race" if race else "no race"))
    print(output)
    return False


def run(options):
    cases = table()
    program = build(options)
    listed = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    if sorted(listed) != sorted(name for name, source in source_of(cases).items()
                                if source == options.source.name):
        print("the program lists other cases than the source has")
        return 1
    wrong = 0
    for _ in range(options.repeat):
        wrong += sum(not verdict_is_right(options, program, name, cases[name][1])
                     for name in listed)
    print(f"{wrong} of {len(listed) * options.repeat} verdicts wrong")
    return wrong > 0


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run")
    for option in ("bin", "support", "barrier", "work"):
        runs.add_argument(f"--{option}", required=True, type=pathlib.Path)
    runs.add_argument("--procs", required=True)
    runs.add_argument("--repeat", type=int, default=1)
    runs.add_argument("source", type=pathlib.Path)
    checks = commands.add_parser("check")
    checks.add_argument("document", type=pathlib.Path)
    commands.add_parser("table")
    options = parser.parse_args()
    if options.command == "run":
        return run(options)
    if options.command == "check":
        return check(options.document)
    cases = table()
    print(tables(cases, source_of(cases)), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
