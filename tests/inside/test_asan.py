#!/usr/bin/env python3
"""AddressSanitizer knows goroutines' stacks: no false report, no warning, and true reports."""
import argparse
import os
import pathlib
import subprocess
import sys

SKIP_STATUS = 77


def require(condition, message, done):
    if not condition:
        print(f"{message}; status {done.returncode}\n{done.stdout}{done.stderr}")
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    program = options.work / "stacks"
    built = subprocess.run([options.bin / "goc-cc", "-g", "-O1", "-fsanitize=address",
                            str(options.source), "-o", str(program)],
                           capture_output=True, text=True)
    if "libclang_rt.asan" in built.stderr:
        print("skipped: this clang has no AddressSanitizer")
        sys.exit(SKIP_STATUS)
    require(built.returncode == 0, "does not compile", built)

    def run(*words, procs="4", after_return="1"):
        environment = dict(os.environ, GOMAXPROCS=procs, ASAN_OPTIONS="detect_leaks=0:"
                           f"detect_stack_use_after_return={after_return}")
        return subprocess.run([program, *words], env=environment, capture_output=True, text=True)

    for procs in ("1", "2", "4"):
        for after_return in ("0", "1"):
            done = run(procs=procs, after_return=after_return)
            require((done.returncode, done.stdout, done.stderr) == (0, "all right\n", ""),
                    f"a false report with {procs} Ps", done)
    done = run("overflow")
    require("stack-buffer-overflow" in done.stderr and "'array'" in done.stderr and
            "located in stack of thread" in done.stderr, "an overflow was not seen", done)
    done = run("return")
    require("stack-use-after-return" in done.stderr and "'local'" in done.stderr,
            "a use after return was not seen", done)
    print("AddressSanitizer knows goroutines' stacks")


if __name__ == "__main__":
    main()
