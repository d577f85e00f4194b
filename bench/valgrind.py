"""Valgrind's two race detectors, as every group runs them.

Each with the options by which it sees more than by default: both that freeing is an access, and
DRD variables on stacks.  Its scheduler is the fair one, under which who spins lets others go on.
"""
import shutil

COMMON = ["--fair-sched=try", "--free-is-write=yes"]
TOOLS = {
    "Helgrind": ["--tool=helgrind", *COMMON],
    "DRD": ["--tool=drd", "--check-stack-var=yes", *COMMON],
}
# What each says of a race, at the head of a report.
REPORTS = {"Helgrind": "Possible data race during ",
           "DRD": "Conflicting (load|store) by thread "}
# Debian 12's Valgrind gives up at the debug information that clang makes by default.
COMPILE_FLAGS = ["-gdwarf-4"]
MISSING = "Valgrind is not installed (Debian: valgrind)"


def command(tool):
    """TOOL as a list to put before a program, None where Valgrind is not installed."""
    valgrind = shutil.which("valgrind")
    return [valgrind, *TOOLS[tool]] if valgrind else None
