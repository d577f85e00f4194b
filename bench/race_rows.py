"""The race group: the cost of -race=goc beside ThreadSanitizer's, and beside Go's -race.

time_P and memory_P are ours / TSan's of one program, built -O2 -g, both with goc-cc.
budget_P, which only --only asks for, is the program with GOC_RACE=budget=1% / its plain build.
helgrind_time_P, drd_memory_P and so on, which only --only asks for, are ours / that tool's of
the program at a smaller size.
vsgo_P is a quotient of quotients: by what factor -race=goc slows a program of goroutines down,
over the factor by which Go's -race slows down the same program in Go.
"""
import collections
import math
import statistics

import fetched
import valgrind
from measure import (GOMAXPROCS, HERE, OPTIMIZED, build_helper, compile_or_fail, find_go,
                     go_environment, interleaved, medians, note, number_printed, result_row,
                     run, run_peak)

# A program of bench/race: the others' sources it needs (fetched.py), which of their files are
# compiled with it and with which flags, where in them headers are, its arguments, and those for
# Valgrind's tools, under which it is to take seconds, not minutes (None: it has goroutines,
# of which they know nothing); FILE stands for a file that it may write.
Program = collections.namedtuple("Program", "name needs files flags includes arguments small",
                                 defaults=([], [], [], [], [], None))
PROGRAMS = [
    Program("matmul", small=["240"]),
    Program("quicksort", small=["1000000"]),
    Program("mutex_counter", small=["10000"]),
    Program("hash", small=["150000"]),
    Program("list", small=["100000"]),
    Program("nbody", small=["200000"]),
    Program("lz4", ["lz4"], ["lz4:lib/lz4.c"], [], ["lz4:lib"], small=["4194304", "1"]),
    # Its assembly is for one decoder only, and no detector sees into it.
    Program("zstd", ["zstd"],
            ["zstd:lib/common/*.c", "zstd:lib/compress/*.c", "zstd:lib/decompress/*.c"],
            ["-DZSTD_DISABLE_ASM"], ["zstd:lib"], small=["1048576"]),
    Program("sqlite", ["sqlite", "speedtest"], ["sqlite:sqlite3.c"], [],
            ["sqlite:.", "speedtest:test"], small=["1"]),
    Program("lmdb", ["lmdb"], ["lmdb:mdb.c", "lmdb:midl.c"], [], ["lmdb:."], ["FILE"],
            ["FILE", "10000"]),
    Program("pipeline"),
]

# A program that bench/<folder> has in C and bench/go in Go, with arguments for both.
Twin = collections.namedtuple("Twin", "name folder program arguments")
TWINS = [
    Twin("pingpong", "runtime", "pingpong", ["300000"]),
    Twin("buffered", "runtime", "buffered", ["1", "1000000"]),
    Twin("buffered_8", "runtime", "buffered", ["8", "1000000"]),
    Twin("mutex", "runtime", "mutex", ["1", "2000000"]),
    Twin("mutex_8", "runtime", "mutex", ["8", "1000000"]),
    Twin("select", "runtime", "select", ["2", "0", "500000"]),
    Twin("select_blocking", "runtime", "select", ["2", "1", "300000"]),
    Twin("spawn_batch", "runtime", "spawn_batch", ["200"]),
    Twin("sieve", "runtime", "sieve", ["300"]),
    Twin("pipeline", "race", "pipeline", ["100000"]),
    Twin("quicksort", "race", "quicksort_parallel", ["500000"]),
    Twin("matmul", "race", "matmul_parallel", ["224"]),
]
BUDGET = "1%"
MODES = {"plain": [], "ours": ["-race=goc"], "rival": ["-race=tsan"],
         "valgrind": valgrind.COMPILE_FLAGS}
BESIDE_TSAN = ("plain", "ours", "rival")


def wanted(options, *names):
    return not options.only or options.only in names


def geomean_row(name, ratios, rival_name):
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    return result_row(name, "ratio", mean, 1.0, rival_name)


