"""What every group of bench.py measures with: processes, medians, rows."""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
GOMAXPROCS = "2"
OPTIMIZED = ["-O2", "-g"]
MORE_IS_BETTER = {"requests a second"}  # the ratio is upside down


def fail(message, status=1):
    print(f"bench: {message}", file=sys.stderr)
    sys.exit(status)


def note(message):
    print(f"bench: {message}", file=sys.stderr)


def run(command, environment=None):
    """Run COMMAND; return (what it printed, wall ms)."""
    start = time.monotonic()
    child = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)
    wall_ms = (time.monotonic() - start) * 1000
    if child.returncode != 0:
        fail(f"exit status {child.returncode}: {' '.join(map(str, command))}")
    return child.stdout.decode(errors="replace"), wall_ms


def build_helper(options, work, name):
    """bench/NAME.c: a program that runs the measured one."""
    helper = work / name
    compile_or_fail([options.build / "bin/goc-cc", *OPTIMIZED, HERE / f"{name}.c", "-o", helper])
    return helper


def run_peak(peak, command, environment=None):
    """Run COMMAND; return (what it printed, its peak of resident bytes)."""
    written = peak.with_name("peak-bytes")
    text, _ = run([str(peak), str(written), *command], environment)
    return text, int(written.read_text())


def number_printed(text, command):
    if not re.fullmatch(r"\d+(\.\d+)?\n", text):
        fail(f"printed no number: {' '.join(map(str, command))}: {text[:200]!r}")
    return float(text)


def compiles(command):
    """Whether COMMAND does, which may well not."""
    return subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def compile_or_fail(command, environment=None):
    result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, env=environment)
    if result.returncode != 0:
        fail(f"does not compile: {' '.join(map(str, command))}\n{result.stdout}")


def interleaved(sides, runs, measure):
    """MEASURE each of SIDES (a dict) RUNS times in turn after one run unmeasured."""
    samples = {name: [] for name in sides}
    for name in sides:
        measure(name)
    for _ in range(runs):
        for name in sides:
            samples[name].append(measure(name))
    return samples


def result_row(name, unit, ours, rival, rival_name):
    ratio = ours / rival if rival else None
    if ratio and unit in MORE_IS_BETTER:
        ratio = 1 / ratio
    return {"name": name, "unit": unit, "ours": ours, "rival": rival,
            "rival_name": rival_name, "ratio": ratio}


def medians(samples):
    return {side: statistics.median(values) for side, values in samples.items()}


def find_clang(options):
    """The clang that goc-cc runs."""
    goc_cc = options.build / "bin/goc-cc"
    shown = subprocess.run([goc_cc, "--show", "-c", "x.c"], capture_output=True, text=True)
    if shown.returncode != 0:
        fail(f"goc-cc --show failed: {shown.stderr}")
    return shown.stdout.split()[0].strip("'\"")


def find_go():
    installed = pathlib.Path("/usr/lib").glob("go-1.*/bin/go")
    by_minor = sorted(installed, key=lambda go: int(go.parts[3].split(".")[1]))
    return str(by_minor[-1]) if by_minor else shutil.which("go")


def go_environment(work):
    return {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GO111MODULE": "off",
            "GOPROXY": "off", "GOMAXPROCS": GOMAXPROCS,
            "GOCACHE": os.environ.get("GOCACHE", str(work / "go-cache"))}
