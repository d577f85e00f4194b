#!/usr/bin/env python3
"""Random C programs under -race=goc against the oracle (program.py, oracle.py).

    test_random_programs.py --bin DIR --barrier LIB --support DIR --work DIR [--seed N] [--count N]

For each program: every pair of places that is reported races, as the oracle has it, and every pair
that has to be reported is (oracle.py says which).  A program that differs is named by its
seed; --seed SEED --count 1 runs it alone, and its source stays in the work directory.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

from program import Program

LEVELS = ["-O0", "-O1", "-O2"]
RUN_SECONDS_MAX = 60


class Differs(Exception):
    pass


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--barrier", required=True)
    parser.add_argument("--support", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10)
    return parser.parse_args()


def compile_program(options, source, level):
    binary = source.with_suffix("")
    command = [str(options.bin / "goc-cc"), "-g", level, "-w", "-D_GNU_SOURCE", "-race=goc",
               f"-I{options.support}", str(source), "-o", str(binary), options.barrier]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        raise Differs(f"it does not compile: {' '.join(command)}\n{result.stdout}")
    return binary


def run_program(options, binary, procs):
    """Run BINARY; the races that it reports, as goc-race prints them."""
    for old in options.work.glob(f"{binary.name}.log.*"):
        old.unlink()
    environment = {**os.environ, "GOMAXPROCS": str(procs),
                   "GOC_RACE": f"log_path={binary}.log exitcode=0"}
    result = subprocess.run([str(binary)], env=environment, capture_output=True,
                            timeout=RUN_SECONDS_MAX)
    if result.returncode != 0:
        raise Differs(f"exit status {result.returncode}:\n"
                      + result.stderr.decode(errors="replace")[:4000])
    logs = sorted(map(str, options.work.glob(f"{binary.name}.log.*")))
    if len(logs) != 1:
        raise Differs(f"{len(logs)} logs of one process")
    report = subprocess.run([str(options.bin / "goc-race"), "report", "--format=json", *logs],
                            capture_output=True, text=True)
    if report.returncode not in (0, 66):
        raise Differs(f"goc-race: exit status {report.returncode}: {report.stderr}")
    pathlib.Path(logs[0]).unlink()
    objects = [json.loads(line) for line in report.stdout.splitlines()]
    return [found for found in objects if found["type"] == "race"]


def place_of(access, source, places):
    """The place of the innermost frame that is in the program."""
    for frame in access["stack"]:
        if frame.get("file") == str(source) and frame.get("line") in places:
            return places[frame["line"]]
    raise Differs(f"an access at no place of the program: {json.dumps(access)[:1000]}")


def compare(program, source, text, races):
    places = {}
    lines = {}
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.search(r"//@(\d+)$", line)
        if mark:
            places[number] = int(mark.group(1))
            lines.setdefault(int(mark.group(1)), []).append(f"{number}: {line.strip()}")

    def show(place):
        return "\n    ".join(lines[place])

    found = {}
    for race in races:
        later, prior = (place_of(access, source, places) for access in race["accesses"])
        found.setdefault(later, set()).add(prior)
    oracle = program.oracle
    for later, priors in found.items():
        for prior in priors - oracle.races[later]:
            raise Differs(f"reported, but ordered:\n    {show(prior)}\n  then\n    {show(later)}")
    for later, needed in sorted(oracle.must.items()):
        for priors in needed:
            if not priors & found.get(later, set()):
                raise Differs("not reported:\n    "
                              + "\n  or\n    ".join(show(prior) for prior in sorted(priors))
                              + f"\n  then\n    {show(later)}")
    pairs = sum(len(priors) for priors in oracle.races.values())
    return pairs, sum(len(priors) for priors in found.values())


def check(options, seed):
    program = Program(seed)
    source = options.work / f"random_{seed}.c"
    text = program.text()
    source.write_text(text)
    binary = compile_program(options, source, LEVELS[seed % len(LEVELS)])
    procs = (1, 2, 4)[seed // len(LEVELS) % 3]
    counted = compare(program, source, text, run_program(options, binary, procs))
    source.unlink()
    binary.unlink()
    return counted


def main():
    options = arguments()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    pairs, reported, racy = 0, 0, 0
    for seed in range(options.seed, options.seed + options.count):
        try:
            of_program, of_report = check(options, seed)
        except (Differs, subprocess.TimeoutExpired) as why:
            print(f"the program of seed {seed} differs: {why}")
            print(f"source: {options.work}/random_{seed}.c; alone: --seed {seed} --count 1")
            sys.exit(1)
        pairs, reported, racy = pairs + of_program, reported + of_report, racy + (of_program > 0)
    print(f"{options.count} programs from seed {options.seed}: {racy} race; {pairs} racing pairs of"
          f" places, {reported} reported, and all that have to be")
    if options.count >= 10 and not 0 < racy:
        sys.exit("no program raced: nothing was tested")


if __name__ == "__main__":
    main()