# ---- beside ThreadSanitizer -------------------------------------------------------------

def located(folders, place):
    """The files that PLACE, "source:path", names."""
    source, _, path = place.partition(":")
    return sorted(folders[source].glob(path)) if "*" in path else [folders[source] / path]


def build_program(program, folders, options, work, environment, modes=BESIDE_TSAN):
    """PROGRAM in each mode; the others' files are compiled as they are, without our warnings."""
    binaries = {mode: work / f"{program.name}-{mode}" for mode in modes}
    includes = [f"-I{path}" for place in program.includes for path in located(folders, place)]
    common = [*OPTIMIZED, "-w", *program.flags, f"-I{HERE}", *includes]
    files = [path for place in program.files for path in located(folders, place)]
    files.append(HERE / "race" / f"{program.name}.c")
    for mode in modes:
        compile_or_fail([options.build / "bin/goc-cc", *common, *MODES[mode], *files,
                         "-o", binaries[mode], "-lm"], environment)
    return binaries


def arguments_of(arguments, program, work):
    return [str(work / f"{program.name}.data") if a == "FILE" else a for a in arguments]


def wanted_programs(options, *rows):
    """Those of which one of ROWS is wanted, with the folders of the sources they need."""
    for program in PROGRAMS:
        if not wanted(options, *(row.format(program.name) for row in rows)):
            continue
        try:
            yield program, {name: fetched.sources(name, options.build) for name in program.needs}
        except fetched.Missing as missing:
            note(f"{program.name} is left out: {missing}")


def tsan_rows(program, folders, peak, options, work, environment):
    binaries = build_program(program, folders, options, work, environment)
    arguments = arguments_of(program.arguments, program, work)

    def measure(mode):
        command = [str(binaries[mode]), *arguments]
        text, bytes_peak = run_peak(peak, command, environment)
        return number_printed(text, command), bytes_peak

    samples = interleaved(binaries, options.runs, measure)
    elapsed = medians({mode: [ms for ms, _ in values] for mode, values in samples.items()})
    resident = medians({mode: [size for _, size in values] for mode, values in samples.items()})
    for name, unit, of in (("time", "ms", elapsed), ("memory", "bytes", resident)):
        row = result_row(f"{name}_{program.name}", unit, of["ours"], of["rival"], "TSan")
        row["plain"] = of["plain"]
        row["slowdown_ours"] = of["ours"] / of["plain"]
        row["slowdown_rival"] = of["rival"] / of["plain"]
        yield row


def beside_tsan(options, work, environment):
    peak = build_helper(options, work, "peak")
    ratios = {"time": [], "memory": []}
    for program, folders in wanted_programs(options, "{}", "time_{}", "memory_{}"):
        for row in tsan_rows(program, folders, peak, options, work, environment):
            yield row
            ratios[row["name"].partition("_")[0]].append(row["ratio"])
    if ratios["time"]:
        yield geomean_row("geomean", ratios["time"], "TSan")
        yield geomean_row("geomean_memory", ratios["memory"], "TSan")


# ---- beside Valgrind's tools ---------------------------------------------------------------

def valgrind_rows(tool, program, folders, peak, options, work, environment):
    prefix = tool.lower()
    binaries = build_program(program, folders, options, work, environment, ("ours", "valgrind"))
    sides = {"ours": [str(binaries["ours"])],
             "rival": [*valgrind.command(tool), "--quiet", str(binaries["valgrind"])]}
    arguments = arguments_of(program.small, program, work)

    def measure(side):
        command = [*sides[side], *arguments]
        text, bytes_peak = run_peak(peak, command, environment)
        return number_printed(text, command), bytes_peak

    samples = interleaved(sides, options.runs, measure)
    for name, unit, i in (("time", "ms", 0), ("memory", "bytes", 1)):
        median = medians({side: [value[i] for value in values]
                          for side, values in samples.items()})
        yield result_row(f"{prefix}_{name}_{program.name}", unit, median["ours"],
                         median["rival"], tool)


