"""The exact group: which races of known programs each detector finds, and which it invents.

The programs are those of tests/race that have no goroutines: pthreads, C11 threads, atomics, libc
and the system.  The name of each is its verdict: race_… has a race in every run, norace_… in
none; an invisible barrier makes the order, so that no run is luck.  A verdict is whether the tool
reported a race at all.  They are goc's own tests, so goc's line only says that they pass here too;
what the table shows is the others' lines.
"""
import collections
import concurrent.futures
import os
import re
import signal
import subprocess

import valgrind
from measure import HERE, compile_or_fail, find_clang, note

TESTS = HERE.parent / "tests"
SECONDS_MAX = 60
SKIP_STATUS = 77
CHECK_STATUS = 99  # tests/support/check.h: something that is not the race went wrong
# What the tools say when they themselves end.
DIED = r"FATAL: ThreadSanitizer|ThreadSanitizer: CHECK failed|valgrind: (the 'impossible'|fatal)"
VERDICTS = ("right", "missed", "false", "failed", "skipped")
COMMON = ["-g", "-O1", "-w", "-D_GNU_SOURCE", f"-I{TESTS / 'support'}"]

# A tool: how its programs are compiled and run, and what it says of a race.
Tool = collections.namedtuple("Tool", "build run environment report")
TSAN_REPORT = r"WARNING: ThreadSanitizer: (data race|heap-use-after-free|race on )"


def programs(options):
    """(Name, path) of each that --only wants: by its name, or by the first word of its subject."""
    for path in sorted((TESTS / "race").glob("*race_*.c")):
        subject = path.stem.partition("race_")[2]
        text = path.read_text()
        # Of goroutines the others know nothing, of goc's calls and settings neither, and
        # Valgrind's tools nothing of what is said to a compiler.
        if re.search(r"<goc|\bgoc_\w+\(|// GOC_RACE: |no_sanitize|__tsan_", text):
            continue
        if not options.only or options.only in (path.stem, subject.split("_")[0]):
            yield path.stem, path


def barrier_library(clang, work):
    """The barrier as a library, by whose name Valgrind's tools are told to leave it alone."""
    library = work / "libinvisible.so"
    compile_or_fail([clang, "-O2", "-g0", "-fPIC", "-shared", "-D_GNU_SOURCE",
                     TESTS / "support/barrier.c", "-o", library])
    return library


def suppressions(library, work):
    path = work / "valgrind.supp"
    path.write_text("".join(f"{{\n barrier\n {kind}\n obj:*{library.name}\n}}\n"
                            for kind in ("Helgrind:Race", "drd:ConflictingAccess")))
    return path


def tools(options, clang, library, work):
    """Each tool by its name; None where it cannot be had."""
    found = {
        "goc": Tool([str(options.build / "bin/goc-cc"), "-race=goc"], [], {}, "WARNING: DATA RACE"),
        # Programs with threads fork here, at which it would stop.
        "TSan": Tool([clang, "-fsanitize=thread"], [], {"TSAN_OPTIONS": "die_after_fork=0"},
                     TSAN_REPORT),
    }
    for name in valgrind.TOOLS:
        run = valgrind.command(name)
        found[name] = run and Tool([clang, *valgrind.COMPILE_FLAGS],
                                   [*run, f"--suppressions={suppressions(library, work)}"], {},
                                   valgrind.REPORTS[name])
    if not all(found.values()):
        note(f"Helgrind and DRD are left out: {valgrind.MISSING}")
    return found


def compiled(tool, path, library, work):
    """PATH compiled for TOOL; tools that are built alike share the program."""
    program = work / f"{path.stem}-{abs(hash(tuple(tool.build))):x}"
    if not program.exists():
        flags = re.findall(r"^// FLAGS: (.*)$", path.read_text(), re.MULTILINE)
        compile_or_fail([*tool.build, *COMMON, *" ".join(flags).split(), path, "-o", program,
                         library, f"-Wl,-rpath,{library.parent}", "-lm", "-Wl,--as-needed", "-latomic"])
    return program


def end_session(child):
    """CHILD and what it forked: programs that hang are to leave nothing behind."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def verdict(tool, has_race, program, folder):
    """What TOOL says of one run, in a word of VERDICTS."""
    environment = {name: value for name, value in os.environ.items()
                   if not re.fullmatch(r"GOC_\w+|GOMAXPROCS|\w+_OPTIONS", name)}
    folder.mkdir()
    with open(folder / "errors", "w+", errors="replace") as errors:
        child = subprocess.Popen([*tool.run, str(program)], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=errors, cwd=folder,
                                 env={**environment, **tool.environment}, start_new_session=True)
        try:
            status = child.wait(timeout=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            status = CHECK_STATUS
        end_session(child)
        errors.seek(0)
        text = errors.read()
    if re.search(tool.report, text):
        return "right" if has_race else "false"
    if status == SKIP_STATUS:
        return "skipped"
    if status < 0 or status == CHECK_STATUS or re.search(DIED, text):
        return "failed"
    return "missed" if has_race else "right"


def row(name, verdicts):
    """One tool's line: VERDICTS has a Counter a program."""
    total = sum(verdicts.values(), collections.Counter())
    return {"name": name, **{word: total[word] if verdicts else None for word in VERDICTS},
            "programs": {program: dict(counts) for program, counts in verdicts.items()}}


def exact_group(options, work):
    chosen = dict(programs(options))
    if not chosen:
        return
    clang = find_clang(options)
    library = barrier_library(clang, work)
    jobs = [(program, n) for program in chosen for n in range(options.runs)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = tools(options, clang, library, work)
        built = {name: dict(zip(chosen, pool.map(
                     lambda path: compiled(tool, path, library, work), chosen.values())))
                 for name, tool in found.items() if tool}
        for name, tool in found.items():
            verdicts = {}
            words = pool.map(
                lambda job: verdict(tool, job[0].startswith("race_"), built[name][job[0]],
                                    work / f"{name}-{job[0]}-{job[1]}"), jobs if tool else [])
            for (program, _), word in zip(jobs, words):
                verdicts.setdefault(program, collections.Counter())[word] += 1
            yield row(name, verdicts)


def show(result, is_first):
    if is_first:
        print(f"{'tool':<20}" + "".join(f"{word:>9}" for word in VERDICTS))
    counts = ("-" if result[word] is None else f"{result[word]:,}" for word in VERDICTS)
    print(f"{result['name']:<20}" + "".join(f"{count:>9}" for count in counts), flush=True)
