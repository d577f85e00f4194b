#!/usr/bin/env python3
"""GOC_RACE=budget=N%: no report that is false, the same names for races, the share that was asked for.

Usage: test_budget.py GOC_CC GOC_RACE SUPPORT BARRIER RACE_TESTS WORK
"""
import json
import os
import pathlib
import re
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
GOC_CC, GOC_RACE, SUPPORT, BARRIER, RACE_TESTS, WORK = sys.argv[1:7]
RACE_STATUS = 66  # RACE_EXIT_STATUS in goc/race_record.h
# Ordered by what a window must never forget: locks, messages, reused memory, fences, handlers.
QUIET = ["norace_mutex", "norace_rwlock", "norace_heap_reuse", "norace_heap_handover", "norace_fence_both",
         "norace_atomic_release_acquire", "norace_pipe", "norace_signal_handlers", "norace_signal_goroutines",
         "norace_memory_limit"]
BUDGETS = ["2%", "50%"]
SMALL = 5  # per cent
RUNS_MAX = 20
FEW, MANY = 100, 8000  # turns: of some 0.1 ms without a window


def build(source, *options, name=None):
    program = pathlib.Path(WORK, name or source.stem)
    subprocess.run([GOC_CC, *options, "-g", "-O1", "-D_GNU_SOURCE", f"-I{SUPPORT}", source, "-o", program,
                    BARRIER], check=True)
    return program


def run(program, setting, *arguments):
    return subprocess.run([program, *arguments], env={**os.environ, "GOC_RACE": setting}, capture_output=True, text=True,
                          timeout=120)


def names(program, setting, turns):
    """The ids of the races that one run of TURNS reports."""
    log = pathlib.Path(WORK, "log")
    for old in pathlib.Path(WORK).glob("log.*"):
        old.unlink()
    status = run(program, f"{setting} log_path={log}", str(turns)).returncode
    logs = [str(path) for path in pathlib.Path(WORK).glob("log.*")]
    lines = subprocess.run([GOC_RACE, "report", "--format=json", *logs], capture_output=True, text=True).stdout
    found = {line["id"] for line in map(json.loads, lines.splitlines()) if line["type"] == "race"}
    assert status == (RACE_STATUS if found else 0), status
    return found


def test_nothing_false():
    for name in QUIET:
        program = build(pathlib.Path(RACE_TESTS, f"{name}.c"), "-race")
        for budget in BUDGETS:
            result = run(program, f"budget={budget}")
            assert result.returncode == 0 and "DATA RACE" not in result.stderr, (name, budget, result.stderr)


def test_same_names():
    program = build(HERE / "racy.c", "-race")
    whole = names(program, "", FEW)
    assert len(whole) >= 3, whole
    assert names(program, "budget=100%", FEW) == whole
    found = set()
    for _ in range(RUNS_MAX):
        found |= names(program, f"budget={SMALL}%", MANY)
        if found == whole:
            break
    assert found <= whole, found - whole
    assert len(found) >= 3, f"{len(found)} of {len(whole)} races in {RUNS_MAX} runs"


def seconds(program, setting, rounds):
    """CPU time of a round, the least of three runs."""
    best = float("inf")
    for _ in range(3):
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = run(program, setting, str(rounds))
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert result.returncode == 0, result.stderr
        best = min(best, end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime)
    return best / rounds


def test_share():
    """Prints what it costs: the machine's load decides about times, so none is demanded."""
    program, plain = build(HERE / "heavy.c", "-race"), build(HERE / "heavy.c", name="heavy.plain")
    shares = re.search(r"looked at in (\d+) thousandths", run(program, f"budget={SMALL}% stats=1", "40").stderr)
    assert shares and 0 < int(shares[1]) < 3 * SMALL * 10, shares
    floor = seconds(plain, "", 40)
    costs = {"100%": seconds(program, "", 2)}
    for budget in ("20%", f"{SMALL}%", "1%"):
        costs[budget] = seconds(program, f"budget={budget}", 40)
    print("CPU time beside the plain build:",
          ", ".join(f"{budget} {value / floor:.2f}" for budget, value in costs.items()))
    assert costs[f"{SMALL}%"] < costs["100%"], costs


def test_bad_values():
    program = build(HERE / "heavy.c", "-race")
    for value in ("much", "0%", "101%", "3%%", "-1", "."):
        result = run(program, f"budget={value}")
        assert result.returncode == 0 and result.stderr.count("is no share") == 1, (value, result.stderr)
    for value in ("3%", "0.5%", "100", "100%"):
        assert run(program, f"budget={value}").stderr == "", value


def main():
    pathlib.Path(WORK).mkdir(parents=True, exist_ok=True)
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            print(name, flush=True)
            test()
    return 0


if __name__ == "__main__":
    sys.exit(main())
