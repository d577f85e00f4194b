#!/usr/bin/env python3
"""gdb shows goroutines: in a process, in a core file, and without debug information.

The script comes by itself, as it does for a user: from the program's .debug_gdb_scripts.
"""
import argparse
import pathlib
import re
import resource
import shutil
import subprocess
import sys

SKIP_STATUS = 77
ATTEMPTS = 5  # main may lose its P in its last microsecond, and the unborn begin
SCRIPT_COMMANDS = ("info goroutines", "goroutine 2 bt", "goroutine 2 bt 3", "goroutine all bt",
                   "goroutine 2 frame function receive", "bt", "goroutine 99 bt",
                   "goroutine x bt", "goroutine")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    return parser.parse_args()


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP_STATUS)


def gdb(options, *words, commands):
    """The output of each of COMMANDS, in turn."""
    line = ["gdb", "-batch", "-nx", "-iex", "set debuginfod enabled off"]
    for place in (options.bin.parent / "lib" / "goc",
                  (options.bin.parent / "lib" / "goc" / "goc-gdb.py").resolve().parent):
        line += ["-iex", f"add-auto-load-safe-path {place}"]
    for number, command in enumerate(commands):
        line += ["-ex", f"echo \\n==== {number}\\n", "-ex", command]
    done = subprocess.run(line + [str(word) for word in words], cwd=options.work, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    # What gdb finds to say of the system's core files is no concern of ours.
    output = re.sub(r"^warning: .*\n", "", done.stdout, flags=re.MULTILINE)
    parts = re.split(r"^==== \d+\n", output, flags=re.MULTILINE)
    require(len(parts) == len(commands) + 1, "gdb did not come to its end", output)
    return dict(zip(commands, parts[1:]))


def require(condition, message, output):
    if not condition:
        print(message)
        print("---- output ----")
        print(output)
        sys.exit(1)


def match(pattern, output):
    require(re.search(pattern, output, re.MULTILINE), f"nothing matches: {pattern}", output)


def check(said, address, lines=True):
    info = said["info goroutines"]
    at = r" at \S*gdb.c:\d+" if lines else ""
    match(r"^\* 1 \[running on thread \d+\] ", info)
    match(rf"^  2 \[chan receive on {address}, \d+\.\d+ s\] receive{at}, "
          rf"created by main{at} in goroutine 1$", info)
    match(rf"^  \d+ \[running on thread \d+\] computer{at}, created by main", info)
    match(rf"^  3 \[chan receive on {address}, locked to thread \d+, \d+\.\d+ s\] receive{at}", info)
    match(rf"^  \d+ \[runnable\] unborn", info)
    require(len(info.strip().splitlines()) == 5, "there are five goroutines", info)

    stack = said["goroutine 2 bt"]
    require("#0" not in stack, "the thread's frame is no goroutine's", stack)
    match(r"^#1 ", stack)
    match(r"^#\d+ .* goc_chan_recv \(", stack)
    match(r"^#\d+ .*\breceive \(number=21\) at \S*gdb.c:\d+$" if lines
          else r"^#\d+ .*\breceive \(\)$", stack)
    match(r"^#\d+ .* goroutine_start \(", stack)
    match(r"^#\d+ .* context_start \(", stack)
    require(stack.rstrip().splitlines()[-1].startswith("#") and "context_start" in
            stack.rstrip().splitlines()[-1], "the stack goes on behind its end", stack)
    require(len(re.findall(r"^#", said["goroutine 2 bt 3"], re.MULTILINE)) == 3,
            "not three frames", said["goroutine 2 bt 3"])

    everybody = said["goroutine all bt"]
    match(r"^goroutine 1 \[running on thread \d+\]:\n#0 ", everybody)
    match(rf"^goroutine 2 \[chan receive on {address}\]:\n#1 ", everybody)
    match(r"^goroutine \d+ \[running on thread \d+\]:\n#0 .*compute", everybody)
    match(r"^goroutine \d+ has not begun; it will in unborn", everybody)
    # The selected thread is what it was.
    match(r"^#\d+ .* main \(", said["bt"])
    require("receive" not in said["bt"], "the goroutine is still chosen", said["bt"])
    match("there is no goroutine 99", said["goroutine 99 bt"])
    match("x is no goroutine's number", said["goroutine x bt"])
    match("goroutine N COMMAND", said["goroutine"])


def main():
    options = arguments()
    if shutil.which("gdb") is None:
        skip("gdb is not installed")
    if subprocess.run(["gdb", "-batch", "-nx", "-ex", "python import gdb.unwinder"],
                      capture_output=True).returncode != 0:
        skip("this gdb has no Python")
    options.work.mkdir(parents=True, exist_ok=True)
    program = options.work / "gdb"
    subprocess.run([options.bin / "goc-cc", "-g", "-O0", "-Wall", str(options.source), "-o",
                    str(program)], check=True)
    bare = options.work / "gdb-bare"
    subprocess.run(["strip", "--strip-debug", "-o", bare, program], check=True)

    for subject, lines in ((program, True), (bare, False)):
        for _ in range(ATTEMPTS):
            said = gdb(options, subject, commands=("run", *SCRIPT_COMMANDS))
            if "[runnable]" in said["info goroutines"]:
                break
        if "ptrace: Operation not permitted" in said["run"]:
            skip("this system lets no process be debugged")
        match("SIGABRT", said["run"])
        address = re.search(r"never (0x[0-9a-f]+)", said["run"]).group(1)
        check(said, address, lines)
    # Before the start there is nothing to show.
    said = gdb(options, program, commands=("info goroutines",))
    match("the program is not running", said["info goroutines"])
    said = gdb(options, "/bin/true", commands=("info goroutines",))
    match("Undefined info command", said["info goroutines"])

    pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if "/" in pattern or pattern.startswith("|") or "%" in pattern:
        skip(f"a process was right; core files go elsewhere here: {pattern}")
    for _ in range(ATTEMPTS):
        for old in options.work.glob("core*"):
            old.unlink()
        done = subprocess.run([str(program)], cwd=options.work, capture_output=True, text=True,
                              preexec_fn=lambda: resource.setrlimit(
                                  resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2))
        cores = list(options.work.glob("core*"))
        require(done.returncode == -6 and len(cores) == 1, f"cores: {cores}", done.stderr)
        size = cores[0].stat().st_size
        require(size < 256 << 20, f"a core file of {size} bytes for four goroutines", "")
        said = gdb(options, program, cores[0], commands=SCRIPT_COMMANDS)
        cores[0].unlink()
        if "[runnable]" in said["info goroutines"]:
            break
    check(said, re.search(r"never (0x[0-9a-f]+)", done.stdout).group(1))
    print("gdb shows goroutines")


if __name__ == "__main__":
    main()
