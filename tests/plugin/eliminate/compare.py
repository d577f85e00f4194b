#!/usr/bin/env python3
"""Do programs report the same races with the eliminations and without?

    compare.py --bin DIR --support DIR --barrier FILE --work DIR [--flag F…] [FILE…] [--seeds A:B]

Each program (a file, or generate.py's for each seed) is built three times: with every elimination
("on"), with none ("off"), and with the one that only leaves out what the detector was told already
("dominated").

  off, any other   must find the same accesses to be racing: of the same memory, in the same
                   function that a thread called.  Of accesses of one epoch one may stand for
                   another, on another line; and which earlier access a race is reported with
                   hangs on which marks stood for others when it was made
  off, dominated   what is reported must be reported without as well, to the line and column.
                   Not whether it read or wrote there: counter++ does both, a race is the pair
                   of places, and the first of the two accesses is the one that is shown
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

import generate

SWITCHES = ["dominated", "covered", "ranges", "escape", "constants", "together", "sweeps"]
BUILDS = {"on": [], "off": SWITCHES, "dominated": [s for s in SWITCHES if s != "dominated"]}
STATUSES = {0, 66}  # RACE_EXIT_STATUS in goc/race_record.h
RUN_SECONDS = 60


class Failure(Exception):
    pass


def run(command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          errors="replace", timeout=RUN_SECONDS, **more)


def compile_program(options, source, switches, program):
    flags = [word for switch in switches for word in ("-mllvm", f"-goc-race-no-{switch}")]
    own = [word for line in source.read_text().splitlines() if line.startswith("// FLAGS: ")
           for word in line.removeprefix("// FLAGS: ").split()]
    result = run([options.bin / "goc-cc", "-g", "-w", "-race=goc", "-D_GNU_SOURCE", *options.flag,
                  *own, *flags, f"-I{options.support}", source, "-o", program, options.barrier,
                  "-lm"])
    if result.returncode != 0:
        raise Failure(f"{source}: does not compile\n{result.stderr}")


def records(options, program, work):
    """The races that one run of PROGRAM reports, as goc-race prints them."""
    for old in work.glob(f"{program.name}.log.*"):
        old.unlink()
    environment = {**os.environ, "GOC_RACE": f"log_path={work / (program.name + '.log')}"}
    result = run([program], env=environment, cwd=work, stdin=subprocess.DEVNULL)
    if result.returncode not in STATUSES:
        raise Failure(f"{program}: exited {result.returncode}\n{result.stderr}")
    logs = sorted(work.glob(f"{program.name}.log.*"))
    report = run([options.bin / "goc-race", "report", "--format=json", *logs])
    lines = [json.loads(line) for line in report.stdout.splitlines() if line]
    return result.returncode, [line for line in lines if line.get("type") == "race"]


def memory(race):
    place = race.get("memory") or {}
    return (race.get("kind"), place.get("kind"), place.get("name"))


def exactly(race):
    return (memory(race), frozenset(
        tuple((frame.get("function"), frame.get("line"), frame.get("column"))
              for frame in access["stack"]) for access in race["accesses"]))


def has_lines(race):
    """The compiler leaves out the line of what it made of several accesses."""
    return all("line" in frame for access in race["accesses"] for frame in access["stack"][:1])


def later(race):
    """Of the access that found the race, the outermost two functions that were not inlined: the
    thread's own and what it called."""
    stack = race["accesses"][0]["stack"]
    outer = [frame.get("function") for frame in stack if not frame.get("inlined")]
    return (memory(race), tuple(outer[-2:]))


def differ(source, what, one, other):
    """Fail where ONE, a set named by WHAT, has what OTHER has not."""
    if one - other:
        raise Failure(f"{source}: {what}: " + "; ".join(map(repr, sorted(one - other, key=repr))))


def compare(options, source):
    """How many races SOURCE reports; raises Failure where two builds differ."""
    work = options.work / source.stem
    work.mkdir(parents=True, exist_ok=True)
    status, seen = {}, {}
    for build, switches in BUILDS.items():
        program = work / build
        compile_program(options, source, switches, program)
        status[build], seen[build] = records(options, program, work)
    off = {later(race) for race in seen["off"]}
    for build in BUILDS:
        found = {later(race) for race in seen[build]}
        differ(source, f"found by off, not by {build}", off, found)
        differ(source, f"found by {build}, not by off", found, off)
        if status[build] != status["off"]:
            raise Failure(f"{source}: {build} exits {status[build]}, off {status['off']}")
    if all(map(has_lines, seen["off"])):
        differ(source, "reported by dominated, not by off",
               {exactly(race) for race in seen["dominated"]},
               {exactly(race) for race in seen["off"]})
    return len(seen["off"])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    for name in ("--bin", "--support", "--barrier", "--work"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    parser.add_argument("--flag", action="append", default=[])
    parser.add_argument("--seeds", default="0:0", help="first:end of random programs")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    return parser.parse_args()


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    sources = [path.resolve() for path in options.files]
    first, end = map(int, options.seeds.split(":"))
    for seed in range(first, end):
        sources.append(options.work / f"random_{seed}.c")
        sources[-1].write_text(generate.Program(seed).text())
    failures, races = [], 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(compare, options, source) for source in sources]:
            try:
                races += job.result()
            except (Failure, subprocess.TimeoutExpired) as failure:
                failures.append(str(failure))
    print(f"{len(sources)} programs, {races} races, {len(failures)} differ")
    print("\n".join(failures))
    sys.exit(1 if failures or races == 0 else 0)


if __name__ == "__main__":
    main()
