"""The rivals group: goc beside the coroutine libraries of C and C++.

libdill, libmill and neco have one thread, so goc has one P beside them (NAME_libdill), and in rows
whose work two threads can share two as well (NAME_libdill_2); marl has as many threads as goc
has Ps.  The programs of bench/rivals ask what those of bench/runtime ask; a question that a
library has no answer to is left out, as libdill's channels buffer nothing.

None of the four is in Debian or in npm, so nothing here fetches them: a rival is there where the
compiler finds its header and its library, by itself or below --prefix.
"""
import collections
import os

from measure import (HERE, OPTIMIZED, compile_or_fail, compiles, find_clang, interleaved,
                     medians, note, number_printed, result_row, run)

# A library: the suffix of its programs, its header, what its programs are linked with, on how
# many threads it can work, and which rows it has no answer to.
Rival = collections.namedtuple("Rival", "name suffix header libraries threads_max without",
                               defaults=[()])
SELECTS = ("select_2", "select_8", "select_2_blocking", "select_8_blocking")
RIVALS = [
    Rival("libdill", "c", "libdill.h", ("-ldill",), 1, ("buffered_1_1", "select_2", "select_8")),
    Rival("libmill", "c", "libmill.h", ("-lmill",), 1),
    # It reserves 8 MiB a stack, in groups that double: 10,000 want more than a machine has.
    Rival("neco", "c", "neco.h", ("-lneco", "-lm"), 1, ("skynet",)),
    Rival("marl", "cpp", "marl/scheduler.h", ("-lmarl", "-lstdc++", "-lm"), 2,
          (*SELECTS, "yield", "echo_rps", "echo_p99")),
]

# Small enough for guards below all stacks, of which a process can have 32,000.
Row = collections.namedtuple("Row", "name program arguments unit procs", defaults=[(1,)])
ROWS = [
    Row("spawn", "spawn", (), "ns"),
    Row("pingpong", "pingpong", (), "ns a round trip"),
    Row("buffered_1_1", "buffered", ("1",), "ns"),
    Row("ring", "ring", (), "ns a hop"),
    Row("skynet", "skynet", ("10000",), "ms", (1, 2)),
    Row("sieve", "sieve", (), "ms", (1, 2)),
    Row("select_2", "select", ("2",), "ns"),
    Row("select_8", "select", ("8",), "ns"),
    Row("select_2_blocking", "select", ("2", "1"), "ns"),
    Row("select_8_blocking", "select", ("8", "1"), "ns"),
    Row("yield", "yield", (), "ns"),
    Row("memory_parked", "memory_parked", ("4000",), "bytes a goroutine"),
    Row("echo_rps", "echo", ("64", "0"), "requests a second"),
    Row("echo_p99", "echo", ("64", "1"), "us"),
]
OURS = "goc"


def row_name(row, rival, procs):
    return f"{row.name}_{rival.name}" + (f"_{procs}" if procs > 1 else "")


def answers(row, rival, options):
    """On how many Ps of goc's ROW is wanted beside RIVAL."""
    if row.name in rival.without:
        return []
    return [procs for procs in row.procs
            if options.only in (None, row.name, rival.name, row_name(row, rival, procs))]


def search_flags(options):
    """For a compiler: where the libraries may be besides the places it knows."""
    if not options.prefix:
        return []
    prefix = options.prefix.resolve()
    return [f"-I{prefix / 'include'}", f"-L{prefix / 'lib'}", f"-Wl,-rpath,{prefix / 'lib'}"]


def find_rivals(rivals, clang, options, work):
    """Those of RIVALS that are installed, by name."""
    found = {}
    for rival in rivals:
        probe = work / f"probe.{rival.suffix}"
        probe.write_text(f"#include <{rival.header}>\nint main() {{ return 0; }}\n")
        if compiles([clang, "-w", *search_flags(options), probe, "-o", work / "probe",
                     *rival.libraries]):
            found[rival.name] = rival
        else:
            note(f"{rival.name} is not installed: no rival to measure (from its own sources;"
                 " --prefix DIR says where)")
    return found


def build(row, name, rival, clang, options, work):
    """ROW's program of RIVAL's, or ours; compiled once."""
    binary = work / f"{row.program}-{name}"
    if binary.exists():
        return binary
    if name == OURS:
        compile_or_fail([options.build / "bin/goc-cc", *OPTIMIZED, f"-I{HERE}",
                         HERE / "runtime" / f"{row.program}.c", "-o", binary])
    else:
        source = HERE / "rivals" / name / f"{row.program}.{rival.suffix}"
        compile_or_fail([clang, *OPTIMIZED, "-w", *search_flags(options), source, "-o", binary,
                         *rival.libraries])
    return binary


def beside(row, wanted, found, clang, options, work):
    """ROW beside each rival of WANTED, which says for how many Ps; all sides in turn."""
    sides = {}
    for rival, counts in wanted:
        for procs in counts:
            sides[OURS, procs] = build(row, OURS, None, clang, options, work)
            if rival.name in found:
                threads = min(procs, rival.threads_max)
                sides[rival.name, threads] = build(row, rival.name, rival, clang, options, work)

    def measure(side):
        command = [str(sides[side]), *row.arguments]
        environment = {**os.environ, "GOMAXPROCS": str(side[1]), "GOC_DEBUG": ""}
        return number_printed(run(command, environment)[0], command)

    median = medians(interleaved(sides, options.runs, measure))
    for rival, counts in wanted:
        for procs in counts:
            yield result_row(row_name(row, rival, procs), row.unit, median[OURS, procs],
                             median.get((rival.name, min(procs, rival.threads_max))), rival.name)


def rivals_group(options, work):
    chosen = {row: [(rival, counts) for rival in RIVALS if (counts := answers(row, rival, options))]
              for row in ROWS}
    chosen = {row: wanted for row, wanted in chosen.items() if wanted}
    asked = [rival for rival in RIVALS
             if any(rival is other for wanted in chosen.values() for other, _ in wanted)]
    clang = find_clang(options)
    found = find_rivals(asked, clang, options, work)
    for row, wanted in chosen.items():
        yield from beside(row, wanted, found, clang, options, work)
