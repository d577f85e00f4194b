#!/usr/bin/env python3
"""Two libraries, one after the other at the same addresses: each report names the one that it means.

`replaced.py GOC_CC BARRIER SUPPORT WORK`
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RACE_STATUS = 66  # RACE_EXIT_STATUS in goc/race_record.h
NAMES = ["one", "two"]  # of the libraries; "two_touch" is what races in the second


def main(goc_cc, barrier, support, work):
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    compile_with = [goc_cc, "-race=goc", "-D_GNU_SOURCE", "-g", "-O1", "-Wall", "-Werror", f"-I{support}"]
    libraries = [work / f"{name}.so" for name in NAMES]
    for name, library in zip(NAMES, libraries):
        later = ["-DLATER=two_reset"] if name == "two" else []
        subprocess.run([*compile_with, "-fPIC", "-shared", f"-DTOUCH={name}_touch", *later,
                        HERE / "replaced_library.c", "-o", library], check=True)
    program = work / "program"
    subprocess.run([*compile_with, HERE / "replaced.c", "-o", program, barrier], check=True)
    result = subprocess.run([program, *libraries], capture_output=True, text=True)
    if result.returncode == 77:
        print("the kernel put them at different addresses")
        return 77
    if result.returncode != RACE_STATUS:
        print(f"ended with {result.returncode}", result.stdout, result.stderr)
        return 1
    reports = result.stderr.split("WARNING: DATA RACE")[1:]
    for name, report in zip(NAMES, reports):
        others = [other for other in NAMES if other != name]
        if f"{name}_touch" not in report or any(f"{other}_touch" in report for other in others):
            print(f"a report does not name {name}_touch, or not alone:", report)
            return 1
    return 0 if len(reports) == len(NAMES) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
