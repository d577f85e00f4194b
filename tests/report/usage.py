#!/usr/bin/env python3
"""What goc-race says about command lines that it cannot follow: one line, which names what is wrong.

Usage: usage.py GOC_RACE
"""
import subprocess
import sys

UNREADABLE, USAGE, NOT_EXECUTABLE, NOT_FOUND = 1, 2, 126, 127
CASES = {  # arguments: status, what the line says
    "report": (USAGE, "report: no LOG given"),
    "report --colour LOG": (USAGE, "report: unknown option '--colour'"),
    "report -xy LOG": (USAGE, "report: unknown option '-x'"),
    "report --format": (USAGE, "--format wants text or json"),
    "report --format=xml LOG": (USAGE, "--format is text or json"),
    "report --stream=yes": (USAGE, "report: unknown option '--stream=yes'"),
    "report --stream LOG": (USAGE, "report: --stream takes no LOG"),
    "report no-such.log": (UNREADABLE, "no-such.log: No such file or directory"),
    "report /": (UNREADABLE, "/: Is a directory"),
    "run": (USAGE, "run: no PROGRAM given"),
    "run ./no-such-program": (NOT_FOUND, "./no-such-program: No such file or directory"),
    "run /dev/null": (NOT_EXECUTABLE, "/dev/null: Permission denied"),
    "symbolize x": (USAGE, "symbolize: unexpected 'x'"),
    "reprot": (USAGE, "unknown command 'reprot' (known: run, report, symbolize"),
}

wrong = []
for arguments, (status, said) in CASES.items():
    result = subprocess.run([sys.argv[1], *arguments.split()], stdin=subprocess.DEVNULL,
                            capture_output=True, timeout=60, text=True)
    lines = result.stderr.splitlines()
    if result.returncode != status or result.stdout or len(lines) != 1 or said not in lines[0]:
        wrong.append(f"goc-race {arguments}: exit {result.returncode}, wanted {status} and "
                     f"{said!r}:\n{result.stdout}{result.stderr}")
if wrong:
    sys.exit("\n".join(wrong))
