#!/usr/bin/env python3
"""Each public header alone, and a program that uses it, draws no warning from the strictest of builds, in
which the headers are a project's own files and not the system's."""
import argparse
import pathlib
import subprocess
import sys

BOTH = """-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wcast-align
-Wundef -Wswitch-enum -Wvla -Wfloat-equal -Wwrite-strings -Wpointer-arith -Wredundant-decls
-Wmissing-declarations -Wnull-dereference -Wdouble-promotion -Wformat=2""".split()
C = "-Wstrict-prototypes -Wmissing-prototypes -Wc++-compat -Wold-style-definition -Wnested-externs".split()
CPLUSPLUS = "-Wold-style-cast -Wzero-as-null-pointer-constant -Wuseless-cast".split()
# All that clang has, but what no project's code can do without.
CLANG = ["-Weverything"] + ["-Wno-" + name for name in """padded reserved-macro-identifier reserved-identifier
unsafe-buffer-usage c++98-compat c++98-compat-pedantic pre-c11-compat pre-c2x-compat
declaration-after-statement poison-system-directories unknown-warning-option""".split()]
STANDARDS = {"c": ["c11", "c17", "c2x"], "c++": ["c++11", "c++17", "c++20"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--language", required=True, choices=STANDARDS)
    parser.add_argument("--include", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    is_clang = "clang" in subprocess.run([options.compiler, "--version"], check=True, capture_output=True,
                                         text=True).stdout
    warnings = BOTH + (C if options.language == "c" else CPLUSPLUS) + (CLANG if is_clang else [])
    sources = [str(options.program)]
    for header in sorted(options.include.rglob("*.h")):
        name = header.relative_to(options.include)
        suffix = ".c" if options.language == "c" else ".cc"
        source = options.work / (str(name).replace("/", "_") + suffix)
        source.write_text(f"#include <{name}>\nextern int something;\n")
        sources.append(str(source))
    if len(sources) < 15:
        sys.exit(f"only {len(sources)} headers in {options.include}")
    for standard in STANDARDS[options.language]:
        for level in ("-O2", "-O0") if standard == STANDARDS[options.language][0] else ("-O2",):
            command = [options.compiler, "-x", options.language, f"-std={standard}", level, *warnings, "-Werror",
                       "-fsyntax-only", f"-I{options.include}", *sources]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"-std={standard} {level}:\n{done.stderr}")


if __name__ == "__main__":
    main()
