#!/usr/bin/env python3
"""Rewrite one program with goc-rewrite, build what comes out with clang and with gcc, run both.

Neither compiler sees the plugin or any of goc-cc's options.  What comes out draws no warning
where the original draws none, and does what the original has to do: the status, and the source's own CHECK lines
(tests/support/run_program.py).  A file with block literals is clang's with -fblocks; gcc
refuses it at its first block literal.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import run_program  # noqa: E402

# The frame pointer is for the stacks that the runtime prints; goc-cc asks for it by itself.
STRICT = ["-std=gnu17", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fno-omit-frame-pointer",
          "-fstack-clash-protection"]
BLOCK = re.compile(r"\^\s*(\([^()]*\))?\s*\{")


def arguments():
    parser = argparse.ArgumentParser()
    for option in ("bin", "library", "include", "support", "barrier", "work"):
        parser.add_argument("--" + option, required=True, type=pathlib.Path)
    for option in ("filecheck", "clang", "gcc"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--exit", type=int, default=0)
    parser.add_argument("--check", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--flag", action="append", default=[])
    parser.add_argument("--repeat", type=int)  # of the program's own test; once is enough here
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("args", nargs="*")
    options = parser.parse_args()
    options.mode = "plain"
    return options


def run(command):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "LC_ALL": "C"})


def rewrite(options):
    output = options.work / options.source.name
    result = run([options.bin / "goc-rewrite", "-o", output, options.source, "--",
                  f"-I{options.support}",
                  *(flag for flag in options.flag if flag.startswith(("-I", "-D")))])
    if result.returncode or result.stdout:
        run_program.fail(f"goc-rewrite exited {result.returncode}", result.stdout)
    return output


def build(options, compiler, source, blocks):
    """The program, or None and what COMPILER said."""
    program = options.work / pathlib.Path(compiler).name
    takes_blocks = blocks and compiler == options.clang
    flags, libraries = (["-fblocks"], ["-lBlocksRuntime"]) if takes_blocks else ([], [])
    command = [compiler, *STRICT, *flags, *options.flag, f"-I{options.include}",
               f"-I{options.support}", f"-I{options.source.parent}"]
    rest = ["-o", program, options.barrier, options.library, "-pthread", "-lm", *libraries,
            *(flag for flag in options.flag if flag.startswith("-l"))]
    result = run([*command, source, *rest])
    if result.returncode and run([*command, "-c", "-o", "/dev/null", options.source]).returncode:
        result = run([*command, "-Wno-error", source, *rest])  # it complains of the original, too
    return (None if result.returncode else program), result.stdout


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    text = options.source.read_text()
    prefixes = run_program.check_prefixes(options, text)
    output = rewrite(options)
    blocks = BLOCK.search(text)
    for compiler in (options.clang, options.gcc):
        program, said = build(options, compiler, output, blocks)
        if blocks and compiler == options.gcc:
            errors = [line for line in said.splitlines() if " error: " in line]
            if program or not errors or "'^' token" not in errors[0]:
                run_program.fail("gcc does not refuse a block literal", said)
            continue
        if not program:
            run_program.fail(f"{compiler} refuses what goc-rewrite printed", said)
        run_program.check_run(options, options.exit, prefixes,
                              run_program.run_once(options, program))


if __name__ == "__main__":
    main()
