#!/usr/bin/env python3
"""goc-cc takes a compiler's place: the options that builds and tools give to CC.

Usage: driver.py BUILD CLANG GCC INCLUDE CLASS.TEST
"""
import re
import shlex

from support import CLANG, GCC, GOC_CC, INCLUDE, LIBGOC, RACE_STATUS, Case, main

PLAIN = "int main(void) { return 7; }\n"
# Goroutines on both sides of a call: main's file and another.
HERE = """#include <goc.h>
#include <stdio.h>
void answer(chan_send_only(int) out);
int main(void)
{
    chan(int) c = chan_make(int, 0);
    go answer(c);
    printf("%d\\n", chan_recv(c));
    chan_free(c);
    return 0;
}
"""
THERE = """#include <goc.h>
static void send(chan_send_only(int) out) { chan_send(out, 42); }
void answer(chan_send_only(int) out) { go send(out); }
"""
ANSWER = "42\n"
# A library that keeps its goroutines to itself, and a host of the system's compiler.
SUMS = """#include <goc.h>
static void square(int n, chan_send_only(int) out) { goc_sleep(1000); chan_send(out, n * n); }
int sum(int n)
{
    chan(int) c = chan_make(int, 0);
    int all = 0;
    for (int i = 1; i <= n; i++)
        go square(i, c);
    for (int i = 1; i <= n; i++)
        all += chan_recv(c);
    chan_free(c);
    return all;
}
void leave(void) { chan(int) never = chan_make(int, 0); go square(1, never); }
void hang(void) { chan_recv(chan_make(int, 0)); }
"""
HOST = """#define _GNU_SOURCE
#include <assert.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void *library;
static void load(const char *path)
{
    if (!(library = dlopen(path, RTLD_NOW | RTLD_LOCAL)))
        puts(dlerror());
    assert(library);
}
static void *call(const char *name)
{
    void *found = dlsym(library, name);
    assert(found);
    return found;
}
static void *add_up(void *unused)
{
    int (*sum)(int) = call("sum");
    for (int i = 0; i < 100; i++) {
        int thread = gettid(); /* a host's thread stays where it is */
        assert(sum(10) == 385);
        assert(gettid() == thread);
    }
    return unused;
}
static void *load_and_add(void *path)
{
    load(path);
    return add_up(NULL);
}
static void on_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    assert(pthread_create(&thread, NULL, function, argument) == 0);
    assert(pthread_join(thread, NULL) == 0);
}
int main(int argc, char **argv)
{
    if (strcmp(argv[1], "thread") == 0) /* the first thread comes later */
        on_thread(load_and_add, argv[2]);
    else
        load(argv[2]);
    add_up(NULL);
    on_thread(add_up, NULL);
    assert(dlclose(library) == 0);
    load(argv[2]);
    add_up(NULL);
    ((void (*)(void))call("leave"))(); /* blocked for ever: that is no deadlock */
    on_thread(add_up, NULL);
    if (strcmp(argv[1], "hang") == 0)
        ((void (*)(void))call("hang"))();
    for (int i = 3; i < argc; i++) { /* others, beside it */
        load(argv[i]);
        add_up(NULL);
    }
    puts("summed");
    return 0;
}
"""


