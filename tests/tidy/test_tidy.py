#!/usr/bin/env python3
"""The tidy checks, held against made-up trees: each rule must fail where it is broken.

Usage: test_tidy.py
"""
import os
import tempfile
import unittest

import check_layers
import check_text

# Split, as in check_text.py: the made-up files hold what no file of the tree may hold.
MACHINE = "/wor" + "k/main"
UNFINISHED = "TO" + "DO"


class Tree(unittest.TestCase):
    """A test with a tree of made-up files."""

    def problems_of(self, check, files):
        with tempfile.TemporaryDirectory() as top:
            for path, text in files.items():
                os.makedirs(os.path.join(top, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(top, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return check(top)

    def assert_clean(self, check, files):
        self.assertEqual(self.problems_of(check, files), [])

    def assert_found(self, check, files, *words):
        problems = self.problems_of(check, files)
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])


class Layers(Tree):
    check = staticmethod(check_layers.check)

    def test_follows_the_arrows(self):
        self.assert_clean(self.check, {
            "runtime/base/list.h": "#include <stddef.h>\n",
            "runtime/include/goc/chan.h": "",
            "runtime/sched/park.h": "",
            "runtime/chan/chan.c": '#include "base/list.h"\n#include "sched/park.h"\n'
                                   "#include <goc/chan.h>\n",
            "detector/include/goc/race.h": "",
            "runtime/events/events.h": "#include <goc/race.h>\n",
            "plugin/check/Chan.cpp": '#include "lower/Lower.h"\n#include "clang/AST/AST.h"\n',
            "plugin/lower/Lower.h": '#include "goc/race_abi.def"\n',
            "detector/include/goc/race_abi.def": "",
        })

    def test_upward_in_the_runtime(self):
        self.assert_found(self.check, {
            "runtime/chan/chan.h": "",
            "runtime/sched/park.c": '#include <stddef.h>\n#include "chan/chan.h"\n',
        }, "runtime/sched/park.c:2", "must not include runtime/chan")

    def test_sideways_between_chan_and_sync(self):
        self.assert_found(self.check, {
            "runtime/sync/sema.h": "",
            "runtime/chan/chan.c": '#include "sync/sema.h"\n',
        }, "must not include runtime/sync")

    def test_detector_includes_the_runtime(self):
        self.assert_found(self.check, {
            "runtime/include/goc/chan.h": "",
            "detector/entry/memory.c": "#include <goc/chan.h>\n",
        }, "detector/entry must not include runtime/include")

    def test_check_looks_up_to_entry(self):
        self.assert_found(self.check, {
            "detector/entry/boot.h": "",
            "detector/check/rules.c": '#include "entry/boot.h"\n',
        }, "detector/check must not include detector/entry")

    def test_report_knows_the_record_only(self):
        self.assert_found(self.check, {
            "detector/state/clock.h": "",
            "detector/report/text.c": '#include "state/clock.h"\n',
        }, "detector/report must not include detector/state")

    def test_plugin_knows_the_abi_only(self):
        self.assert_found(self.check, {
            "runtime/include/goc/chan.h": "",
            "plugin/lower/Lower.cpp": "#include <goc/chan.h>\n",
        }, "plugin/lower must not include runtime/include")

    def test_circle_in_the_plugin(self):
        self.assert_found(self.check, {
            "plugin/lower/Lower.h": '#include "check/Check.h"\n',
            "plugin/check/Check.h": '#include "lower/Lower.h"\n',
        }, "circle")

    def test_unknown_room(self):
        self.assert_found(self.check, {"runtime/utils/misc.c": ""}, "not in the table")

    def test_dots(self):
        self.assert_found(self.check, {
            "runtime/base/list.h": "",
            "runtime/sched/park.c": '#include "../base/list.h"\n',
        }, "without ..")

    def test_lost_include(self):
        self.assert_found(self.check, {"runtime/sched/park.c": '#include "gone.h"\n'}, "nowhere")

    def test_included_source(self):
        self.assert_found(self.check, {
            "runtime/sched/park.c": '#include "sched/lock.c"\n',
            "runtime/sched/lock.c": "",
        }, "source file")

    def test_comment_is_no_include(self):
        self.assert_clean(self.check, {"runtime/base/a.c": '/*\n#include "chan/chan.h"\n*/\n'})


class Text(Tree):
    check = staticmethod(check_text.check)

    def test_clean(self):
        self.assert_clean(self.check, {
            "runtime/os/futex.c": "int f(void) { return -errno; }\n",
            "runtime/sched/park.c": "/* errno is not read here */\nchar *s = \"errno\";\n",
            "detector/report/text.c": "void f(void) { free(malloc(1)); }\n",
            "detector/state/slab.c": "void f(struct s *x) { x->free(x); slab_free(x); }\n",
            "runtime/base/atomic.h": "#define LOAD(p) __atomic_load_n(p, 2)\n",
            "runtime/os/context.c": "void f(void) { __asm__ volatile(\"\"); }\n",
        })

    def test_too_long(self):
        self.assert_found(self.check, {"runtime/os/big.c": "\n" * 801}, "801 lines")

    def test_too_wide(self):
        self.assert_found(self.check, {"runtime/sched/park.c": f"/* {'a ' * 60}*/\n"}, "columns")
        self.assert_clean(self.check, {"plugin/check/Chan.cpp": f"/* {'a ' * 60}*/\n"})

    def test_errno_in_the_scheduler(self):
        self.assert_found(self.check, {"runtime/sched/park.c": "\nint f(void) { return errno; }\n"},
                          "park.c:2", "errno")

    def test_malloc_in_the_detector(self):
        self.assert_found(self.check, {"detector/state/slab.c": "void *p = malloc(8);\n"}, "malloc")

    def test_raw_atomics(self):
        self.assert_found(self.check, {"runtime/sched/runq.c": "#include <stdatomic.h>\n"}, "atomic")
        self.assert_found(self.check, {"detector/state/a.c": "int x = __atomic_load_n(&y, 0);\n"},
                          "atomic")

    def test_volatile(self):
        self.assert_found(self.check, {"runtime/sched/g.h": "volatile int stop;\n"}, "volatile")

    def test_sleep_in_a_test(self):
        named = {"tests/race/CMakeLists.txt": "race_a\n"}
        self.assert_found(self.check, {**named, "tests/race/race_a.c": "void f(void) { usleep(9); }\n"},
                          "sleep in a test")
        self.assert_clean(self.check, {**named, "tests/race/race_a.c":
                                       "/* tidy: sleep, because sleeping is the subject */\n"
                                       "void f(void) { usleep(9); }\n"})

    def test_machine_path(self):
        self.assert_found(self.check, {"docs/a.md": f"see {MACHINE}\n"}, "path of one machine")

    def test_unfinished(self):
        self.assert_found(self.check, {"runtime/os/a.c": f"/* {UNFINISHED}: all */\n"}, "unfinished")

    def test_knob_without_documentation(self):
        table = {"runtime/base/knobs.def": "/* KNOB(no, 0) */\nGOC_KNOB(schedtrace, 0, \"…\")\n",
                 "tests/unit/CMakeLists.txt": "GOC_DEBUG=schedtrace=1\n"}
        self.assert_found(self.check, table, "schedtrace", "GOC_DEBUG", "no document")
        self.assert_clean(self.check, {**table, "docs/debugging.md": "`schedtrace=MS` prints …\n"})

    def test_knob_without_test(self):
        table = {"detector/base/flags.def": "RACE_FLAG_TEXT(budget, \"100%\",\n\"…\")\n",
                 "docs/debugging.md": "## GOC_RACE\n| `budget` | 100% | a share |\n",
                 "tests/budget/CMakeLists.txt": "GOC_RACE=… add_parser(budget=\"…\")\n"}
        self.assert_found(self.check, table, "budget", "GOC_RACE", "no test")
        table["tests/budget/CMakeLists.txt"] = "ENV GOC_RACE=budget=3%\n"
        self.assert_clean(self.check, table)
        self.assert_found(self.check, {**table, "docs/debugging.md":
                                       "## GOC_RACE\n| `budget` | 50% | a share |\n"},
                          "budget", "50%")
        self.assert_found(self.check, {**table, "docs/more.md":
                                       "## GOC_RACE\n| `share` | 0 | a share |\n"}, "share")

    def test_knob_that_is_none(self):
        known = {"runtime/a.c": "int GOC_DEBUG;\n", "detector/a.c": "int GOC_RACE;\n"}
        for spelled in ("`GOC_DEBUG=trace=1`", 'GOC_DEBUG="trace=1"', 'GOC_RACE="key=1 trace=2"'):
            self.assert_found(self.check, {**known, "docs/a.md": spelled + "\n"}, "no key trace")
            self.assert_found(self.check, {**known, "runtime/b.c": f"/* {spelled} */\n"}, "no key")
            self.assert_clean(self.check, {**known, "tests/fault/fault.py": spelled + "\n"})
        self.assert_clean(self.check, {**known, "docs/a.md": '`GOC_DEBUG="key=value"`, -DGOC_RACE=1\n'})

    def test_variable(self):
        code = {"detector/a.c": 'v = find(environ);\nx = variable(environ, "GOC_PLACE=");\n'}
        told = {"docs/a.md": "`GOC_PLACE` says where\n"}
        tried = {"tests/a/CMakeLists.txt": "ENV GOC_PLACE=x\n"}
        self.assert_clean(self.check, {**code, **told, **tried})
        self.assert_found(self.check, {**code, **tried}, "GOC_PLACE", "no document")
        self.assert_found(self.check, {**code, **told}, "GOC_PLACE", "no test")
        self.assert_found(self.check, told, "GOC_PLACE", "nothing reads")
        self.assert_found(self.check, {"runtime/a.c": '/* GOC_X */ print("set GOC_PLACE");\n'},
                          "GOC_PLACE", "a message")

    def test_path_that_leads_nowhere(self):
        self.assert_found(self.check, {"docs/a.md": "see `runtime/os/gone.c`\n"}, "gone.c")
        self.assert_found(self.check, {"docs/a.md": "see [b](b.md#c)\n"}, "b.md")
        self.assert_clean(self.check, {"docs/a.md": "see [b](b.md#c), `docs/b.md`, `x/y.c`, `docs`\n",
                                       "docs/b.md": ""})

    def test_memory_model_without_its_test(self):
        row = {"docs/memory-model.md": "| send | before | `strand_spawn` | `a_b` | `norace_c` |\n"}
        tests = {"tests/programs/order.c": "{ a_b, 0 }\n", "tests/race/norace_c.c": "",
                 "tests/programs/CMakeLists.txt": "order.c\n",
                 "tests/race/CMakeLists.txt": "norace_c.c\n"}
        self.assert_clean(self.check, {**row, **tests})
        del tests["tests/race/norace_c.c"]
        self.assert_found(self.check, {**row, **tests}, "norace_c")

    def test_example_without_test(self):
        example = {"docs/examples/counter.c": "int main(void) {}\n"}
        self.assert_found(self.check, example, "counter.c", "no test")
        self.assert_clean(self.check, {**example, "tests/programs/CMakeLists.txt": "counter.c\n"})

    def test_test_that_no_list_names(self):
        self.assert_found(self.check, {
            "tests/race/CMakeLists.txt": "race_a.c\n",
            "tests/race/race_b.c": "",
        }, "race_b.c", "names this test")


if __name__ == "__main__":
    unittest.main()
