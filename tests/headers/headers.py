#!/usr/bin/env python3
"""The public headers and goc.h's words, without the plugin, with every compiler that is installed.

Usage: headers.py c|c++ SOURCE CLANG GCC

In the oldest standard that the headers promise, each of them by itself; in every standard that the
compiler knows, all of them together; in C, files of tests/plugin/diagnostics as well: nothing is said
of the right ones, and of plain.c's lines that say so.  Compilers are looked for on PATH and
where Debian keeps LLVM's.
"""
import glob
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LANGUAGE, SOURCE, *GIVEN = sys.argv[1:]
SOURCE = pathlib.Path(SOURCE)
DIAGNOSTICS = SOURCE / "tests/plugin/diagnostics"
INCLUDES = [SOURCE / "runtime/include", SOURCE / "detector/include"]
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
# A standard has other names where compilers are old: those that one does not know are left out.
STANDARDS = {"c": ["c11", "gnu11", "c17", "c2x", "gnu2x", "gnu2y"],
             "c++": ["c++17", "gnu++17", "c++20", "c++2b"]}[LANGUAGE]
OLDEST = STANDARDS[0]
# Older compilers cannot parse what Debian 12's C library and libstdc++ say.
LEAST = {"clang": 13, "gcc": 11}
FIRST_WITHOUT_QUALIFIERS = 19  # clang: see chan(T) in goc.h
CAN_PLAY_CLANG_18 = range(19, 22)  # 22 warns of __COUNTER__ unless it may say that it is 22
# Where no older clang is installed, a newer one plays the last that lacks a word of goc.h's.
AS_CLANG_18 = ["-Wno-builtin-macro-redefined", "-Wno-keyword-macro", "-U__clang_major__",
               "-D__clang_major__=18", "-D__typeof_unqual__=unknown_before_clang_19"]
C17 = 201710


class Compiler:
    def __init__(self, path):
        self.path = path
        macros = self.run("-dM", "-E", "-x", LANGUAGE, "-").stdout
        self.kind = "clang" if "__clang__" in macros else "gcc"
        name = "__clang_major__" if self.kind == "clang" else "__GNUC__"
        found = re.search(rf"#define {name} (\d+)", macros)
        self.version = int(found.group(1)) if found else 0
        self.standards = [s for s in STANDARDS
                          if self.run(f"-std={s}", "-E", "-x", LANGUAGE, "-").returncode == 0]

    def run(self, *options):
        return subprocess.run([self.path, *options], text=True, input="", capture_output=True,
                              env={**os.environ, "LC_ALL": "C"})

    def compile(self, standard, source, *options):
        includes = [option for path in INCLUDES for option in ("-I", path)]
        return self.run(f"-std={standard}", "-x", LANGUAGE, *includes, *STRICT, *options, "-S",
                        "-o", os.devnull, source)

    def drops_qualifiers(self, standard):
        if self.kind == "gcc" or self.version >= FIRST_WITHOUT_QUALIFIERS:
            return True
        said = self.run(f"-std={standard}", "-dM", "-E", "-x", "c", "-").stdout
        return int(re.search(r"__STDC_VERSION__ (\d+)L", said).group(1)) > C17 and \
            self.version >= 16


def compilers():
    """Each once, whatever it is called: those given, then all that are found."""
    names = ["clang++", "g++"] if LANGUAGE == "c++" else ["clang", "gcc"]
    wanted = re.compile("^(%s)(-[0-9]+)?$" % "|".join(map(re.escape, names)))
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    folders += sorted(glob.glob("/usr/lib/llvm-*/bin"))
    found = list(GIVEN) if LANGUAGE == "c" else []
    for folder in filter(os.path.isdir, folders):
        found += [os.path.join(folder, name) for name in sorted(os.listdir(folder))
                  if wanted.match(name)]
    seen = set()
    for path in found:
        real = os.path.realpath(path)
        if os.path.basename(real) != "ccache" and real not in seen and os.access(real, os.X_OK):
            seen.add(real)
            yield Compiler(path)


def headers():
    """As a program names them."""
    return sorted(str(path.relative_to(folder)) for folder in INCLUDES
                  for path in folder.rglob("*.h"))


def wrong_lines(source):
    return {number for number, line in enumerate(source.read_text().splitlines(), 1)
            if "// wrong" in line}


class Failures(list):
    def expect_silence(self, compiler, standard, source, what, *options):
        done = compiler.compile(standard, source, *options)
        if done.returncode or done.stderr:
            self.append(f"{compiler.path} -std={standard} {what}: {done.stderr}")

    def expect_lines(self, compiler, standard, source):
        limit = ["-ferror-limit=0"] if compiler.kind == "clang" else []
        said = compiler.compile(standard, source, *limit).stderr
        found = {int(line) for line in re.findall(rf"{source.name}:(\d+):\d+: error: ", said)}
        if found != wrong_lines(source):
            self.append(f"{compiler.path} -std={standard} {source.name}: an error for lines "
                        f"{sorted(found)}, not {sorted(wrong_lines(source))}\n{said}")


def check(compiler, work, failures):
    for header in headers():
        alone = work / "alone"
        alone.write_text(f"#include <{header}>\nextern int unused;\n")
        failures.expect_silence(compiler, OLDEST, alone, header)
    together = work / "together"
    together.write_text("".join(f"#include <{header}>\n" for header in headers()))
    for standard in compiler.standards:
        for level in ("-O0", "-O2"):
            failures.expect_silence(compiler, standard, together, "all headers", level)
        if LANGUAGE == "c":
            failures.expect_silence(compiler, standard, DIAGNOSTICS / "right.c", "right.c")
            failures.expect_lines(compiler, standard, DIAGNOSTICS / "plain.c")
            if compiler.kind == "clang" and compiler.version in CAN_PLAY_CLANG_18:
                failures.expect_silence(compiler, standard, DIAGNOSTICS / "right.c",
                                        "right.c, as clang 18", *AS_CLANG_18)
            if compiler.drops_qualifiers(standard):
                failures.expect_silence(compiler, standard, DIAGNOSTICS / "right_qualified.c",
                                        "right_qualified.c")


def main():
    failures = Failures()
    tried = []
    with tempfile.TemporaryDirectory(prefix="goc headers ") as work:
        for compiler in compilers():
            if compiler.version < LEAST[compiler.kind] or OLDEST not in compiler.standards:
                print(f"{compiler.path} is older than the headers: it is left out")
                continue
            check(compiler, pathlib.Path(work), failures)
            tried.append(f"{compiler.path} ({', '.join(compiler.standards)})")
    print("\n".join(failures))
    print("tried:", *tried, sep="\n  ")
    sys.exit(1 if failures or not tried else 0)


if __name__ == "__main__":
    main()
