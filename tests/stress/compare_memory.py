#!/usr/bin/env python3
"""A million goroutines parked at once under -race=goc: the memory of each, beside a plain build's.

    compare_memory.py --bin DIR --bench DIR --work DIR

Shadow memory included, it may be three times as much.  Where a million do not fit the machine, as
many as fit are asked; with memory for fewer than a hundred thousand the test is skipped.
"""
import argparse
import os
import pathlib
import subprocess
import sys

SKIP_STATUS = 77
COUNT_MAX = 1000000
COUNT_MIN = 100000
BYTES_EXPECTED = 20000  # of a goroutine with its shadow; free memory must be as much
RATIO_MAX = 3


def available_bytes():
    for line in open("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def bytes_each(options, flags, count):
    binary = options.work / "memory_parked"
    subprocess.run([str(options.bin / "goc-cc"), "-O2", "-g", "-w", *flags, f"-I{options.bench}",
                    str(options.bench / "runtime/memory_parked.c"), "-o", str(binary)], check=True)
    environment = {**os.environ, "GOMAXPROCS": "2"}
    return float(subprocess.run([str(binary), str(count)], env=environment, check=True,
                                stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--bin", "--bench", "--work"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    options = parser.parse_args()
    count = min(COUNT_MAX, available_bytes() // BYTES_EXPECTED)
    if count < COUNT_MIN:
        print(f"skipped: memory for {count} goroutines only")
        sys.exit(SKIP_STATUS)
    options.work.mkdir(parents=True, exist_ok=True)
    plain = bytes_each(options, [], count)
    ours = bytes_each(options, ["-race=goc"], count)
    print(f"{count} goroutines: {plain:.0f} bytes each, {ours:.0f} with -race=goc, "
          f"{ours / plain:.2f} times as much")
    if ours > RATIO_MAX * plain:
        sys.exit(f"more than {RATIO_MAX} times as much")


if __name__ == "__main__":
    main()
