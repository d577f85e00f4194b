#!/usr/bin/env python3
"""What goc's commands say when something is wrong: one line that names it, a status to match.

Usage: fault.py BIN MAJOR CLASS.TEST

BIN is the directory of the commands, MAJOR the LLVM that the plugin was built for.  Each test
is a process of its own (see CMakeLists.txt).
"""
import errno
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(sys.argv[1])
MAJOR = sys.argv[2]
OTHER_MAJOR = "15"  # of no plugin that goc has ever had
USAGE, UNREADABLE, FAILED = 2, 1, 1
RACE_STATUS = 66
TRIVIAL = "int main(void) { return 7; }\n"
# Two threads, one variable, no lock; the writes are ordered by nothing.
RACY = """
#include <pthread.h>
static int shared;
static void *bump(void *unused) { shared++; return unused; }
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, 0, bump, 0);
    shared++;
    pthread_join(thread, 0);
    return 0;
}
"""


class Fault(unittest.TestCase):
    """A test with a directory of its own, where commands run."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="goc fault ")
        self.addCleanup(directory.cleanup)
        self.work = pathlib.Path(directory.name)

    def write(self, name, text):
        path = self.work / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_command(self, *command, **environment):
        inherited = {name: value for name, value in os.environ.items()
                     if name not in ("GOC_RACE", "GOC_DEBUG", "GOC_CLANG")}
        return subprocess.run(list(map(str, command)), cwd=self.work, text=True, timeout=60,
                              env={**inherited, **environment}, capture_output=True,
                              stdin=subprocess.DEVNULL, errors="replace")

    def assert_complains(self, result, status, *words):
        """STATUS, and one line on stderr that has all WORDS."""
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        lines = result.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def built(self, text, *flags):
        source, program = self.write("program.c", text), self.work / "program"
        result = self.run_command(BIN / "goc-cc", "-g", *flags, source, "-o", program)
        self.assertEqual(result.returncode, 0, result.stderr)
        return program


class Compiler(Fault):
    def test_missing_clang(self):
        source = self.write("a.c", TRIVIAL)
        result = self.run_command(BIN / "goc-cc", "-c", source, GOC_CLANG="/nowhere/clang")
        self.assert_complains(result, FAILED, "goc-cc: ", "GOC_CLANG", "/nowhere/clang", MAJOR)

    def test_no_clang_on_the_path(self):
        source = self.write("a.c", TRIVIAL)
        result = self.run_command(BIN / "goc-cc", "-c", source, PATH=str(self.work))
        self.assert_complains(result, FAILED, "goc-cc: ", f"clang {MAJOR} is not installed")

    def test_wrong_major(self):
        clang = self.write("clang", f"#!/bin/sh\necho {OTHER_MAJOR}.0.7\n")
        clang.chmod(0o755)
        source = self.write("a.c", TRIVIAL)
        result = self.run_command(BIN / "goc-cc", "-c", source, GOC_CLANG=str(clang))
        self.assert_complains(result, FAILED, "goc-cc: ", f"major {OTHER_MAJOR}",
                              f"built for clang {MAJOR}")

    def test_not_a_clang(self):
        clang = self.write("clang", "#!/bin/sh\nexit 1\n")
        clang.chmod(0o755)
        source = self.write("a.c", TRIVIAL)
        result = self.run_command(BIN / "goc-cc", "-c", source, GOC_CLANG=str(clang))
        self.assert_complains(result, FAILED, "goc-cc: ", "no clang")

    def test_unknown_detector(self):
        source = self.write("a.c", TRIVIAL)
        result = self.run_command(BIN / "goc-cc", "-race=helgrind", source)
        self.assert_complains(result, FAILED, "goc-cc: ", "helgrind", "-race=goc", "-race=both")

    def test_unknown_option_is_clangs_to_refuse(self):
        source = self.write("a.c", TRIVIAL)
        result = self.run_command(BIN / "goc-cc", "-c", "--no-such-option", source)
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("--no-such-option", result.stderr)

    def test_missing_source(self):
        result = self.run_command(BIN / "goc-cc", "-c", "gone.c")
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("gone.c", result.stderr)


class Rewriter(Fault):
    def test_missing_source(self):
        result = self.run_command(BIN / "goc-rewrite", "gone.c")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("gone.c", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_no_argument(self):
        result = self.run_command(BIN / "goc-rewrite")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("goc-rewrite", result.stderr)


class Report(Fault):
    def test_missing_log(self):
        result = self.run_command(BIN / "goc-race", "report", "gone.log")
        self.assert_complains(result, UNREADABLE, "goc-race: ", "gone.log")

    def test_log_is_a_directory(self):
        result = self.run_command(BIN / "goc-race", "report", self.work)
        self.assert_complains(result, UNREADABLE, "goc-race: ", str(self.work))

    def test_log_is_binary(self):
        log = self.write("binary.log", bytes(range(256)) * 64)
        result = self.run_command(BIN / "goc-race", "report", log)
        self.assertEqual(result.returncode, UNREADABLE, result.stderr)
        self.assertIn("binary.log", result.stderr)
        self.assertNotIn("DATA RACE", result.stdout)

    def test_log_of_another_version(self):
        log = self.write("new.log", '{"goc_race":2,"type":"start","pid":1,"detector":"goc"}\n')
        result = self.run_command(BIN / "goc-race", "report", log)
        self.assertEqual(result.returncode, UNREADABLE, result.stderr)
        self.assertIn("new.log", result.stderr)

    def test_log_cut_off(self):
        """What is whole is reported, what is not is complained of."""
        program = self.built(RACY, "-race=goc")
        self.run_command(program, GOC_RACE="log_path=race.log")
        logs = list(self.work.glob("race.log*"))
        self.assertEqual(len(logs), 1)
        whole = self.run_command(BIN / "goc-race", "report", logs[0])
        self.assertEqual(whole.returncode, RACE_STATUS, whole.stderr)
        text = logs[0].read_text()
        logs[0].write_text(text + text.splitlines()[-1][:20])
        cut = self.run_command(BIN / "goc-race", "report", logs[0])
        self.assertIn("DATA RACE", cut.stdout)
        self.assertIn(logs[0].name, cut.stderr)

    def test_unknown_command(self):
        result = self.run_command(BIN / "goc-race", "explain")
        self.assert_complains(result, USAGE, "goc-race: ", "explain")

    def test_unknown_option(self):
        result = self.run_command(BIN / "goc-race", "report", "--bogus", "x.log")
        self.assert_complains(result, USAGE, "goc-race: ", "option")

    def test_unknown_option_of_run(self):
        result = self.run_command(BIN / "goc-race", "run", "--bogus", "true")
        self.assert_complains(result, USAGE, "goc-race: ", "--bogus")

    def test_no_command(self):
        result = self.run_command(BIN / "goc-race")
        self.assertEqual(result.returncode, USAGE)
        self.assertIn("usage:", result.stderr)

    def test_run_of_a_missing_program(self):
        result = self.run_command(BIN / "goc-race", "run", "./gone")
        self.assert_complains(result, 127, "goc-race: ", "./gone")

    def test_run_of_an_unwatched_program(self):
        """Its own status, and a word that nobody watched."""
        program = self.built(TRIVIAL)
        result = self.run_command(BIN / "goc-race", "run", program)
        self.assert_complains(result, 7, "goc-race: ", "-race")

    def test_run_keeps_records_in_tmpdir(self):
        """Until it has reported them; where GOC_RACE cannot have the name, in /tmp."""
        show = [BIN / "goc-race", "run", "sh", "-c", 'echo "$GOC_RACE"']
        with tempfile.TemporaryDirectory(prefix="goc-fault-") as place:
            said = self.run_command(*show, TMPDIR=place, GOC_RACE="stats=0").stdout
            self.assertRegex(said, rf"^stats=0 log_path={re.escape(place)}/goc-race\.\w+/log$")
            self.assertEqual(os.listdir(place), [])
        said = self.run_command(*show, TMPDIR=str(self.work)).stdout
        self.assertRegex(said, r"^log_path=/tmp/goc-race\.\w+/log$")

    def test_colours(self):
        """On a terminal that knows them, unless NO_COLOR says otherwise."""
        program = self.built(RACY, "-race=goc")
        self.run_command(program, GOC_RACE="log_path=race.log")
        report = [BIN / "goc-race", "report", next(self.work.glob("race.log*"))]
        self.assertNotIn("\033", self.run_command(*report, TERM="xterm", NO_COLOR="").stdout)
        for term, no_color, coloured in (("xterm", "", True), ("xterm", "1", False),
                                         ("dumb", "", False)):
            with self.subTest(term=term, no_color=no_color):
                text = self.on_a_terminal(*report, TERM=term, NO_COLOR=no_color)
                self.assertIn("DATA RACE", text)
                self.assertEqual("\033[" in text, coloured, text)

    def on_a_terminal(self, *command, **environment):
        """What COMMAND says there."""
        ours, its = os.openpty()
        with subprocess.Popen(list(map(str, command)), stdout=its, stdin=subprocess.DEVNULL,
                              env={**os.environ, **environment}) as process:
            os.close(its)
            said = b""
            try:
                while more := os.read(ours, 4096):
                    said += more
            except OSError:  # EIO: nobody has the other side any more
                pass
            os.close(ours)
        self.assertEqual(process.returncode, RACE_STATUS)
        return said.decode()


class Environment(Fault):
    def test_unknown_race_key(self):
        program = self.built(TRIVIAL, "-race=goc")
        result = self.run_command(program, GOC_RACE="histroy_size=2")
        self.assert_complains(result, 7, "GOC_RACE", "histroy_size")

    def test_race_value_that_is_no_number(self):
        program = self.built(TRIVIAL, "-race=goc")
        result = self.run_command(program, GOC_RACE="exitcode=many")
        self.assert_complains(result, 7, "GOC_RACE", "exitcode")

    def test_no_memory_for_stacks(self):
        """The advice that the error gives helps."""
        program = self.built("""
            #include <goc.h>
            static goc_waitgroup begun;
            static void wait(chan(int) never) { goc_waitgroup_done(&begun); chan_recv(never); }
            int main(void)
            {
                chan(int) never = chan_make(int, 0);
                for (int i = 0; i < 10000; i++) {
                    goc_waitgroup_add(&begun, 1);
                    go wait(never);
                }
                goc_waitgroup_wait(&begun);
                return 7;
            }
            """)
        narrow = ["sh", "-c", 'ulimit -v 1200000 && exec "$0"', program]
        result = self.run_command(*narrow, GOC_DEBUG="smallstacks=0", GOC_TRACEBACK="none")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("max virtual memory (ulimit -v) or to lower GOC_DEBUG=stack=…", result.stderr)
        result = self.run_command(*narrow, GOC_DEBUG="smallstacks=0,stack=16K")
        self.assertEqual(result.returncode, 7, result.stderr)

    def test_race_help(self):
        program = self.built(TRIVIAL, "-race=goc")
        result = self.run_command(program, GOC_RACE="exitcode=5:help=1")
        self.assertEqual(result.returncode, 7, result.stderr)
        for key in ("exitcode=66", "halt_on_error=0", "budget=100%", "help=0"):
            self.assertRegex(result.stderr, rf"(?m)^.*  {key}  \w")

    def test_debug_help(self):
        program = self.built("#include <goc.h>\nint main(void) { goc_yield(); return 7; }\n")
        result = self.run_command(program, GOC_DEBUG="stack=64K,help=1")
        self.assertEqual(result.returncode, 7, result.stderr)
        for key, now in (("stack", 65536), ("schedtrace", 0), ("help", 1)):
            self.assertRegex(result.stderr, rf"(?m)^  {key} .*\(now {now}\)$")

    def test_log_path_that_cannot_be_written(self):
        """The races are not lost: they go to stderr, with a word about the log."""
        program = self.built(RACY, "-race=goc")
        result = self.run_command(program, GOC_RACE="log_path=/nowhere/race.log")
        self.assertEqual(result.returncode, RACE_STATUS, result.stderr)
        self.assertIn("/nowhere/race.log", result.stderr)

    def test_reporter_of_the_users(self):
        """It reads the records; where it cannot be started, they are on stderr."""
        program = self.built(RACY, "-race=goc")
        reporter = self.write("reporter", '#!/bin/sh\necho "$*"\ngrep \'"type":"race"\'\n')
        reporter.chmod(0o755)
        result = self.run_command(program, GOC_RACE_REPORTER=str(reporter))
        self.assertEqual(result.returncode, RACE_STATUS, result.stderr)
        told = result.stdout + result.stderr
        self.assertTrue(told.startswith("report --stream"), told)
        self.assertIn('"type":"race"', told)
        result = self.run_command(program, GOC_RACE_REPORTER="/nowhere/reporter")
        self.assertEqual(result.returncode, RACE_STATUS, result.stderr)
        self.assertIn('"type":"race"', result.stderr)

    def test_unknown_debug_key(self):
        program = self.built("#include <goc.h>\nint main(void) { goc_yield(); return 7; }\n")
        result = self.run_command(program, GOC_DEBUG="scheddtrace=1")
        self.assert_complains(result, 7, "GOC_DEBUG", "scheddtrace")

    def test_maxprocs(self):
        """Go's digits, and no more than an int32 holds; anything else is as if it were not set."""
        program = self.built("""
            #include <goc.h>
            #include <stdio.h>
            int main(void) { return printf("%d %d\\n", goc_maxprocs(0), goc_num_cpu()) < 0; }
            """)
        for text in ("several", "", "0", "-1", "+3", " 3", "3 ", "3K", "3,", "3.0", "0x3", "2147483648",
                     "99999999999", "99999999999999999999999"):
            with self.subTest(text):
                procs, cpus = self.run_command(program, GOMAXPROCS=text).stdout.split()
                self.assertEqual(procs, cpus)
        for text, meant in (("3", 3), ("03", 3), ("1024", 1024), ("1025", 1024), ("2147483647", 1024)):
            with self.subTest(text):
                procs, _ = self.run_command(program, GOMAXPROCS=text).stdout.split()
                self.assertEqual(int(procs), meant)


