#!/usr/bin/env python3
"""A fault ends the process as it would without the runtime: the core file holds the instruction, its
registers and what the kernel said; and it ends also where the report cannot be written."""
import argparse
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

SKIP_STATUS = 77
LIBRARY = """
#include <stdatomic.h>
#include <unistd.h>
extern atomic_bool inside;
__attribute__((__constructor__)) static void stay(void)
{
    atomic_store(&inside, 1);
    for (;;)
        pause();
}
"""


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    return parser.parse_args()


def require(condition, message, output):
    if not condition:
        print(message)
        print("---- output ----")
        print(output)
        sys.exit(1)


def run(options, *words, core=False):
    limit = (resource.RLIM_INFINITY,) * 2 if core else (0, 0)
    began = time.monotonic()
    done = subprocess.run([options.work / "fault", *words], cwd=options.work, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, limit))
    require(done.returncode == -signal.SIGSEGV, f"it exited {done.returncode}", done.stdout)
    require("[signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=" in done.stdout,
            "it does not say why", done.stdout)
    return done.stdout, time.monotonic() - began


def check_lock(options):
    library = options.work / "stays.so"
    source = options.work / "stays.c"
    source.write_text(LIBRARY)
    subprocess.run([options.bin / "goc-cc", "-shared", "-fPIC", "-o", library, source], check=True)
    run(options, library)


def check_core(options):
    pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if "/" in pattern or pattern.startswith("|") or "%" in pattern:
        return f"core files go elsewhere here: {pattern}"
    if shutil.which("gdb") is None:
        return "gdb is not installed"
    for old in options.work.glob("core*"):
        old.unlink()
    run(options, "core", "core", core=True)
    cores = list(options.work.glob("core*"))
    require(len(cores) == 1, f"cores: {cores}", "")
    commands = ("bt 2", "print $_siginfo.si_signo", "print $_siginfo.si_code",
                "print $_siginfo._sifields._sigfault.si_addr", "x/i $pc")
    line = ["gdb", "-batch", "-nx", "-iex", "set debuginfod enabled off"]
    for command in commands:
        line += ["-ex", command]
    said = subprocess.run([*line, options.work / "fault", cores[0]], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT).stdout
    cores[0].unlink()
    for pattern in (r"terminated with signal SIGSEGV", r"^#0 .*write_nowhere \(number=7\)",
                    r"^#1 .*worker \(", r"^\$1 = 11$", r"^\$2 = 1$", r"^\$3 = \(void \*\) 0x10$",
                    r"^=> .*write_nowhere\+\d+>:"):
        require(re.search(pattern, said, re.MULTILINE), f"nothing matches: {pattern}", said)
    return None


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    subprocess.run([options.bin / "goc-cc", "-g", "-O0", "-Wall", "-rdynamic", options.source,
                    "-o", options.work / "fault"], check=True)
    check_lock(options)
    reason = check_core(options)
    if reason is not None:
        print(f"skipped: the process was right; {reason}")
        sys.exit(SKIP_STATUS)
    print("a fault ends the process as it should")


if __name__ == "__main__":
    main()