class Options(Case):
    def test_object(self):
        self.write("there.c", THERE)
        self.compile("-c", "there.c")
        self.assertIn("goc_go_reaching", self.symbols("there.o"))
        self.compile("-c", "there.c", "-o", "other.o")
        self.assertIn("answer", self.symbols("other.o"))

    def test_assembly(self):
        self.write("there.c", THERE)
        self.compile("-S", "there.c")
        self.assertIn("goc_go_reaching", (self.work / "there.s").read_text())
        self.compile("-c", "there.s")
        self.assertIn("goc_go_reaching", self.symbols("there.o"))

    def test_preprocessing(self):
        self.write("there.c", "#define N 40 + 2\n" + THERE + "int n = N;\n")
        text = self.compile("-E", "-P", "there.c").stdout
        self.assertIn("int n = 40 + 2;", text)
        self.write("again.i", self.compile("-E", "there.c").stdout)
        self.compile("-c", "again.i")
        self.assertIn("goc_go_reaching", self.symbols("again.o"))

    def test_dependencies(self):
        """As clang itself writes them; goc.h is a system header."""
        self.write("inner.h", "int inner;\n")
        self.write("a.c", '#include "inner.h"\n#include <stdio.h>\n')
        for option in ("-M", "-MM"):
            self.assertEqual(self.compile(option, "a.c").stdout,
                             self.succeed(CLANG, option, "a.c").stdout)
        self.write("b.c", '#include "inner.h"\n#include <goc.h>\n')
        for option, name, has_goc in (("-MD", "b.d", True), ("-MMD", "b.d", False)):
            self.compile(option, "-c", "b.c")
            text = (self.work / name).read_text()
            self.assertTrue(text.startswith("b.o: b.c"), text)
            self.assertIn("inner.h", text)
            self.assertEqual("goc.h" in text, has_goc, text)
        self.compile("-MMD", "-MF", "deps file", "-MT", "target", "-MP", "-c", "b.c", "-o", "x.o")
        text = (self.work / "deps file").read_text()
        self.assertTrue(text.startswith("target: b.c"), text)
        self.assertIn("\ninner.h:", text)

    def test_response_file(self):
        """Also one in another, with blanks, and with goc's own options."""
        self.write("a b.c", PLAIN)
        self.write("inner.rsp", '"a b.c"\n')
        self.write("outer.rsp", "-DX='1 2' -race\n@inner.rsp -o 'out put'\n")
        self.compile("@outer.rsp")
        self.assertEqual(self.run_command("./out put").returncode, 7)
        self.assertIn("goc_race_module_init", self.symbols("out put"))

    def test_questions(self):
        """Answered as clang answers them, with a file on the command line and without."""
        self.write("a.c", PLAIN)
        for question in ("--version", "-dumpversion", "-dumpmachine", "-print-search-dirs",
                         "-print-file-name=libc.so.6", "-print-prog-name=ld",
                         "-print-libgcc-file-name", "-print-resource-dir",
                         "-print-multi-directory"):
            clang = self.run_command(CLANG, question)
            for files in ([], ["a.c"]):
                goc = self.run_command(GOC_CC, question, *files)
                self.assertEqual((goc.returncode, goc.stdout, goc.stderr),
                                 (clang.returncode, clang.stdout, clang.stderr), question)

    def test_verbose(self):
        """-v alone says the version; with a file, the commands, and it compiles."""
        self.assertIn("clang version", self.succeed(GOC_CC, "-v").stderr)
        self.write("a.c", PLAIN)
        said = self.succeed(GOC_CC, "-v", "-c", "a.c").stderr
        self.assertIn("-cc1", said)
        self.assertTrue((self.work / "a.o").exists())

    def test_standard_input(self):
        self.compile("-x", "c", "-", "-o", "program", stdin=PLAIN)
        self.assertEqual(self.run_command("./program").returncode, 7)
        self.compile("-xc", "-c", "-o", "there.o", "-", stdin=THERE)
        self.compile("-x", "c", "-", "-x", "none", "there.o", "-o", "program", stdin=HERE)
        self.assertEqual(self.succeed("./program").stdout, ANSWER)
        macros = self.compile("-dM", "-E", "-x", "c", "/dev/null").stdout
        self.assertIn("#define __clang__ 1", macros)

    def test_several_sources(self):
        self.write("here.c", HERE)
        self.write("there.c", THERE)
        self.compile("here.c", "there.c")
        self.assertEqual(self.succeed("./a.out").stdout, ANSWER)
        self.compile("-c", "here.c", "there.c")
        self.compile("here.o", "there.o", "-o", "linked")
        self.assertEqual(self.succeed("./linked").stdout, ANSWER)

    def test_blanks_in_paths(self):
        self.write("source dir/here now.c", HERE)
        self.write("source dir/there now.c", '#include "a header.h"\n' + THERE)
        self.write("include dir/a header.h", "")
        self.compile("-I", "include dir", "source dir/here now.c", "source dir/there now.c", "-o",
                     "the program")
        self.assertEqual(self.succeed("./the program").stdout, ANSWER)

    def test_other_flags_are_untouched(self):
        """In their order, and what needs quoting is quoted."""
        self.write("a.c", PLAIN)
        flags = ["-O3", "-std=c99", "-march=x86-64-v2", "-fno-strict-aliasing", "-Wno-unused",
                 "-Wsome-warning-of-gcc", "-DNAME=\"a 'quoted' b\"", "-include", "stddef.h", "-g3",
                 "-pthread", "-pipe", "-fsanitize=undefined", "-flto", "-Wl,-z,now", "-Wl,--as-needed",
                 "-Wp,-DP=1", "-Xlinker", "-znow", "-L/nowhere", "-rdynamic", "-fPIE", "-pie",
                 "-race-like", "-raced=goc"]
        shown = shlex.split(self.compile("--show", *flags, "a.c").stdout)
        self.assertIn(flags[0], shown)
        begin = shown.index(flags[0])
        self.assertEqual(shown[begin:begin + len(flags)], flags)

    def test_probes_of_stacks_are_the_users_choice(self):
        """Who asks for a probe of every page is not given fewer."""
        self.write("a.c", PLAIN)
        ours = "-mstack-probe-size=32768"
        self.assertIn(ours, self.compile("--show", "a.c").stdout)
        self.write("hard", "-fstack-clash-protection")
        for flag in ("-fstack-clash-protection", "-fno-stack-clash-protection",
                     "-mstack-probe-size=4096", "@hard"):
            self.assertNotIn(ours, self.compile("--show", flag, "a.c").stdout)

    def test_unused_arguments_draw_no_warning(self):
        """What goc-cc adds does not: builds run with -Werror."""
        self.write("a.c", PLAIN)
        for args in (["-c", "a.c"], ["-S", "a.c"], ["-E", "a.c"], ["-fsyntax-only", "a.c"],
                     ["-M", "a.c"], ["-c", "a.s"]):
            for race in ([], ["-race"], ["-race=both"]):
                self.compile("-Werror", *race, *args)

    def test_failure_is_passed_on(self):
        self.write("wrong.c", "int main(void) { return }\n")
        result = self.run_command(GOC_CC, "-c", "wrong.c")
        self.assertEqual(result.returncode, 1)
        self.assertIn("wrong.c:1:25: error:", result.stderr)
        self.assertFalse((self.work / "wrong.o").exists())

    def test_unknown_detector(self):
        self.write("a.c", PLAIN)
        for word in ("bogus", "", "GOC", "goc,tsan"):
            result = self.run_command(GOC_CC, f"-race={word}", "-c", "a.c")
            self.assertEqual(result.returncode, 1)
            self.assertEqual(result.stderr, f"goc-cc: unknown detector in '-race={word}'; there are "
                             "-race=goc (or just -race), -race=tsan and -race=both\n")
            self.assertFalse((self.work / "a.o").exists())

    def test_stacks_that_goroutines_cannot_have(self):
        """One line, before anything is compiled; the last word counts, and questions are answered."""
        self.write("a.c", PLAIN)
        for words, mend in ((["-fsplit-stack"], "leave out -fsplit-stack"),
                            (["-fno-split-stack", "-fsplit-stack"], "leave out -fsplit-stack"),
                            (["-fsanitize=undefined,safe-stack"], "add -fno-sanitize=safe-stack"),
                            (["-fno-sanitize=all", "-fsanitize=safe-stack"], "add -fno-sanitize=safe-stack")):
            with self.subTest(words):
                result = self.run_command(GOC_CC, *words, "-c", "a.c")
                self.assertEqual(result.returncode, 1)
                self.assertEqual(len(result.stderr.splitlines()), 1)
                self.assertIn(mend, result.stderr)
                self.assertFalse((self.work / "a.o").exists())
        for words in (["-fsplit-stack", "-fno-split-stack"], ["-fsanitize=safe-stack", "-fno-sanitize=safe-stack"],
                      ["-fsanitize=safe-stack", "-fno-sanitize=undefined,all"], ["-fsanitize=undefined"]):
            self.compile(*words, "-c", "a.c")
        self.compile("-fsplit-stack", "-dumpmachine")


