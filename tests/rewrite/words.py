#!/usr/bin/env python3
"""What goc-rewrite prints for files that make no program, and what it refuses.

Usage: words.py BIN CLANG GCC INCLUDE Words.TEST
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(sys.argv[1])
CLANG, GCC, INCLUDE = sys.argv[2:5]
REFUSED = 1
PLAIN = """#include <stdio.h>
#define TWICE(x) \\
\t((x) + (x))   /* ends in blanks:   */
// no words here: go f(x), chan_select
int main(void)
{
\tputs("go home");
\treturn TWICE(0);
}"""
GO = """#include <goc.h>
void f(int x);
int g(int y);
void h(void)
{
    go f(
        g(1)
    );
}
"""


class Words(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="goc rewrite ")
        self.addCleanup(directory.cleanup)
        self.work = pathlib.Path(directory.name)

    def write(self, name, text):
        path = self.work / name
        path.write_bytes(text.encode())
        return path

    def run_command(self, *command):
        return subprocess.run(list(map(str, command)), cwd=self.work, text=True, timeout=20,
                              capture_output=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, "LC_ALL": "C"})

    def rewrite(self, *args):
        return self.run_command(BIN / "goc-rewrite", *args)

    def assert_refused(self, result, *words):
        """One line on stderr that has all WORDS, nothing on stdout."""
        self.assertEqual(result.returncode, REFUSED, result.stderr)
        self.assertEqual(result.stdout, "")
        lines = [line for line in result.stderr.splitlines()
                 if "error: " in line or line.startswith("goc-rewrite: ")]
        self.assertEqual(len(lines), 1, result.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def test_no_word_no_change(self):
        """Blanks, comments, macros and the missing newline at the end are kept."""
        self.write("plain.c", PLAIN)
        result = self.rewrite("plain.c")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, PLAIN, ""))
        self.write("empty.c", "")
        self.assertEqual(self.rewrite("empty.c").stdout, "")

    def test_no_word_in_a_header(self):
        self.write("plain.h", "#pragma once\nint f(void);\n")
        self.assertEqual(self.rewrite("plain.h").stdout, "#pragma once\nint f(void);\n")

    def test_header_without_use(self):
        text = "#include <goc.h>\nint f(chan(int) c) { return chan_recv(c); }\n"
        self.write("typed.c", text)
        self.assertEqual(self.rewrite("typed.c").stdout, text)

    def test_output_file(self):
        self.write("plain.c", PLAIN)
        old = self.write("out.c", "old")
        result = self.rewrite("-o", old, "plain.c")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertEqual(old.read_text(), PLAIN)
        self.assertEqual(sorted(os.listdir(self.work)), ["out.c", "plain.c"])

    def test_failure_keeps_the_output(self):
        self.write("wrong.c", "#include <goc.h>\nvoid f(int n) { go n; }\n")
        old = self.write("out.c", "old")
        result = self.rewrite("-o", old, "wrong.c")
        self.assert_refused(result, "wrong.c:2:20", "expression in go must be function call")
        self.assertEqual(old.read_text(), "old")
        self.assertEqual(sorted(os.listdir(self.work)), ["out.c", "wrong.c"])

    def test_lines_keep_their_numbers(self):
        """What a compiler says of the printed C stands at the line of the original."""
        source = self.write("lines.c", GO + "int wrong = ;\n")
        self.assertEqual(self.rewrite("lines.c").returncode, REFUSED)
        source.write_text(GO + "_Static_assert(__LINE__ == 10, \"\");\n"
                          "const char *name = __FILE__;\n")
        self.rewrite("-o", "out.c", "lines.c")
        for compiler in (CLANG, GCC):
            result = self.run_command(compiler, "-I", INCLUDE, "-Wall", "-Werror", "-S", "-o", "-",
                                      "out.c")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn('"lines.c"', result.stdout)

    def test_clang_options_behind_dashes(self):
        self.write("choice.c", "#include <goc.h>\nvoid f(void);\nvoid h(void) { go CALL; }\n")
        result = self.rewrite("choice.c", "--", "-DCALL=f()")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("goc_go(", result.stdout)

    def test_once_more(self):
        """What is printed has no word left: printing it again changes nothing."""
        self.write("go.c", GO)
        self.rewrite("-o", "once.c", "go.c")
        result = self.rewrite("once.c")
        self.assertEqual(result.stdout, (self.work / "once.c").read_text())

    def test_missing_file(self):
        self.assert_refused(self.rewrite("gone.c"), "cannot read gone.c")

    def test_directory(self):
        (self.work / "dir.c").mkdir()
        self.assert_refused(self.rewrite("dir.c"), "dir.c")

    def test_no_c(self):
        self.write("file.cpp", "int i;\n")
        self.assert_refused(self.rewrite("file.cpp"), "goc-rewrite reads C")
        self.write("file.o", "\x7fELF")
        self.assert_refused(self.rewrite("file.o"), "file.o")

    def test_unknown_option(self):
        self.assert_refused(self.rewrite("-O2", "a.c"), "unknown option '-O2'", "--")
        self.assert_refused(self.rewrite("a.c", "b.c"), "one file at a time")
        self.assert_refused(self.rewrite("a.c", "-o"), "-o wants a file")
        self.assert_refused(self.rewrite(), "no file")

    def test_output_that_cannot_be_written(self):
        self.write("plain.c", PLAIN)
        self.assert_refused(self.rewrite("-o", "gone/out.c", "plain.c"), "gone/out.c")

    def test_word_in_an_included_file(self):
        self.write("inner.h", GO)
        self.write("outer.c", '#include "inner.h"\n')
        self.assert_refused(self.rewrite("outer.c"), "included", "rewrite that file")

    def test_type_without_a_name_outside(self):
        self.write("local.c", "#include <goc.h>\nvoid h(void (*f)())\n{\n    struct s { int x; } s "
                              "= {1};\n    go f(s);\n}\n")
        self.assert_refused(self.rewrite("local.c"), "local.c:5:", "declared in 'h'")

    def test_gcc_refuses_block_literals(self):
        """They stay as they are, for clang -fblocks."""
        self.write("block.c", "#include <goc.h>\nvoid f(int x);\nvoid h(int x)\n{\n    go ^{\n"
                              "        f(x);\n    }();\n    go f(x);\n}\n")
        self.rewrite("-o", "out.c", "block.c")
        clang = self.run_command(CLANG, "-fblocks", "-I", INCLUDE, "-Wall", "-Werror", "-c",
                                 "out.c")
        self.assertEqual(clang.returncode, 0, clang.stderr)
        gcc = self.run_command(GCC, "-I", INCLUDE, "-fsyntax-only", "out.c")
        errors = [line for line in gcc.stderr.splitlines() if " error: " in line]
        self.assertNotEqual(gcc.returncode, 0)
        self.assertIn("'^' token", errors[0])


if __name__ == "__main__":
    unittest.main(argv=["words.py", *sys.argv[5:]], verbosity=2)
