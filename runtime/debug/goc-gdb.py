"""Goroutines in gdb: "info goroutines", "goroutine N COMMAND", "goroutine all COMMAND".

Every program with goc's runtime names this file in its section .debug_gdb_scripts, and gdb loads
it where its auto-load safe-path allows that.  It works on a process and on a core file, with and
without the runtime's debug information: what lies where stands in the program's own table,
goc__gdb_table (runtime/debug/gdb.c).

A goroutine that does not run has its registers in its struct context_frame.  An unwinder of ours
says for a moment that this frame called the one that the selected thread is in: so all of gdb's
commands work on the goroutine's frames, though no register is written, which a core file would
not allow.
"""
import re
import struct

import gdb
import gdb.unwinder

STATUS = ("none", "runnable", "running", "waiting", "dead")
ALIVE = (1, 2, 3)
KIND_THREAD = 2
NS_PER_SECOND = 1e9
INNER_FRAMES_MAX = 16  # between a public function and the switch, at most
CALLS_BACK = ("goc__go_", "goc_once_do")  # the runtime calls the user: what is further in is theirs
ROW = struct.Struct("<32sQ")


def memory(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def number(address, size):
    return int.from_bytes(memory(address, size), "little")


def pointer(address):
    return number(address, 8)


def string(address):
    text = b""
    while not text.endswith(b"\0"):
        text += memory(address + len(text), 1)
    return text[:-1].decode(errors="replace")


class Table:
    """goc__gdb_table of the program at hand."""

    def __init__(self):
        try:
            address = int(gdb.parse_and_eval("(unsigned long)&goc__gdb_table"))
        except gdb.error:
            raise gdb.GdbError("the program has no goc runtime") from None
        if gdb.selected_thread() is None:
            raise gdb.GdbError("the program is not running")
        self.values = {}
        while True:
            name, value = ROW.unpack(memory(address, ROW.size))
            name = name.rstrip(b"\0").decode()
            if not name:
                break
            self.values[name] = value
            address += ROW.size

    def __getitem__(self, name):
        return self.values[name]

    def field(self, address, name, size):
        return number(address + self[name], size)


class Goroutine:
    """A struct g, or a struct newborn, at ADDRESS."""

    def __init__(self, table, address, runners, newborn=False):
        kind = "newborn" if newborn else "g"
        self.table = table
        self.address = address
        self.id = table.field(address, f"{kind}.id", 8)
        self.entry = table.field(address, f"{kind}.entry", 8)
        self.creator_id = table.field(address, f"{kind}.creator_id", 8)
        self.creator_pc = table.field(address, f"{kind}.creator_pc", 8)
        self.status = 1 if newborn else table.field(address, "g.status", 4)
        self.sp = 0 if newborn else table.field(address, "g.context", 8)
        self.thread = runners.get(address)

    def state(self):
        if self.status != 3:
            running = self.thread is not None
            return f"running on thread {self.thread.num}" if running else STATUS[self.status]
        table = self.table
        reason = table.field(self.address, "g.reason", 1)
        words = string(pointer(table["reasons"] + 8 * reason))
        held = table.field(self.address, "g.object", 8)
        locked = f", locked to thread {self.thread.num}" if self.thread is not None else ""
        return words + (f" on {held:#x}" if held else "") + locked

    def waited(self):
        """Seconds since it began to wait, None where it does not."""
        if self.status != 3:
            return None
        now = number(self.table["coarse_now"], 8)
        since = self.table.field(self.address, "g.waiting_since", 8)
        return max(now - since, 0) / NS_PER_SECOND


def runners(table):
    """struct g's address -> the thread that runs it."""
    threads = {thread.ptid[1] or thread.ptid[0]: thread
               for thread in gdb.selected_inferior().threads()}
    found = {}
    m = pointer(table["ms"])
    while m:
        thread = threads.get(table.field(m, "m.tid", 4))
        g = table.field(m, "m.g", 8)
        if g and thread is not None:
            found[g] = thread
        m = table.field(m, "m.next", 8)
    return found


def slots(table):
    """The addresses of all slots' struct g."""
    the_map = table["stack_map"]

    def read(name, size):
        return table.field(the_map, f"stack_map.{name}", size)

    arenas, count = read("arenas", 8), number(read("arena_count", 8), 4)
    slot_bytes = pointer(read("slot_bytes", 8))
    for i in range(count):
        arena = arenas + i * read("arena_bytes", 4)
        base = pointer(arena + read("base_offset", 4))
        carved = number(arena + read("carved_offset", 4), 4)
        colours, colour_bytes = read("colours", 4), read("colour_bytes", 4)
        g_bytes = read("g_bytes", 4)
        for n in range(carved):
            yield base + (n + 1) * slot_bytes - n % colours * colour_bytes - g_bytes


def small_slots(table):
    """The same of the small ones (runtime/sched/small.h)."""
    the_map = table["small_map"]
    base = pointer(table.field(the_map, "small_map.base", 8))
    carved = number(table.field(the_map, "small_map.carved", 8), 4)
    size = table.field(the_map, "small_map.bytes", 4)
    for n in range(carved):
        yield base + (n + 1) * size - table.field(the_map, "small_map.g_bytes", 4)


def newborns(table):
    """The addresses of all records that hold a goroutine."""
    the_map = table["newborn_map"]
    chunks = table.field(the_map, "newborn_map.chunks", 8)
    count = number(table.field(the_map, "newborn_map.chunk_count", 8), 4)
    records = table.field(the_map, "newborn_map.chunk_records", 4)
    for i in range(count):
        chunk = pointer(chunks + 8 * i)
        for n in range(records):
            address = chunk + n * table["NEWBORN_BYTES"]
            if table.field(address, "newborn.id", 8):
                yield address


def goroutines():
    """All that are alive, by id."""
    table = Table()
    running = runners(table)
    found = []
    for address in [table["main_g"], *slots(table), *small_slots(table)]:
        try:
            if table.field(address, "g.status", 4) in ALIVE:
                found.append(Goroutine(table, address, running))
        except gdb.MemoryError:
            continue  # never used, so not in the core file
    found += [Goroutine(table, address, running, newborn=True) for address in newborns(table)]
    return sorted(found, key=lambda g: g.id)


def at_line(name, sal):
    """NAME, without what goc-cc has put before a go statement's callee, and where SAL is."""
    name = re.sub(r"^goc__go_\w+\.", "", name)
    return f"{name} at {sal.symtab.filename}:{sal.line}" if sal.symtab else name


def symbol_at(pc):
    """The name of the function that holds PC, or PC itself."""
    # As it is written: two underscores make gdb take a name for one of Ada's.
    text = gdb.execute(f"with print demangle off -- info symbol {pc:#x}", to_string=True)
    match = re.match(r"(\S+)( \+ \d+)? in section", text)
    return match.group(1) if match else f"{pc:#x}"


def place(pc):
    """The code before return address PC as "function at file:line"."""
    return at_line(symbol_at(pc - 1), gdb.find_pc_line(pc - 1)) if pc else "?"


class FrameId:
    """A frame as an unwinder names it."""

    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class Unwinder(gdb.unwinder.Unwinder):
    """While a goroutine is chosen, it called the selected thread's innermost frame."""

    REGISTERS = {"r15": "R15", "r14": "R14", "r13": "R13", "r12": "R12", "rbx": "RBX",
                 "rbp": "RBP", "rip": "RIP"}

    def __init__(self):
        super().__init__("goc goroutine")
        self.goroutine = None
        self.top = None

    def choose(self, goroutine):
        self.top = int(gdb.newest_frame().read_register("rsp"))
        self.goroutine = goroutine
        gdb.invalidate_cached_frames()

    def forget(self):
        self.goroutine = None
        gdb.invalidate_cached_frames()

    def __call__(self, pending):
        if self.goroutine is None or int(pending.read_register("rsp")) != self.top:
            return None
        sp, table = self.goroutine.sp, self.goroutine.table
        pc_type = gdb.lookup_type("unsigned long")
        # As if it lay on the goroutine's stack: gdb wants a caller further out than its callee.
        info = pending.create_unwind_info(FrameId(gdb.Value(sp).cast(pc_type),
                                                  pending.read_register("rip")))
        for register, name in self.REGISTERS.items():
            value = pointer(sp + table[f"CONTEXT_FRAME_{name}"])
            info.add_saved_register(register, gdb.Value(value).cast(pc_type))
        info.add_saved_register("rsp",
                                gdb.Value(sp + table["CONTEXT_FRAME_BYTES"]).cast(pc_type))
        return info


unwinder = Unwinder()
gdb.unwinder.register_unwinder(None, unwinder, replace=True)


class Chosen:
    """with Chosen(goroutine): the selected frame is its innermost one."""

    def __init__(self, goroutine):
        self.goroutine = goroutine

    def __enter__(self):
        self.thread = gdb.selected_thread()
        if self.thread is None:
            raise gdb.GdbError("no thread is selected")
        self.level = 0
        frame = gdb.selected_frame()
        while frame.newer() is not None:
            frame, self.level = frame.newer(), self.level + 1
        if self.goroutine.thread is not None:
            self.goroutine.thread.switch()
            gdb.newest_frame().select()
        else:
            unwinder.choose(self.goroutine)
            gdb.newest_frame().older().select()

    def __exit__(self, *unused):
        if self.goroutine.thread is None:
            unwinder.forget()
        self.thread.switch()
        frame = gdb.newest_frame()
        for _ in range(self.level):
            frame = frame.older() or frame
        frame.select()


def name_of(frame):
    """The name of FRAME's function as it is written."""
    if frame.function() is not None:
        return frame.function().linkage_name
    return symbol_at(frame.pc())


def where(goroutine):
    """The innermost place that is the user's."""
    if goroutine.thread is None and not goroutine.sp:
        return place(goroutine.entry + 1)
    with Chosen(goroutine):
        frame, user = gdb.selected_frame(), gdb.selected_frame()
        for _ in range(INNER_FRAMES_MAX):
            if frame is None:
                break
            name = name_of(frame)
            if name.startswith(CALLS_BACK):
                break
            outer = frame.older()
            if name.startswith("goc_") and outer is not None:
                user = outer
            frame = outer
        # An inlined frame has a name and a line but shares its address.
        if user.function() is not None:
            return at_line(user.function().linkage_name, user.find_sal())
        return place(user.pc() + (user.newer() is None))


class InfoGoroutines(gdb.Command):
    """List all goroutines: id, state, for how long, where, and where each was created.
A star marks the one that the selected thread runs."""

    def __init__(self):
        super().__init__("info goroutines", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        selected = gdb.selected_thread()
        for goroutine in goroutines():
            mine = goroutine.thread is not None and goroutine.thread == selected
            waited = goroutine.waited()
            age = f", {waited:.3f} s" if waited is not None else ""
            line = f"{'*' if mine else ' '} {goroutine.id} [{goroutine.state()}{age}] " \
                   f"{where(goroutine)}"
            if goroutine.creator_pc:
                line += f", created by {place(goroutine.creator_pc)}"
                if goroutine.creator_id:
                    line += f" in goroutine {goroutine.creator_id}"
            gdb.write(line + "\n")


def run(goroutine, command):
    """Do COMMAND in GOROUTINE's innermost frame.  Where that is the goroutine's own and not a
    thread's, it is number 1, and a backtrace leaves number 0, the thread's, out."""
    if goroutine.thread is None and not goroutine.sp:
        gdb.write(f"goroutine {goroutine.id} has not begun; it will in "
                  f"{place(goroutine.entry + 1)}\n")
        return
    with Chosen(goroutine):
        match = re.match(r"(bt|backtrace|where)\b(.*)", command)
        if goroutine.thread is not None or not match:
            gdb.execute(command)
            return
        options = re.sub(r"(?<!\S)\d+$", lambda m: str(int(m.group()) + 1), match.group(2))
        text = gdb.execute(f"with width 0 -- bt{options}", to_string=True)
        gdb.write(re.sub(r"\A#0 .*?(?=^#1 |\Z)", "", text, flags=re.DOTALL | re.MULTILINE))


class GoroutineCommand(gdb.Command):
    """goroutine N COMMAND: run COMMAND in goroutine N's innermost frame.
goroutine all COMMAND: in that of each in turn.
Example: goroutine 7 bt"""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        words = argument.split(None, 1)
        if len(words) != 2:
            raise gdb.GdbError("goroutine N COMMAND, or goroutine all COMMAND")
        which, command = words
        everybody = goroutines()
        if which == "all":
            for goroutine in everybody:
                gdb.write(f"\ngoroutine {goroutine.id} [{goroutine.state()}]:\n")
                run(goroutine, command)
            return
        try:
            wanted = int(which)
        except ValueError:
            raise gdb.GdbError(f"{which} is no goroutine's number") from None
        for goroutine in everybody:
            if goroutine.id == wanted:
                run(goroutine, command)
                return
        raise gdb.GdbError(f"there is no goroutine {wanted}")


InfoGoroutines()
GoroutineCommand()