def beside_valgrind(options, work, environment):
    for tool in valgrind.TOOLS:
        prefix = tool.lower()
        if not (options.only or "").startswith(prefix):
            continue
        if not valgrind.command(tool):
            note(f"{tool}'s rows are left out: {valgrind.MISSING}")
            continue
        peak = build_helper(options, work, "peak")
        ratios = {"time": [], "memory": []}
        for program, folders in wanted_programs(options, prefix, f"{prefix}_{{}}",
                                                f"{prefix}_time_{{}}", f"{prefix}_memory_{{}}"):
            if program.small is None:
                continue
            for row in valgrind_rows(tool, program, folders, peak, options, work, environment):
                yield row
                ratios[row["name"].split("_")[1]].append(row["ratio"])
        if ratios["time"]:
            yield geomean_row(f"{prefix}_geomean", ratios["time"], tool)
            yield geomean_row(f"{prefix}_geomean_memory", ratios["memory"], tool)


# ---- with a budget: the floor, beside the plain build --------------------------------------

def with_budget(options, work, environment):
    if not options.only:
        return
    settings = {"plain": environment,
                "ours": {**environment, "GOC_RACE": f"budget={BUDGET}"}}
    ratios = []
    for program, folders in wanted_programs(options, "budget", "budget_{}"):
        binaries = build_program(program, folders, options, work, environment, tuple(settings))

        def measure(mode):
            command = [str(binaries[mode]), *arguments_of(program.arguments, program, work)]
            return number_printed(run(command, settings[mode])[0], command)

        median = medians(interleaved(settings, options.runs, measure))
        row = result_row(f"budget_{program.name}", "ms", median["ours"], median["plain"], "plain")
        ratios.append(row["ratio"])
        yield row
    if ratios:
        yield geomean_row("budget_geomean", ratios, "plain")


# ---- beside Go --------------------------------------------------------------------------

def build_twin(twin, go, options, work, environment):
    binaries = {side: work / f"vsgo-{twin.name}-{side}"
                for side in ("goc", "goc_race", "go", "go_race")}
    for side, flags in (("goc", []), ("goc_race", ["-race=goc"])):
        compile_or_fail([options.build / "bin/goc-cc", *OPTIMIZED, *flags, f"-I{HERE}",
                         HERE / twin.folder / f"{twin.program}.c", "-o", binaries[side]],
                        environment)
    for side, flags in (("go", []), ("go_race", ["-race"])):
        compile_or_fail([go, "build", *flags, "-o", binaries[side], HERE / "go/bench.go",
                         HERE / "go" / f"{twin.program}.go"], environment)
    return binaries


def go_row(twin, go, options, work, environment):
    binaries = build_twin(twin, go, options, work, environment)

    def measure(side):
        command = [str(binaries[side]), *twin.arguments]
        return number_printed(run(command, environment)[0], command)

    median = medians(interleaved(binaries, options.runs, measure))
    return result_row(f"vsgo_{twin.name}", "x slower", median["goc_race"] / median["goc"],
                      median["go_race"] / median["go"], "Go -race")


def beside_go(options, work, environment):
    twins = [twin for twin in TWINS if wanted(options, f"vsgo_{twin.name}", "vsgo")]
    go = find_go()
    if twins and not go:
        note("the rows vsgo_… are left out: Go is not installed (Debian: golang-go)")
    if not twins or not go:
        return
    ratios = []
    for twin in twins:
        row = go_row(twin, go, options, work, environment)
        ratios.append(row["ratio"])
        yield row
    yield geomean_row("vsgo_geomean", ratios, "Go -race")


def race_group(options, work):
    environment = {**go_environment(work), "CGO_ENABLED": "1", "GOMAXPROCS": GOMAXPROCS}
    yield from beside_tsan(options, work, environment)
    yield from beside_valgrind(options, work, environment)
    yield from with_budget(options, work, environment)
    yield from beside_go(options, work, environment)
