#!/usr/bin/env python3
"""What the runtime does on a small stack fits there: the longest chain of frames in libgoc.a.

Usage: check_small_stacks.py OBJDUMP TOP LIBGOC

Adds up, in the disassembly, what every function of plugin/instrument/SmallCalls.def takes with
all that it calls, and holds it against SMALL_RUNTIME_BYTES of runtime/sched/small.h; and the
goroutine's first frame against SMALL_BASE_BYTES.  A function that is called through a pointer has
to be in POINTERS, one of libc in LIBC: the test fails at any other.
"""
import collections
import pathlib
import re
import subprocess
import sys

WORD_BYTES = 8

# Bytes below the caller, where they were called once before (os/linking.c) or are no more than a
# system call.  clock_gettime is the vDSO's.
LIBC = {"memcpy": 128, "memmove": 128, "memset": 128, "clock_gettime": 256, "__stack_chk_fail": 0}

# What is only ever reached where the stack is a whole one, and why.
ELSEWHERE = {
    "refill": "goc__with_room's argument",
    "start_m": "goc__with_room's argument",
    "stop_with_room": "goc__with_room's argument",
    "panic_with_room": "goc__with_room's argument",
    "goc__boot_start": "has run before the first go statement is over",
    "goc__thread_adopt": "a plain thread's first entry",
    "goc__thread_g": "a plain thread",
    "goc__thread_park": "a plain thread, or a goroutine with a thread of its own: not one of "
                        "SmallCalls.def makes it that",
    "goc__thread_yield": "likewise",
    "goc__locked_end": "likewise",
    "goc__defer_run": "no function of SmallCalls.def defers",
    "goc__bubble_parks": "nobody in a bubble has a small stack",
    "park_durably": "likewise",
    "goc__bubble_now_slow": "likewise",
    "goc__bubble_end": "likewise",
    "goc__boot_scheduler_stack": "the first M has it before the first small stack is there",
    "goc__clock_sleep_until": "a plain thread",
    **{f"goc__history_{what}": "no small stacks where GOC_TRACE records"
       for what in ("left", "runs", "ready", "spawned", "replaced", "blocked")},
    "hand_off": "goc__with_room's argument",
    "free_both": "goc__with_room's argument",
    "die_of_overflow": "goc__with_room's argument",
    "leave_running": "goc__with_room's argument",
    "goc__bubble_timer_start": "a bubble's timer, which nobody with a small stack has",
}

# What a goroutine leaves to its successor to do, which may have a small stack.
AFTER = {"unlock_channel", "unlock_all", "unlock_bucket", "unlock_semaphore", "unlock_cond", "arm",
         "is_parked", "rest", "requeue", "move", "give_stack", "goc__idle_inject",
         "goc__bubble_parked"}
PARKS = {"goc__park", "goc__sched_leave"}

# What timers call, on schedulers' stacks.
TIMERS = {"wake"}

# Called in the runtime only: whoever enters it below these is in it already.  goc__throw says that
# something is wrong there.
INSIDE = AFTER | {"goc__sched_leave", "goc__sched_yield", "goc__sched_end", "goc__sched_arrive",
          "goc__sched_return", "goc__idle_wake", "goc__idle_wake_slow", "goc__idle_inject",
          "goc__newborn_start", "goc__stack_take", "goc__small_take", "goc__runq_overflow",
          "goc__boot_new_m", "goc__boot_start_m", "goc__unlock", "goc__bubble_ready",
          "goc__throw", "goc__throwf"}

# Who calls through a pointer, and whom it may come to on a small stack.
POINTERS = {
    "goc__sched_arrive": AFTER,
    "goroutine_start": set(),  # the program
    "goc__bias_give": {"adopt"},
    "goc__bias_revoke": {"fold"},
    "goc__with_room": set(),  # on a whole stack
    "goc__context_call_below": set(),
}

# Calls that never come: the kernel would have to refuse a futex or a timerfd that there is.
NEVER = {("goc__futex_wait", "goc__throwf"), ("goc__futex_wake", "goc__throwf"),
         ("goc__alarm_set", "goc__throwf")}

# Into these goc__sched_arrive is inlined.
ARRIVES = {"goc__sched_leave", "goc__sched_yield", "goc__sched_end", "leave", "goroutine_start"}

# What happens only where a goroutine comes into the runtime, not deeper in it (sched/claim.h): so
# none of these is below itself.
ENTRY = ("goc__enter_slow", "goc__sched_return")


class Function:
    def __init__(self, place):
        self.place = place  # (object file, name)
        self.own_bytes = WORD_BYTES  # the return address
        self.callees = set()
        self.calls_pointer = False
        self.addresses = set()  # of functions, taken here
        self.placeholder = None  # what the last call seems to call, if nothing did before


def disassemble(objdump, library):
    done = subprocess.run([objdump, "-dr", "--no-show-raw-insn", library], text=True,
                          check=True, stdout=subprocess.PIPE)
    return done.stdout.splitlines()


HEAD = re.compile(r"^([0-9a-f]+) <(.+)>:$")
SECTION = re.compile(r"^Disassembly of section (.+):$")
FILE = re.compile(r"^(\S+\.o):\s+file format")
RELOCATION = re.compile(r"^\s+[0-9a-f]+:\s+R_X86_64_\w+\s+([^\s+-]+)(?:([-+])0x([0-9a-f]+))?$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+(\S+)\s*(.*)$")
TARGET = re.compile(r"<([^+>]+)>")


