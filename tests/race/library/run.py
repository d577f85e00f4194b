#!/usr/bin/env python3
"""Compile library.c and program.c with goc-cc -race=goc, run a scenario: its name is its verdict.

The library is opened by the program; and of what is thread-local also linked with it.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RACE_STATUS = 66  # RACE_EXIT_STATUS in goc/race_record.h
# What the report of a scenario says.
SAID = {"race_thread_local": r"Location is thread-local variable 'own\.lost' in 'own' of size 8 "
                             r"at .*library\.c:\d+, of thread \d+"}


def main(goc_cc, support, barrier, work, scenario):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    compile_with = [goc_cc, "-race=goc", "-g", "-O1", "-Wall", "-Werror", f"-I{support}"]
    library, program = work / "library.so", work / "program"
    subprocess.run([*compile_with, "-fPIC", "-shared", HERE / "library.c", "-o", library], check=True)
    ways = [[], ["-Wl,--no-as-needed", library]]
    for linked in ways if scenario in SAID else ways[:1]:
        subprocess.run([*compile_with, HERE / "program.c", "-o", program, barrier, *linked], check=True)
        result = subprocess.run([program, library, scenario], capture_output=True, text=True)
        expected = RACE_STATUS if scenario.startswith("race_") else 0
        if result.returncode != expected:
            print(f"ended with {result.returncode}, expected {expected}", result.stdout, result.stderr)
            return 1
        if not re.search(SAID.get(scenario, ""), result.stderr):
            print(f"does not say {SAID[scenario]}", result.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