class Linking(Case):
    def test_objects_alone(self):
        self.write("here.c", HERE)
        self.write("there.c", THERE)
        self.compile("-c", "here.c")
        self.compile("-c", "there.c")
        self.succeed("ar", "rcs", "libthere.a", "there.o")
        self.compile("here.o", "-L.", "-lthere", "-o", "program")
        self.assertEqual(self.succeed("./program").stdout, ANSWER)

    def test_shared_library(self):
        """The runtime is the program's, once, whoever uses it."""
        self.write("here.c", HERE)
        self.write("there.c", THERE)
        for race in ([], ["-race"]):
            self.compile(*race, "-fPIC", "-shared", "there.c", "-o", "libthere.so")
            self.assertNotIn("goc__ready", self.symbols("libthere.so"))
            self.compile(*race, "here.c", "-L.", "-lthere", "-Wl,-rpath,$ORIGIN", "-o", "program")
            self.assertEqual(self.succeed("./program").stdout, ANSWER)

    def test_shared_library_alone_uses_the_runtime(self):
        self.write("plain.c", "int work(void); int main(void) { return work(); }\n")
        self.write("work.c", THERE + "int work(void) { chan(int) c = chan_make(int, 0); "
                   "answer(c); return chan_recv(c); }\n")
        self.compile("-fPIC", "-shared", "work.c", "-o", "libwork.so")
        self.compile("plain.c", "-L.", "-lwork", "-Wl,-rpath,$ORIGIN", "-o", "program")
        self.assertEqual(self.run_command("./program").returncode, 42)

    def test_library_with_a_runtime_of_its_own(self):
        """Any host loads it, from any thread; it closes it, and it stays."""
        self.write("sums.c", SUMS)
        self.write("host.c", HOST)
        self.compile("-g", "-fPIC", "-shared", "-static-libgoc", "sums.c", "-o", "sums.so")
        self.compile("-g", "-fPIC", "-shared", "-static-libgoc", "sums.c", "-o", "more.so")
        exported = self.succeed("nm", "-D", "--defined-only", "sums.so").stdout
        self.assertNotIn("goc_go", exported)
        self.succeed(GCC, "host.c", "-o", "host", "-pthread", "-ldl")
        for procs in "1", "2", "4":
            with self.subTest(procs):
                for words in (["main", "./sums.so", "./more.so"], ["thread", "./sums.so"]):
                    result = self.run_command("env", f"GOMAXPROCS={procs}", "./host", *words)
                    self.assertEqual((result.returncode, result.stdout), (0, "summed\n"),
                                     result.stderr)
                result = self.run_command("env", f"GOMAXPROCS={procs}", "./host", "hang", "./sums.so")
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn("fatal error: all goroutines are asleep - deadlock!", result.stderr)
                self.assertIn("square(...)", result.stderr)

    def test_library_with_a_runtime_of_its_own_is_linked(self):
        self.write("plain.c", '#include <stdio.h>\nint sum(int n); int main(void) '
                   '{ return printf("%d\\n", sum(10)) < 0; }\n')
        self.write("sums.c", SUMS)
        self.compile("-fPIC", "-shared", "-static-libgoc", "sums.c", "-o", "libsums.so")
        self.succeed(GCC, "plain.c", "-L.", "-lsums", "-Wl,-rpath,$ORIGIN", "-o", "program")
        self.assertEqual(self.succeed("./program").stdout, "385\n")

    def test_library_with_a_runtime_of_its_own_in_a_program_of_goroutines(self):
        self.write("sums.c", SUMS)
        self.compile("-fPIC", "-shared", "-static-libgoc", "sums.c", "-o", "sums.so")
        self.write("program.c", """#include <goc.h>
#include <dlfcn.h>
#include <stdio.h>
static int (*sum)(int);
static void work(chan_send_only(int) out) { for (int i = 0; i < 20; i++) chan_send(out, sum(10)); }
int main(void)
{
    void *library = dlopen("./sums.so", RTLD_NOW);
    chan(int) c = chan_make(int, 0);
    int all = 0;
    sum = (int (*)(int))dlsym(library, "sum");
    for (int i = 0; i < 10; i++)
        go work(c);
    for (int i = 0; i < 200; i++)
        all += chan_recv(c);
    printf("%d\\n", all);
    return 0;
}
""")
        self.compile("program.c", "-o", "program")
        for procs in "1", "2", "4":
            self.assertEqual(self.succeed("env", f"GOMAXPROCS={procs}", "./program").stdout, "77000\n")

    def test_runtime_of_its_own_where_there_can_be_none(self):
        self.write("there.c", THERE)
        for words, why in ((["-race", "-shared"], "-race watches a program"), (["-r"], "leave out -r"),
                           (["-shared", "-nostdlib"], "-nostdlib")):
            with self.subTest(words):
                result = self.run_command(GOC_CC, "-static-libgoc", "-fPIC", *words, "there.c", "-o", "there.so")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(why, result.stderr)
        self.compile("-c", "-static-libgoc", "there.c")  # nothing is linked

    def test_loaded_module(self):
        self.write("there.c", THERE)
        self.compile("-fPIC", "-shared", "there.c", "-o", "there.so")
        self.write("here.c", HERE.replace("void answer(chan_send_only(int) out);", """
#include <dlfcn.h>
static void answer(chan_send_only(int) out)
{
    void *module = dlopen("./there.so", RTLD_NOW);
    void (*found)(chan_send_only(int)) = module ? dlsym(module, "answer") : 0;
    if (!found)
        printf("%s\\n", dlerror());
    else
        found(out);
}"""))
        self.compile("here.c", "-ldl", "-o", "program")
        self.assertEqual(self.succeed("./program").stdout, ANSWER)

    def test_relocatable(self):
        self.write("here.c", HERE)
        self.write("there.c", THERE)
        self.compile("-c", "here.c", "there.c")
        self.compile("-r", "here.o", "there.o", "-o", "both.o")
        self.assertNotIn("goc__ready", self.symbols("both.o"))
        self.compile("both.o", "-o", "program")
        self.assertEqual(self.succeed("./program").stdout, ANSWER)

    def test_static(self):
        """It runs; the linker warns of dlopen where the runtime is in."""
        self.write("here.c", HERE)
        self.write("there.c", THERE)
        self.succeed(GOC_CC, "-static", "here.c", "there.c", "-o", "program")
        self.assertEqual(self.succeed("./program").stdout, ANSWER)
        self.assertEqual(self.run_command("readelf", "-l", "program").stdout.count("INTERP"), 0)

    def test_static_with_a_detector(self):
        self.write("a.c", PLAIN)
        result = self.run_command(GOC_CC, "-static", "-race", "a.c")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("leave out -static", result.stderr)

    def test_no_detector_code_without_race(self):
        self.write("here.c", HERE)
        self.write("there.c", THERE)
        self.compile("-g", "here.c", "there.c", "-o", "program")
        marks = ("goc_race", "race__", "tsan")
        of_race = {name for name in self.symbols("program") if any(mark in name for mark in marks)}
        self.assertEqual(of_race, set())
        self.compile("-race", "here.c", "there.c", "-o", "watched")
        self.assertIn("goc_race_module_init", self.symbols("watched"))
        self.assertEqual(self.succeed("./watched").stdout, ANSWER)

    def test_watched_object_in_an_unwatched_program(self):
        self.write("a.c", "int shared;\nint main(void) { return shared++; }\n")
        self.compile("-race", "-c", "a.c")
        result = self.run_command(GOC_CC, "a.o")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("goc_race_module_init", result.stderr)