class Layout(Fault):
    """Where Linux puts programs and libraries, and what is left for shadow memory."""

    def assert_watched(self, *command, flags=()):
        program = self.built(RACY, "-race=goc", *flags)
        result = self.run_command(*command, program, "argument")
        self.assertEqual(result.returncode, RACE_STATUS, result.stderr)
        self.assertIn("DATA RACE", result.stderr)

    def test_usual(self):
        self.assert_watched()

    def test_program_at_a_fixed_address(self):
        self.assert_watched(flags=("-fno-pie", "-no-pie"))

    def test_unlimited_stack(self):
        self.assert_watched("sh", "-c", 'ulimit -s unlimited && exec "$0" "$@"')

    def test_old_layout(self):
        self.assert_watched("setarch", "-L")

    def test_not_random(self):
        self.assert_watched("setarch", "-R")

    def test_no_room(self):
        program = self.built(TRIVIAL, "-race=goc")
        result = self.run_command("sh", "-c", 'ulimit -v 8000000 && exec "$0"', program)
        self.assert_complains(result, 2, "goc-race: ", "64 TiB", "ulimit -v")


class Syscall(Fault):
    """A system call that fails, from the start or once the runtime is warm: a program that uses
    all of the runtime ends with a clear error or goes on to its end; it never hangs."""

    SOURCE = pathlib.Path(__file__).with_name("syscalls.c")

    def fail_call(self, call, error, when, **environment):
        if not hasattr(self, "program"):
            self.program = self.built(self.SOURCE.read_text())
        result = self.run_command(self.program, call, error, when, GOMAXPROCS="2",
                                  **environment)
        if result.returncode == 77:
            self.skipTest(result.stdout)
        return result

    def assert_finishes(self, call, error, *whens):
        for when in whens or ("early", "late"):
            with self.subTest(call=call, when=when):
                result = self.fail_call(call, error, when)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("finished", result.stdout)

    def assert_dies(self, call, error, when, *words, statuses=(2,)):
        with self.subTest(call=call, when=when):
            result = self.fail_call(call, error, when)
            self.assertIn(result.returncode, statuses, result.stderr)
            for word in ("fatal error: runtime: ",) + words:
                self.assertIn(word, result.stderr)

    def test_mmap(self):
        # The first that is mapped is that thread's stack.
        self.assert_dies("mmap", errno.ENOMEM, "early", "failed to create the monitor's thread")
        self.assert_dies("mmap", errno.ENOMEM, "late", "cannot allocate")  # a stack, or a channel

    def test_munmap(self):
        self.assert_finishes("munmap", errno.ENOMEM)

    def test_no_thread(self):
        """glibc makes threads with clone3, and with clone where that is unknown; those
        that are there may be enough later."""
        result = self.fail_call("clone3", errno.EAGAIN, "late")
        if result.returncode != 0:
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("fatal error: runtime: failed to create", result.stderr)
        self.assert_dies("clone3", errno.EAGAIN, "early", "failed to create the monitor's thread",
                         f"errno {errno.EAGAIN}: Resource temporarily unavailable",
                         "max user processes (ulimit -u)")

    def test_no_guard_pages(self):
        """A kernel older than 6.13 has no MADV_GUARD_INSTALL: mprotect guards the stacks."""
        self.assert_finishes("madvise", errno.EINVAL)

    def test_guard_pages_forbidden(self):
        """A filter of system calls answers otherwise."""
        for error in (errno.EPERM, errno.ENOSYS):
            self.assert_finishes("madvise", error)

    def test_no_room_for_guards(self):
        self.assert_dies("madvise", errno.ENOMEM, "early", "cannot allocate memory",
                         "further stacks have none")
        self.assert_finishes("madvise", errno.ENOMEM, "late")

    def test_no_membarrier(self):
        self.assert_finishes("membarrier", errno.ENOSYS, "early")

    def test_membarrier_that_goes_away(self):
        result = self.fail_call("membarrier", errno.EPERM, "late")
        if result.returncode != 0:  # nothing may have needed one any more
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("fatal error: runtime: membarrier failed", result.stderr)

    def test_no_futex(self):
        """libc cannot do without either, and may abort while the error is printed."""
        for when in ("early", "late"):
            self.assert_dies("futex", errno.ENOSYS, when, "futex", f"errno {errno.ENOSYS}",
                             statuses=(2, -signal.SIGABRT))

    def test_no_look_at_threads(self):
        """Without /proc the monitor cannot tell who sleeps, and takes all for busy."""
        self.assert_finishes("openat", errno.EMFILE)
        self.assert_finishes("pread64", errno.EIO)

    def test_no_netpoller(self):
        self.assert_dies("epoll_create1", errno.EMFILE, "early", "netpoll failed to start",
                         f"errno {errno.EMFILE}: Too many open files",
                         "open files (ulimit -n)")
        self.assert_finishes("epoll_create1", errno.EMFILE, "late")  # there is one by then

    def test_no_wait_for_a_descriptor(self):
        """What is to wait returns the error."""
        for when in ("early", "late"):
            with self.subTest(when=when):
                result = self.fail_call("epoll_ctl", errno.ENOSPC, when)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(f"read: errno {errno.ENOSPC}", result.stdout)
                self.assertIn("finished", result.stdout)

    def test_no_look_at_a_descriptor(self):
        """A file that cannot be asked whether it is ready cannot be waited for."""
        for when in ("early", "late"):
            with self.subTest(when=when):
                result = self.fail_call("ppoll", errno.EPERM, when)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(f"read: errno {errno.EPERM}", result.stdout)
                self.assertIn("finished", result.stdout)

    def test_no_wait_in_nanoseconds(self):
        """A kernel older than 5.11: the netpoller waits by ppoll."""
        self.assert_finishes("epoll_pwait2", errno.ENOSYS)

    def test_no_io_uring(self):
        """Containers often forbid it: the sockets wait in epoll, and the user hears of it."""
        for error in (errno.ENOSYS, errno.EPERM, errno.ENOMEM):
            with self.subTest(error=error):
                result = self.fail_call("io_uring_setup", error, "early",
                                        GOC_DEBUG="iouring=1")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(f"gives no io_uring (errno {error}); sockets wait in epoll",
                              result.stderr)
                self.assertEqual(result.stderr.count("io_uring"), 1, result.stderr)
                self.assertIn("read by TCP: 1", result.stdout)
                self.assertIn("finished", result.stdout)

    def test_io_uring_that_fails(self):
        for when in ("early", "late"):
            with self.subTest(when=when):
                result = self.fail_call("io_uring_enter", errno.EPERM, when,
                                        GOC_DEBUG="iouring=1")
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(f"io_uring_enter failed: errno {errno.EPERM}", result.stderr)

    def test_netpoller_that_fails(self):
        for when in ("early", "late"):
            self.assert_dies("epoll_pwait2", errno.EPERM, when, "epoll wait failed",
                             f"errno {errno.EPERM}")

    def test_what_only_tunes(self):
        for call in ("sched_yield", "prctl", "clock_nanosleep"):
            self.assert_finishes(call, errno.EPERM)

    def test_signals(self):
        for call in ("sigaltstack", "rt_sigaction", "rt_sigprocmask"):
            self.assert_finishes(call, errno.EPERM)


if __name__ == "__main__":
    unittest.main(argv=["fault.py", *sys.argv[3:]], verbosity=2)