class Library:
    def __init__(self, lines):
        self.functions = {}
        self.by_name = collections.defaultdict(list)
        self.starts = {}  # (object file, section, offset) -> name
        self.read(lines)

    def read(self, lines):
        file, section, function, last = None, None, None, None
        for line in lines:
            if match := FILE.match(line):
                file = match.group(1)
            elif match := SECTION.match(line):
                section = match.group(1)
            elif match := HEAD.match(line):
                function = Function((file, match.group(2)))
                self.functions[function.place] = function
                self.by_name[function.place[1]].append(function)
                self.starts[file, section, int(match.group(1), 16)] = function.place[1]
            elif function and (match := RELOCATION.match(line)):
                self.relocate(function, last, match)
            elif function and (match := INSTRUCTION.match(line)):
                last = match.groups()
                self.step(function, *last)

    @staticmethod
    def step(function, operation, operands):
        function.placeholder = None
        if operation == "push":
            function.own_bytes += WORD_BYTES
        elif operation == "sub" and operands.endswith(",%rsp"):
            size = re.match(r"\$0x([0-9a-f]+)", operands)
            function.own_bytes += int(size.group(1), 16) if size else 1 << 20
        elif operation.startswith("lea") and (match := TARGET.search(operands)):
            function.addresses.add(match.group(1))
        elif operation == "call":
            if "*" in operands:
                function.calls_pointer = "(%rip)" not in operands or function.calls_pointer
            elif match := TARGET.search(operands):
                name = match.group(1)
                function.placeholder = name if name not in function.callees else None
                function.callees.add(name)

    def relocate(self, function, last, match):
        name, sign, offset = match.groups()
        if last is None:
            return
        if name.startswith("."):
            # Relative to the end of the instruction, 4 bytes on.  Sections come in any order.
            place = int(offset or "0", 16) * (-1 if sign == "-" else 1) + 4
            name = (function.place[0], name, place)
        if last[0] == "call" or last[0].startswith("j"):
            # A call that ends its function and is yet to be linked seems to call the next one.
            function.callees.discard(function.placeholder)
            function.callees.add(name)
        else:
            function.addresses.add(name)

    def resolve(self, place, name):
        """The functions that NAME may mean in the file of PLACE; none where it is of libc."""
        name = self.starts.get(name, name)
        if (place[0], name) in self.functions:
            return [self.functions[place[0], name]]
        return self.by_name.get(name, [])


class Checker:
    def __init__(self, library):
        self.library = library
        self.known = {}
        self.open = []
        self.errors = set()

    def need(self, function, inside=False):
        """(bytes, names of the chain) of FUNCTION and what it calls; INSIDE: the runtime has been
        entered for sure."""
        name = function.place[1]
        if name in ELSEWHERE:
            return WORD_BYTES, [name]
        if (function.place, inside) in self.known:
            return self.known[function.place, inside]
        if (function, inside) in self.open:
            chain = [f.place[1] for f, _ in self.open[self.open.index((function, inside)):]]
            self.errors.add("recursive: " + " ".join(chain))
            return 0, []
        self.open.append((function, inside))
        inside = inside or name in INSIDE
        needs = [self.need_of(function, callee, inside) for callee in self.callees(function)]
        deepest = max(needs, default=(0, []))
        self.open.pop()
        found = function.own_bytes + deepest[0], [f"{name}:{function.own_bytes}"] + deepest[1]
        self.known[function.place, inside] = found
        return found

    def callees(self, function):
        name = function.place[1]
        if PARKS & function.callees:
            for address in function.addresses - TIMERS:
                if self.library.resolve(function.place, address) and address not in AFTER:
                    self.errors.add(f"{name} parks and leaves {address} to others")
        if not function.calls_pointer:
            return function.callees
        if name not in POINTERS and name not in ARRIVES:
            self.errors.add(f"{name} calls through a pointer: whom?")
        more = POINTERS["goc__sched_arrive"] if name in ARRIVES else POINTERS.get(name, set())
        return function.callees | more

    def need_of(self, function, callee, inside):
        if (function.place[1], callee) == ENTRY:
            if inside:
                return 0, []
            inside = True
        if (function.place[1], callee) in NEVER:
            return 0, []
        found = self.library.resolve(function.place, callee)
        if found:
            return max(self.need(one, inside) for one in found)
        if callee not in LIBC:
            self.errors.add(f"{function.place[1]} calls {callee}: what does it take?")
            return 0, []
        return WORD_BYTES + LIBC[callee], [callee]


def constant(text, name):
    return int(re.search(rf"\b{name} = (\d+)", text).group(1))


def main():
    objdump, top, archive = map(pathlib.Path, sys.argv[1:])
    limits = (top / "runtime/sched/small.h").read_text()
    names = re.findall(r"^GOC_SMALL_CALL\((\w+)\)",
                       (top / "plugin/instrument/SmallCalls.def").read_text(), re.MULTILINE)
    library = Library(disassemble(objdump, archive))
    checker = Checker(library)
    allowed = constant(limits, "SMALL_RUNTIME_BYTES")
    worst = (0, [])
    for name in names:
        found = library.by_name.get(name)
        if not found:
            continue  # a public function of which the library has only what it leaves over
        need = checker.need(found[0])
        worst = max(worst, need)
        if need[0] > allowed:
            checker.errors.add(f"{need[0]} bytes, of {allowed}: {' '.join(need[1])}")
    first = library.by_name["goroutine_start"][0]
    if first.own_bytes + WORD_BYTES > constant(limits, "SMALL_BASE_BYTES"):
        checker.errors.add(f"goroutine_start takes {first.own_bytes} bytes")
    last = checker.need(first)
    if last[0] - first.own_bytes > allowed:
        checker.errors.add(f"{last[0]} bytes at the end, of {allowed}: {' '.join(last[1])}")
    print(f"{worst[0]} bytes, of {allowed}: {' '.join(worst[1])}")
    for error in sorted(checker.errors):
        print(error, file=sys.stderr)
    sys.exit(1 if checker.errors else 0)


if __name__ == "__main__":
    main()
