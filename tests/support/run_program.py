#!/usr/bin/env python3
"""Compile one program with goc-cc, run it, and hold what it did against what was expected.

What is expected:
  status   --exit; else 66 for race_*, deadlock_*, misuse_* and leak_*, 0 otherwise
  report   race_*: "WARNING: DATA RACE" on stderr; norace_*: nowhere;
           nodeadlock_*, nomisuse_*, noleak_*: no "WARNING:" at all, unless --exit says otherwise
  output   where the source has lines "CHECK…:" (or "CHECK-<MODE>…:" for the mode at hand),
           FileCheck holds them against stdout followed by stderr
Plain mode knows no detector: such programs then only have to exit as --exit says.
--repeat runs the program that often; every run must be right.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

RACE_STATUS = 66  # RACE_EXIT_STATUS in goc/race_record.h
RACE_LINE = "WARNING: DATA RACE"
REPORTED = ("race_", "deadlock_", "misuse_", "leak_")
SILENT = ("nodeadlock_", "nomisuse_", "noleak_")
SKIP_STATUS = 77


def fail(message, output=""):
    print(message)
    if output:
        print("---- output ----")
        print(output)
    sys.exit(1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--filecheck", required=True)
    parser.add_argument("--support", required=True, type=pathlib.Path)
    parser.add_argument("--barrier", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--mode", required=True, choices=["plain", "goc", "tsan", "both"])
    parser.add_argument("--exit", type=int)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--check", action="append", default=[])
    parser.add_argument("--flag", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("args", nargs="*")
    return parser.parse_args()


def compile_program(options, program):
    command = [str(options.bin / "goc-cc"), "-g", "-O1", "-Wall", f"-I{options.support}"]
    if options.mode != "plain":
        command.append(f"-race={options.mode}")
    command += options.flag
    command += [str(options.source), "-o", str(program), str(options.barrier), "-lm"]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        fail("does not compile: " + " ".join(command), result.stdout)


def run_once(options, program):
    environment = dict(os.environ)
    for variable in ("GOC_RACE", "GOC_DEBUG", "GOC_TRACEBACK", "GOC_TRACE", "TSAN_OPTIONS",
                     "GOMAXPROCS"):
        environment.pop(variable, None)
    environment.update(pair.split("=", 1) for pair in options.env)
    result = subprocess.run([str(program), *options.args], env=environment, cwd=options.work,
                            stdin=subprocess.DEVNULL, capture_output=True)
    stdout = result.stdout.decode(errors="replace")
    stderr = result.stderr.decode(errors="replace")
    return result.returncode, stdout, stderr


def check_prefixes(options, source_text):
    """The FileCheck prefixes that the source uses; none means no FileCheck run."""
    wanted = options.check or ["CHECK", "CHECK-" + options.mode.upper()]
    used = [p for p in wanted
            if re.search(rf"\b{re.escape(p)}(-NEXT|-SAME|-DAG|-NOT|-LABEL|-EMPTY|-COUNT-\d+)?:",
                         source_text)]
    if options.check and len(used) != len(wanted):
        fail(f"the source does not use every prefix of {wanted}")
    return used


def check_run(options, expected_status, prefixes, run):
    status, stdout, stderr = run
    output = stdout + stderr
    if status != expected_status:
        fail(f"exited {status}, expected {expected_status}", output)
    name = options.source.name
    if options.mode != "plain":
        if name.startswith("race_") and RACE_LINE not in stderr:
            fail("no race was reported", output)
        if name.startswith("norace_") and RACE_LINE in output:
            fail("a race was reported where there is none", output)
        if name.startswith(SILENT) and "WARNING:" in output and not options.exit:
            fail("something was reported where there is nothing", output)
    if prefixes:
        result = subprocess.run(
            [options.filecheck, f"--check-prefixes={','.join(prefixes)}", "--dump-input=never", "--allow-empty",
             "--allow-unused-prefixes=false", str(options.source)],
            input=output, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if result.returncode != 0:
            fail(result.stdout, output)


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    program = options.work / options.source.stem
    expected_status = options.exit
    if expected_status is None:
        is_reported = options.source.name.startswith(REPORTED) and options.mode != "plain"
        expected_status = RACE_STATUS if is_reported else 0
    prefixes = check_prefixes(options, options.source.read_text())
    compile_program(options, program)
    for _ in range(options.repeat):
        run = run_once(options, program)
        if run[0] == SKIP_STATUS and expected_status != SKIP_STATUS:
            print(run[1] + run[2])
            sys.exit(SKIP_STATUS)
        check_run(options, expected_status, prefixes, run)


if __name__ == "__main__":
    main()
