#!/usr/bin/env python3
"""bench.py's arguments, and what its groups make of what programs and tools say.

    test_rows.py BUILD BENCH

Nothing here measures: where a group needs a tool or a rival, a script that says what such a one
would say stands for it.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, BENCH = map(pathlib.Path, sys.argv[1:3])
del sys.argv[1:3]
sys.path.insert(0, str(BENCH))

import exact_rows
import measure
import race_rows
import rivals_rows
import valgrind

TOOL = exact_rows.Tool([], [], {}, "RACE")


def bench(*arguments, environment=None):
    return subprocess.run([sys.executable, str(BENCH / "bench.py"), "--build", str(BUILD),
                           *arguments], capture_output=True, text=True, env=environment)


def options(**given):
    return argparse.Namespace(**{"only": None, "prefix": None, "runs": 5, "build": BUILD, **given})


class Scratch(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.work = pathlib.Path(directory.name)


class Arguments(Scratch):
    def test_a_row_that_is_not_there(self):
        for group in ("rivals", "race", "exact"):
            said = bench(group, "--only", "helgrind_nothing")
            self.assertEqual(said.returncode, 2, said.stderr)
            self.assertIn(f"no such row in {group}", said.stderr)

    def test_a_group_that_is_not_there(self):
        self.assertEqual(bench("fastest").returncode, 2)

    def test_too_few_runs(self):
        self.assertEqual(bench("exact", "--runs", "4").returncode, 2)


class Exact(Scratch):
    def verdict(self, script, has_race, seconds_max=60):
        program = self.work / "program"
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.work)) / "run"
        self.addCleanup(setattr, exact_rows, "SECONDS_MAX", exact_rows.SECONDS_MAX)
        exact_rows.SECONDS_MAX = seconds_max
        return exact_rows.verdict(TOOL, has_race, program, folder)

    @staticmethod
    def is_running(process):
        try:
            return pathlib.Path(f"/proc/{process}/stat").read_text().split()[2] not in "ZX"
        except FileNotFoundError:
            return False

    def test_verdicts(self):
        for script, with_race, without in (
                ("echo RACE >&2; exit 66", "right", "false"),
                ("exit 0", "missed", "right"),
                ("exit 3", "missed", "right"),
                ("echo RACE >&2; kill -SEGV $$", "right", "false"),
                ("kill -SEGV $$", "failed", "failed"),
                ("exit 99", "failed", "failed"),
                ("echo 'FATAL: ThreadSanitizer: no memory' >&2; exit 66", "failed", "failed"),
                ("exit 77", "skipped", "skipped")):
            self.assertEqual(self.verdict(script, True), with_race, script)
            self.assertEqual(self.verdict(script, False), without, script)

    def test_a_tool_that_hangs_has_failed_and_leaves_nothing(self):
        script = "(while :; do :; done) & echo $! >child; wait"
        self.assertEqual(self.verdict(script, True, seconds_max=1), "failed")
        child = int(next(self.work.glob("*/run/child")).read_text())
        while self.is_running(child):  # for ever: then this test's time runs out
            pass

    def test_programs_by_name_and_by_subject(self):
        self.assertEqual([name for name, _ in
                          exact_rows.programs(options(only="norace_fence_both"))],
                         ["norace_fence_both"])
        fences = [name for name, _ in exact_rows.programs(options(only="fence"))]
        self.assertIn("race_fence_before_load", fences)
        self.assertTrue(all("race_fence_" in name for name in fences))
        everything = [name for name, _ in exact_rows.programs(options())]
        self.assertNotIn("race_recovered", everything)  # goroutines

    def test_rows_where_valgrind_is_not_installed(self):
        path = self.work / "rows.json"
        for name in (pathlib.Path(measure.find_clang(options())).name, "ld"):
            (self.work / name).symlink_to(shutil.which(name))
        said = bench("exact", "--only", "race_mutex_other", "--json", str(path),
                     environment={"PATH": str(self.work)})
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn(valgrind.MISSING, said.stderr)
        rows = {row["name"]: row for row in json.loads(path.read_text())["rows"]}
        self.assertEqual(list(rows), ["goc", "TSan", *valgrind.TOOLS])
        for name in ("goc", "TSan"):
            self.assertEqual(rows[name]["programs"], {"race_mutex_other": {"right": 5}})
        for name in valgrind.TOOLS:
            self.assertIsNone(rows[name]["right"])


class Rivals(Scratch):
    def rival(self, name):
        return next(rival for rival in rivals_rows.RIVALS if rival.name == name)

    def row(self, name):
        return next(row for row in rivals_rows.ROWS if row.name == name)

    def answers(self, row, rival, only=None):
        return rivals_rows.answers(self.row(row), self.rival(rival), options(only=only))

    def test_which_rows(self):
        self.assertEqual(self.answers("sieve", "libdill"), [1, 2])
        self.assertEqual(self.answers("sieve", "libdill", "sieve_libdill_2"), [2])
        self.assertEqual(self.answers("sieve", "libdill", "libmill"), [])
        self.assertEqual(self.answers("sieve", "libmill", "libmill"), [1, 2])
        self.assertEqual(self.answers("select_2", "libdill", "select_2"), [])

    def test_each_row_has_a_program(self):
        for rival in rivals_rows.RIVALS:
            for row in rivals_rows.ROWS:
                program = BENCH / "rivals" / rival.name / f"{row.program}.{rival.suffix}"
                if row.name not in rival.without:
                    self.assertTrue(program.exists(), program)
                self.assertTrue((BENCH / "runtime" / f"{row.program}.c").exists())

    def test_a_rival_below_the_prefix_is_found_and_another_is_null(self):
        (self.work / "include").mkdir()
        (self.work / "lib").mkdir()
        (self.work / "include/libmill.h").write_text("int mill(void);\n")
        (self.work / "mill.c").write_text("int mill(void) { return 1; }\n")
        clang = measure.find_clang(options())
        measure.compile_or_fail([clang, "-shared", "-fPIC", self.work / "mill.c", "-o",
                                 self.work / "lib/libmill.so"])
        missing = self.rival("neco")._replace(name="neither", header="neither_here.h")
        found = rivals_rows.find_rivals([self.rival("libmill"), missing], clang,
                                        options(prefix=self.work), self.work)
        self.assertEqual(list(found), ["libmill"])
        null = measure.result_row("yield_neither", "ns", 20.0, None, "neither")
        self.assertIsNone(null["ratio"])

    def test_more_requests_are_better(self):
        row = measure.result_row("echo", "requests a second", 200.0, 100.0, "libdill")
        self.assertEqual(row["ratio"], 0.5)


class Race(Scratch):
    def test_what_goroutines_need_is_not_asked_of_valgrind(self):
        small = {program.name for program in race_rows.PROGRAMS if program.small is not None}
        self.assertNotIn("pipeline", small)
        self.assertIn("hash", small)


if __name__ == "__main__":
    unittest.main()
