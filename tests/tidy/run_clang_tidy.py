#!/usr/bin/env python3
"""clang-tidy over every file that the build compiles; what was clean is not looked at again.

Usage: run_clang_tidy.py CLANG_TIDY TOP BUILD JOBS

A file is clean until its command, the configuration, clang-tidy itself, or a file of the tree
that it includes changes: the hash of all these names an empty file under BUILD/tidy-clean.
What a file includes, ninja knows from the compiler; so the build must have run before.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


def dependencies(build):
    """Object file -> the files it was compiled from, as ninja recorded them."""
    found, current = {}, None
    listing = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], check=True,
                             capture_output=True, text=True).stdout
    for line in listing.splitlines():
        if line.startswith("    "):
            current.append(line.strip())
        elif ": #deps" in line:
            current = found.setdefault(line.split(": #deps")[0], [])
    return found


def clean_mark(entry, files, top, version):
    """The name under which ENTRY's cleanness is remembered."""
    digest = hashlib.sha256(version.encode())
    digest.update(entry["command"].encode())
    configurations = [path for depth in ("", "*/", "*/*/")
                      for path in sorted(top.glob(depth + ".clang-tidy"))]
    for path in [*configurations, *sorted(set(files))]:
        digest.update(str(path).encode())
        # ninja may still name a header of the compile before, which is gone now.
        if os.path.exists(path):
            digest.update(pathlib.Path(path).read_bytes())
    return digest.hexdigest()


def output_of(entry):
    """The object file of a compile command, as ninja names it."""
    words = shlex.split(entry["command"])
    return words[words.index("-o") + 1]


def tidy(clang_tidy, build, top, entry):
    """(whether ENTRY's file is clean, what clang-tidy said)."""
    headers = f"^{re.escape(str(top))}/(runtime|plugin|detector|tests)/"
    result = subprocess.run(
        [clang_tidy, "--quiet", "-p", str(build), "--warnings-as-errors=*",
         f"--header-filter={headers}", entry["file"]],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = result.stdout
    if result.returncode != 0 and not said:
        said = result.stderr
    return result.returncode == 0, said


def main():
    clang_tidy, top, build, jobs = sys.argv[1], *map(pathlib.Path, sys.argv[2:4]), int(sys.argv[4])
    version = subprocess.run([clang_tidy, "--version"], check=True, capture_output=True,
                             text=True).stdout
    entries = json.loads((build / "compile_commands.json").read_text())
    included = dependencies(build)
    clean = build / "tidy-clean"
    clean.mkdir(exist_ok=True)

    todo, seen = [], set()
    for entry in entries:
        if not entry["file"].endswith((".c", ".cpp")) or not entry["file"].startswith(f"{top}/"):
            continue
        files = [os.path.join(build, path) for path in included.get(output_of(entry), [])]
        files = [path for path in files if path.startswith(f"{top}/")] or [entry["file"]]
        mark = clean / clean_mark(entry, files, top, version)
        # The two runtime libraries compile the same files; each file once is enough.
        if entry["file"] in seen:
            continue
        seen.add(entry["file"])
        if not mark.exists():
            todo.append((entry, mark))

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = pool.map(lambda item: (item[1], *tidy(clang_tidy, build, top, item[0])), todo)
        for mark, is_clean, said in runs:
            if is_clean:
                mark.touch()
            else:
                failed += 1
                print(said, flush=True)
    print(f"clang-tidy: {len(seen)} files, {len(todo)} looked at, {failed} with warnings")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
