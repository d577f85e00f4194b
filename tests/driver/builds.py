#!/usr/bin/env python3
"""Ordinary projects build with CC=goc-cc and nothing else changed, with -race and without.

Usage: builds.py BUILD CLANG GCC INCLUDE CLASS.TEST

The project, in project/, counts with four threads, under a lock or, asked to, without.
"""
import os
import pathlib
import shutil

from support import BUILD, RACE_STATUS, Case, main

PROJECT = pathlib.Path(__file__).parent / "project"
RACE = {"CFLAGS": "-g -O1 -race", "LDFLAGS": "-race"}
SAID = "as expected, counted right\n"


class Builds(Case):
    DIRECTORY = "goc-builds-"  # make's VPATH ends at a blank

    def setUp(self):
        super().setUp()
        self.source = self.work / "source"
        shutil.copytree(PROJECT, self.source)
        self.build = self.work / "build"
        self.build.mkdir()

    def build_with(self, *command, cwd=None, **environment):
        path = f"{BUILD / 'bin'}:{os.environ['PATH']}"
        return self.succeed(*command, cwd=cwd or self.build, PATH=path, CC="goc-cc",
                            **environment).stdout

    def check_plain(self, program):
        for arguments in ([], ["racy"]):
            result = self.succeed(program, *arguments)
            self.assertEqual((result.stdout, result.stderr), (SAID, ""))
        self.assertEqual([name for name in self.symbols(program) if "goc_race" in name], [])

    def check_watched(self, program):
        result = self.succeed(program)
        self.assertEqual((result.stdout, result.stderr), (SAID, ""))
        result = self.run_command(program, "racy")
        self.assertEqual(result.returncode, RACE_STATUS, result.stderr)
        self.assertIn("WARNING: DATA RACE", result.stderr)
        lines = (PROJECT / "work.c").read_text().splitlines()
        racy = next(number for number, line in enumerate(lines, 1) if "value++" in line)
        self.assertIn(f"work.c:{racy}:", result.stderr)

    def run_cmake(self, **environment):
        said = self.build_with("cmake", "-G", "Ninja", self.source, **environment)
        self.assertIn("The C compiler identification is Clang", said)
        self.build_with("cmake", "--build", ".", **environment)
        return self.build / "program"

    def run_autoconf(self, **environment):
        (self.source / "Makefile").unlink()
        for name in ("config.h.in", "CMakeLists.txt"):
            (self.source / name).unlink()
        for tool in ("autoheader", "autoconf"):
            self.build_with(tool, cwd=self.source)
        self.build_with(self.source / "configure", **environment)
        self.build_with("make", **environment)
        return self.build / "program"

    def run_make(self, **environment):
        variables = [f"{name}={value}" for name, value in environment.items()]
        self.build_with("make", "CC=goc-cc", *variables, cwd=self.source)
        again = self.build_with("make", "CC=goc-cc", *variables, cwd=self.source)
        self.assertIn("up to date", again)
        return self.source / "program"

    def test_cmake(self):
        self.check_plain(self.run_cmake())

    def test_cmake_race(self):
        self.check_watched(self.run_cmake(**RACE))

    def test_autoconf(self):
        self.check_plain(self.run_autoconf())

    def test_autoconf_race(self):
        self.check_watched(self.run_autoconf(**RACE))

    def test_make(self):
        self.check_plain(self.run_make())

    def test_make_race(self):
        self.check_watched(self.run_make(**RACE))


if __name__ == "__main__":
    main()
