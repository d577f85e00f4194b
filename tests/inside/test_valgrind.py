#!/usr/bin/env python3
"""Valgrind knows goroutines' stacks: no false report, and a true one shows the goroutine's stack."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

SKIP_STATUS = 77
ERROR_STATUS = 3


def require(condition, message, done):
    if not condition:
        print(f"{message}; status {done.returncode}\n{done.stdout}{done.stderr}")
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--headers", required=True)
    parser.add_argument("source", type=pathlib.Path)
    options = parser.parse_args()
    for missing, what in ((shutil.which("valgrind") is None, "valgrind is not installed"),
                          (options.headers != "1", "goc was built without valgrind's headers")):
        if missing:
            print(f"skipped: {what}")
            sys.exit(SKIP_STATUS)
    options.work.mkdir(parents=True, exist_ok=True)
    program = options.work / "stacks"
    # Valgrind 3.19, Debian 12's, cannot read the DWARF 5 that clang makes by default.
    subprocess.run([options.bin / "goc-cc", "-gdwarf-4", "-O1", str(options.source), "-o",
                    str(program)], check=True)

    def run(*words, procs):
        environment = dict(os.environ, GOMAXPROCS=procs)
        return subprocess.run(["valgrind", "-q", f"--error-exitcode={ERROR_STATUS}", program,
                               *words], env=environment, capture_output=True, text=True)

    for procs in ("1", "4"):
        done = run(procs=procs)
        require((done.returncode, done.stdout, done.stderr) == (0, "all right\n", ""),
                f"a false report with {procs} Ps", done)
    done = run("undefined", procs="2")
    require(done.returncode == ERROR_STATUS, "an undefined value was not seen", done)
    for words in ("uninitialised value", ": use_undefined (", ": undefined (",
                  ": goroutine_start ("):
        require(words in done.stderr, f"the report does not say: {words}", done)
    print("Valgrind knows goroutines' stacks")


if __name__ == "__main__":
    main()