class WithoutPlugin(Case):
    MISSING = {
        "go f();": "go",
        "chan_select {}": "chan_select",
        "chan_select { chan_case_recv(c) {} }": "chan_case_recv",
        "chan_select { chan_case_recv(c, v, ok) {} }": "chan_case_recv_ok",
        "chan_select { chan_case_send(c, v) {} }": "chan_case_send",
        "chan_select { chan_default {} }": "chan_default",
    }

    def test_symbol_says_what_is_missing(self):
        """Whoever compiled it, with optimisation or without, and whoever links it."""
        for number, (statement, word) in enumerate(self.MISSING.items()):
            self.write("a.c", "#include <goc.h>\nvoid f(void);\nvoid f(void) {}\n"
                       "int main(void) { chan(int) c = 0; int v = 1; bool ok = 0; (void)c, (void)v, "
                       f"(void)ok; {statement} return 0; }}\n")
            compiler = (CLANG, GCC)[number % 2]
            level = ("-O0", "-O2")[number // 2 % 2]
            self.succeed(compiler, level, "-I", INCLUDE, "-c", "a.c")
            for linker in ([GOC_CC, "a.o"], [compiler, "a.o", LIBGOC]):
                result = self.run_command(*linker, "-o", "program")
                self.assertNotEqual(result.returncode, 0, statement)
                self.assertIn(f"{word}_needs_the_goc_plugin__compile_this_file_with_goc_cc",
                              result.stderr)

    def test_prefixed_names_need_no_plugin(self):
        """And so do channels without select."""
        self.write("a.c", """#include <goc.h>
#include <stdio.h>
static void run(void *args) { chan(int) c = *(chan(int) *)args; chan_send(c, 42); }
int main(void)
{
    chan(int) c = chan_make(int, 0);
    goc_go(run, &c, sizeof c);
    printf("%d\\n", chan_recv(c));
    chan_free(c);
    return 0;
}
""")
        for compiler in (CLANG, GCC):
            self.succeed(compiler, "-I", INCLUDE, "a.c", LIBGOC, "-pthread", "-o", "program")
            self.assertEqual(self.succeed("./program").stdout, ANSWER)


class OtherVersion(Case):
    def test_object_for_another_interface(self):
        """It ends at start, before main, with one line."""
        self.write("a.c", "#include <stdio.h>\nint main(void) { puts(\"main\"); return 0; }\n")
        self.compile("-race", "-S", "a.c")
        text = (self.work / "a.s").read_text()
        call = re.compile(r"movl\t\$(\d+), %edi(\s+(?:callq?|jmp)\s+goc_race_module_init)")
        self.assertEqual(len(call.findall(text)), 1, text)
        own = int(call.search(text).group(1))
        self.write("old.s", call.sub(lambda m: f"movl\t${own + 95}, %edi{m.group(2)}", text))
        self.compile("-race", "old.s", "-o", "program")
        result = self.run_command("./program")
        self.assertNotIn(result.returncode, (0, RACE_STATUS))
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for word in (f"version {own + 95} ", f"version {own}:", "compile it again"):
            self.assertIn(word, result.stderr)


if __name__ == "__main__":
    main()
