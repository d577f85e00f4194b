#!/usr/bin/env python3
"""What goc-race says about logs that are fully known, held against golden files.

Usage: golden.py GOC_RACE FIXTURE DIRECTORY SCENARIO [--write]

DIRECTORY has SCENARIO.txt and SCENARIO.json: stdout of `goc-race report` for the log that
`FIXTURE SCENARIO` writes.  --write makes the golden files anew, to be read before committing.
The path of the fixture, which is the build's own, and identities made from paths are masked.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys

GOC_RACE, FIXTURE, DIRECTORY, SCENARIO = sys.argv[1:5]
WRITE = sys.argv[5:] == ["--write"]
RACE_STATUS = 66
QUIET = {"clean"}  # scenarios without a race


def masked(text):
    text = text.replace(os.path.realpath(FIXTURE), "FIXTURE").replace(DIRECTORY, "DIRECTORY")
    text = re.sub(r'"id":"[0-9a-f]{16}"', '"id":"ID"', text)
    return re.sub(r'("offset":"|FIXTURE\+)0x[0-9a-f]+', r"\g<1>OFFSET", text)


def run(log, *options, stream=False):
    """(status, what was reported)"""
    command = [GOC_RACE, "report", *options] + (["--stream"] if stream else ["-"])
    environment = {**os.environ, "TERM": "xterm"}
    result = subprocess.run(command, input=log, capture_output=True, cwd=DIRECTORY, timeout=60,
                            text=True, env=environment)
    said, silent = (result.stderr, result.stdout) if stream else (result.stdout, result.stderr)
    if silent:
        sys.exit(f"unexpected output: {silent}")
    return result.returncode, masked(said)


def compare(name, found):
    path = pathlib.Path(DIRECTORY, "golden", name)
    if WRITE:
        path.write_text(found)
        return
    wanted = path.read_text()
    if found != wanted:
        sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), found.splitlines(True),
                                                   str(path), "goc-race"))
        sys.exit(1)


log = subprocess.run([FIXTURE, SCENARIO], check=True, capture_output=True, text=True).stdout
expected = 0 if SCENARIO in QUIET else RACE_STATUS
status, text = run(log)
assert status == expected, status
compare(f"{SCENARIO}.txt", text)
status, lines = run(log, "--format=json")
assert status == expected, status
compare(f"{SCENARIO}.json", lines)

# As it comes, the text is the same; errors may come earlier.
status, streamed = run(log, stream=True)
assert status == expected, status
if sorted(streamed.splitlines()) != sorted(text.splitlines()):
    sys.exit(f"--stream differs:\n{streamed}")
