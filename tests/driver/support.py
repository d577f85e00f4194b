"""What driver.py and builds.py have in common: where things are, and a directory a test."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv[1])
CLANG, GCC, INCLUDE = sys.argv[2:5]
GOC_CC = BUILD / "bin" / "goc-cc"
LIBGOC = BUILD / "lib" / "goc" / "libgoc.a"
RACE_STATUS = 66  # RACE_EXIT_STATUS in goc/race_record.h


class Case(unittest.TestCase):
    """A test with a directory of its own, where commands run."""

    DIRECTORY = "goc driver "  # with blanks, unless a test's tools cannot stand them

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix=self.DIRECTORY)
        self.addCleanup(directory.cleanup)
        self.work = pathlib.Path(directory.name)

    def write(self, name, text):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run_command(self, *command, stdin="", cwd=None, **environment):
        inherited = {name: value for name, value in os.environ.items()
                     if name not in ("GOC_RACE", "GOC_DEBUG", "GOC_CLANG", "CFLAGS", "LDFLAGS",
                                     "MAKEFLAGS", "GOMAXPROCS")}
        return subprocess.run([str(word) for word in command], cwd=cwd or self.work, text=True,
                              timeout=100, input=stdin, capture_output=True, errors="replace",
                              env={**inherited, "LC_ALL": "C", **environment})

    def succeed(self, *command, **how):
        """COMMAND's result, when it exits 0."""
        result = self.run_command(*command, **how)
        self.assertEqual(result.returncode, 0, f"{command}\n{result.stdout}{result.stderr}")
        return result

    def compile(self, *args, **how):
        """goc-cc ARGS, which succeeds and says nothing."""
        result = self.succeed(GOC_CC, *args, **how)
        self.assertEqual(result.stderr, "")
        return result

    def symbols(self, *files):
        """The names in FILES' symbol tables."""
        listing = self.succeed("nm", *files).stdout
        return {line.split()[-1] for line in listing.splitlines() if line.split()}


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]], verbosity=2)
