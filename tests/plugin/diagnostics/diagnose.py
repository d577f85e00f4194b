#!/usr/bin/env python3
"""What goc-cc and other compilers say of one file.

Usage: diagnose.py GOC_CC CLANG GCC FILECHECK INCLUDE FILE

The file says what is expected:
  CHECK…:   all that goc-cc reports is one line a diagnostic or fix-it, as FileCheck wants it;
            a file with "-ferror-limit=N" in its first CHECK-OPTIONS line gets that limit
  // wrong  goc-cc, clang and gcc report an error for exactly these lines
  neither   nobody says anything, warnings and all; right_blocks*.c is not for gcc
"""
import os
import pathlib
import re
import subprocess
import sys

GOC_CC, CLANG, GCC, FILECHECK, INCLUDE, FILE = sys.argv[1:]
PATH = pathlib.Path(FILE)
STRICT = ["-Wall", "-Wextra", "-Werror"]
# What a fix-it or a diagnostic begins with; the rest shows source lines and macros of goc.h.
REPORT = re.compile(r"^(fix-it:|[^ /]+:\d+:\d+: |fatal error: )")


def fail(message):
    print(message)
    sys.exit(1)


def compile_with(compiler, *options):
    """(status, report lines) of the file, named as from its own directory."""
    result = subprocess.run([*compiler, "-fsyntax-only", *options, PATH.name], cwd=PATH.parent,
                            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            env={**os.environ, "LC_ALL": "C"})
    return result.returncode, [line for line in result.stdout.splitlines() if REPORT.match(line)]


def compilers(text):
    """Every compiler that takes the file, with what it needs to find goc.h."""
    yield [GOC_CC]
    yield [CLANG, "-I", INCLUDE] + (["-fblocks"] if "^" in text else [])
    if not PATH.name.startswith("right_blocks"):
        yield [GCC, "-I", INCLUDE]


def check_text(text):
    limit = re.search(r"CHECK-OPTIONS: (\S+)", text)
    status, lines = compile_with([GOC_CC], "-fdiagnostics-parseable-fixits",
                                 limit.group(1) if limit else "-ferror-limit=0")
    if status != 1:
        fail(f"exited {status}: " + "\n".join(lines))
    result = subprocess.run(
        [FILECHECK, "--match-full-lines", "--dump-input=never", "--implicit-check-not={{.+}}",
         str(PATH)], input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    if result.returncode != 0:
        fail(result.stdout + "\n".join(["---- said ----", *lines]))


def check_wrong_lines(text):
    wanted = {number for number, line in enumerate(text.splitlines(), 1) if "// wrong" in line}
    for compiler in compilers(text):
        _, lines = compile_with(compiler, "-Werror",
                                *([] if compiler[0] == GCC else ["-ferror-limit=0"]))
        found = {int(line.split(":")[1]) for line in lines
                 if line.startswith(PATH.name + ":") and " error: " in line}
        if found != wanted:
            fail(f"{compiler[0]}: nothing said of lines {sorted(wanted - found)}, "
                 f"something of lines {sorted(found - wanted)}\n" + "\n".join(lines))


def check_right(text):
    for compiler in compilers(text):
        for standard in ("-std=gnu11", "-std=gnu17"):
            status, lines = compile_with(compiler, standard, *STRICT)
            if status or lines:
                fail(f"{compiler[0]} {standard}: exited {status}\n" + "\n".join(lines))


def main():
    text = PATH.read_text()
    if "CHECK:" in text:
        check_text(text)
    elif "// wrong" in text:
        check_wrong_lines(text)
    else:
        check_right(text)


if __name__ == "__main__":
    main()
