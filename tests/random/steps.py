"""What the strands of a random program do: each step is C text and its half in the oracle.

Steps is the part of Program (program.py) that has no text of its own but these statements.
"""
from oracle import Lock

BYTES = 192          # of memory; its middle is the border of two pages
PAGE_OFFSET = 4096 - BYTES // 2
ATOMS = 4
CELLS = 80           # of 8 bytes; each is handed over once
GROUPS = 4
SIZES = [1, 2, 4, 8, 16, 32, 64]
ORDERS = ["relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"]


class Strand:
    def __init__(self, number):
        self.number = number
        self.life = "unborn"
        self.thread = False
        self.groups = set()  # those that it has yet to call done of
        self.lines = []


class Held:
    """A lock of the program: who holds it, and the oracle's half."""

    def __init__(self, text, kind, strands):
        self.text = text
        self.kind = kind
        self.lock = Lock(strands)
        self.writer = None
        self.depth = 0
        self.readers = set()


class Steps:
    # ---- steps --------------------------------------------------------------------------

    def alive(self):
        return [strand for strand in self.strands if strand.life == "alive"]

    def step(self):
        step = self.random.choices(list(self.weights), list(self.weights.values()))[0]
        # Now and then the same strand goes on.
        if self.owner and self.owner.life == "alive" and self.random.random() < 0.5:
            step(self.owner)
        else:
            step(self.random.choice(self.alive()))

    def target(self, limit):
        """Some memory of at most LIMIT bytes: its text, size, and the oracle's names of it."""
        r = self.random
        live = [i for i, size in enumerate(self.blocks) if size]
        if live and r.random() < 0.4:
            i = r.choice(live)
            base, name, start, span = f"block({i})", f"block {i}", 0, self.blocks[i]
        else:
            start, span = r.choice(self.windows)
            base, name = "mem", "mem"
        size = r.choice([s for s in SIZES if s <= min(span, limit)])
        if r.random() < 0.2:
            size = 1 + r.randrange(min(span, limit))
        at = start + r.randrange(span - size + 1)
        if r.random() < 0.5 and size in SIZES:
            at -= at % size
            at += size if at < start and at + 2 * size <= start + span else 0
        return f"{base} + {at}", at, size, [(name, b) for b in range(at, at + size)], base == "mem"

    def step_access(self, strand):
        r, oracle, s = self.random, self.oracle, strand.number
        pointer, at, size, places, static = self.target(64)
        write = r.random() < self.write_share
        unit = size in SIZES
        aligned = unit and (at % size == 0) and (static and size <= 32 or size <= 16)
        kind = f"{'a' if aligned else 'u'}{size}"
        value = 1 + r.randrange(200)
        pick = r.random()
        if pick < 0.1:
            # A loop over bytes, which reads and writes each.
            where = self.say(strand, f"for (int i = 0; i < {size}; i++) ({pointer})[i] += {value};")
            oracle.access(s, places, where)
            oracle.access(s, places, where, write=True)
        elif pick < 0.18 and size == 1:
            where = self.say(strand, f"((struct bits *)({pointer}))->low = {value % 8};")
            oracle.access(s, places, where)
            oracle.access(s, places, where, write=True)
        elif pick < 0.3:
            # A copy: struct assignment or memmove, from elsewhere in memory.
            source, _, size2, places2, _ = self.target(size)
            size = min(size, size2)
            if source == pointer:
                return  # the compiler knows that this does nothing
            where = self.say(strand, f"memmove({pointer}, {source}, {size});")
            oracle.access(s, places2[:size], where)
            oracle.access(s, places[:size], where, write=True)
        elif not unit and write:
            where = self.say(strand, f"memset({pointer}, {value}, {size});")
            oracle.access(s, places, where, write=True)
        elif not unit:
            text = f"struct {{ unsigned char b[{size}]; }} copy; memcpy(&copy, {pointer}, {size});"
            where = self.say(strand, f"{{ {text} USE(copy); }}")
            oracle.access(s, places, where)
        elif write:
            made = f"({kind}){{{value}}}" if size > 8 else f"{value}"
            where = self.say(strand, f"*({kind} *)({pointer}) = {made};")
            oracle.access(s, places, where, write=True)
        else:
            where = self.say(strand, f"USE(*({kind} *)({pointer}));")
            oracle.access(s, places, where)

    def step_loop(self, strand):
        """Elements of an array, with bounds and conditions that the compiler does not know: what
        is between the elements, behind a break or under a false condition is not touched."""
        r = self.random
        start, span = r.choice(self.windows)
        size = r.choice([s for s in (1, 2, 4, 8) if s <= span])
        at = start + r.randrange(min(size, span - size + 1))
        stride, most = r.choice([1, 1, 2, 3]), (start + span - at) // size
        count = 1 + r.randrange((most + stride - 1) // stride)
        aligned = at % size == 0
        element = f"((%s{size} *)(mem + {at}))[i * {stride}]" % ("a" if aligned else "u")
        kind = r.choice(["read", "write", "both"])
        do = {"read": f"USE({element})", "write": f"{element} = 5", "both": f"{element} += 3"}[kind]
        touched = list(range(count))
        form = r.choice(["up", "up", "down", "break", "odd", "never", "once"])
        text = f"for (int i = 0, n = opaque({count}); i < n; i++) {do};"
        if form == "down":
            text = f"for (int i = opaque({count}); i-- > 0;) {do};"
        elif form == "break":
            last = r.randrange(count)
            touched = touched[:last]
            text = f"for (int i = 0; i < {count}; i++) {{ if (i == opaque({last})) break; {do}; }}"
        elif form == "odd":
            touched = touched[1::2]
            text = f"for (int i = 0; i < opaque({count}); i++) if (i & 1) {do};"
        elif form == "never":
            touched = []
            text = f"if (opaque(0)) for (int i = 0; i < {count}; i++) {do};"
        elif form == "once":
            touched = touched[-1:]
            text = f"{{ int i = opaque({count - 1}); if (opaque(1)) {do}; }}"
        where = self.say(strand, text)
        for i in touched:
            first = at + i * stride * size
            places = [("mem", b) for b in range(first, first + size)]
            if kind != "write":
                self.oracle.access(strand.number, places, where)
            if kind != "read":
                self.oracle.access(strand.number, places, where, write=True)

    def step_atomic(self, strand):
        r = self.random
        kind = r.choice(["load", "load", "store", "store", "add", "swap", "cas", "failing"])
        if r.random() < 0.05:
            kind = r.choice(["plain read", "plain write"])
        self.operate(strand, r.randrange(ATOMS), kind, r.choice(ORDERS))

    def operate(self, strand, i, kind, order):
        """An operation of KIND on atom I; nothing where C knows no such order of it."""
        oracle, s = self.oracle, strand.number
        places = [(f"atom {i}", b) for b in range(4)]
        atomic, p = self.atoms[i], f"&atoms[{i}]"
        if kind == "load" and order not in ("release", "acq_rel"):
            where = self.say(strand, f"USE(atomic_load_explicit({p}, memory_order_{order}));")
            oracle.load(s, atomic, order)
            oracle.access(s, places, where, atomic=True)
        elif kind == "store" and order in ("relaxed", "release", "seq_cst"):
            where = self.say(strand, f"atomic_store_explicit({p}, 1, memory_order_{order});")
            oracle.access(s, places, where, write=True, atomic=True)
            oracle.store(s, atomic, order, False)
        elif kind in ("add", "swap", "cas"):
            call = {"add": f"atomic_fetch_add_explicit({p}, 1, memory_order_{order})",
                    "swap": f"atomic_exchange_explicit({p}, 2, memory_order_{order})",
                    "cas": "atomic_compare_exchange_strong_explicit("
                           f"{p}, &was, was + 1, memory_order_{order}, memory_order_relaxed)"}
            before = f"uint32_t was = unseen_load({p}); " if kind == "cas" else ""
            where = self.say(strand, f"{{ {before}USE({call[kind]}); }}")
            oracle.load(s, atomic, order)
            oracle.access(s, places, where, write=True, atomic=True)
            oracle.store(s, atomic, order, True)
        elif kind == "failing" and order not in ("release", "acq_rel"):
            call = ("atomic_compare_exchange_strong_explicit("
                    f"{p}, &was, 0, memory_order_seq_cst, memory_order_{order})")
            where = self.say(strand, f"{{ uint32_t was = unseen_load({p}) + 1; USE({call}); }}")
            oracle.load(s, atomic, order)
            oracle.access(s, places, where, atomic=True)
        elif kind == "plain read":
            where = self.say(strand, f"USE(*(a4 *){p});")
            oracle.access(s, places, where)
        elif kind == "plain write":
            # Looked at, or the compiler drops it where an atomic store follows, which is weaker.
            where = self.say(strand, f"*(a4 *){p} = 3; __asm__ volatile(\"\" : : \"m\"({p[1:]}));")
            oracle.access(s, places, where, write=True)

    def step_fence(self, strand):
        self.fence(strand, self.random.choice(ORDERS[1:]))

    def fence(self, strand, order):
        self.say(strand, f"atomic_thread_fence(memory_order_{order});")
        self.oracle.thread_fence(strand.number, order)

    def step_lock(self, strand):
        r = self.random
        held = [lock for lock in self.locks if lock.writer is strand or strand in lock.readers]
        if held and r.random() < 0.55:
            self.unlock(strand, r.choice(held))
        else:
            self.lock(strand, r.choice(self.locks), r.random() < 0.6)

    def lock(self, strand, lock, shared):
        """Whether STRAND could lock it; a goroutine may end up on another thread."""
        if not strand.thread and lock.kind not in ("goc_mutex", "goc_rwmutex"):
            return False
        if lock.writer is strand and lock.kind == "recursive":
            lock.depth += 1
            self.say(strand, f"pthread_mutex_lock({lock.text});")
            return True
        shared = shared and lock.kind in ("goc_rwmutex", "pthread_rwlock")
        if lock.writer or strand in lock.readers or (lock.readers and not shared):
            return False
        if shared:
            name = {"goc_rwmutex": "goc_rwmutex_rlock"}.get(lock.kind, "pthread_rwlock_rdlock")
            self.say(strand, f"{name}({lock.text});")
            lock.readers.add(strand)
            self.oracle.lock_shared(strand.number, lock.lock)
        else:
            name = {"recursive": "pthread_mutex_lock",
                    "pthread_rwlock": "pthread_rwlock_wrlock"}.get(lock.kind, f"{lock.kind}_lock")
            self.say(strand, f"{name}({lock.text});")
            lock.writer, lock.depth = strand, 1
            self.oracle.lock(strand.number, lock.lock)
        return True

    def unlock(self, strand, lock):
        s = strand.number
        name = {"recursive": "pthread_mutex_unlock"}.get(lock.kind, f"{lock.kind}_unlock")
        if strand in lock.readers:
            if lock.kind == "goc_rwmutex":
                name = "goc_rwmutex_runlock"
            self.say(strand, f"{name}({lock.text});")
            lock.readers.discard(strand)
            self.oracle.unlock_shared(s, lock.lock)
            return
        self.say(strand, f"{name}({lock.text});")
        lock.depth -= 1
        if lock.depth == 0:
            lock.writer = None
            self.oracle.unlock(s, lock.lock)

    def channel_read(self, strand, i, where):
        """A send reads the channel and a close writes it: a close against a send is a race."""
        self.oracle.access(strand.number, [(f"chan {i}", 0)], where)

    def step_channel(self, strand):
        r = self.random
        i = r.randrange(len(self.channels))
        channel = self.channels[i]
        waiting = len(channel.sent) - len(channel.received)
        if channel.closed is None and r.random() < 0.05:
            self.close(strand, i)
        elif channel.closed is None and waiting < channel.capacity and r.random() < 0.6:
            self.send(strand, i)
        elif waiting or channel.closed is not None:
            self.receive(strand, i)

    def close(self, strand, i):
        where = self.say(strand, f"chan_close(c[{i}]);")
        self.oracle.access(strand.number, [(f"chan {i}", 0)], where, write=True)
        self.channels[i].closed = self.oracle.release(strand.number)

    def send(self, strand, i):
        text = f"chan_send(c[{i}], 1);"
        if self.random.random() < 0.3:
            text = f"chan_select {{ chan_case_send(c[{i}], 1) {{}} chan_default {{ abort(); }} }}"
        where = self.say(strand, text)
        self.channel_read(strand, i, where)
        self.oracle.send(strand.number, self.channels[i])

    def receive(self, strand, i):
        text = f"(void)chan_recv(c[{i}]);"
        if self.random.random() < 0.3:
            text = f"chan_select {{ chan_case_recv(c[{i}]) {{}} chan_default {{ abort(); }} }}"
        self.say(strand, text)
        self.oracle.receive(strand.number, self.channels[i])

    def step_meet(self, strand):
        others = [other for other in self.alive() if other is not strand]
        if others:
            self.meet(strand, self.random.choice(others), self.random.randrange(len(self.channels)))

    def meet(self, sender, receiver, i):
        """A send and a receive in one turn: whoever comes first waits for the other."""
        channel = self.channels[i]
        waiting = len(channel.sent) - len(channel.received)
        if channel.closed is not None or 0 < waiting < channel.capacity:
            return
        self.close_turn()
        self.place += 1
        for party, text in ((sender, f"chan_send(c[{i}], 1);"),
                            (receiver, f"(void)chan_recv(c[{i}]);")):
            self.call(party, "turn", self.arrivals)
            party.lines.append(f"{text} //@{self.place}")
            party.lines.append("done();")
        self.arrivals += 2
        self.channel_read(sender, i, self.place)
        self.oracle.meet(sender.number, receiver.number, channel)

    def step_spawn(self, strand):
        """The new strand, or None where there is none left."""
        unborn = [other for other in self.strands if other.life == "unborn"]
        if not unborn:
            return None
        other = unborn[0]
        other.life = "alive"
        other.thread = self.random.random() < 0.5
        n = other.number
        self.say(strand, f"create({n}, thread_{n});" if other.thread else f"go strand_{n}();")
        self.oracle.spawn(strand.number, n)
        return other

    def step_end(self, strand):
        holds = any(lock.writer is strand or strand in lock.readers for lock in self.locks)
        if strand.number == 0 or holds or strand.groups:
            return
        self.open_turn(strand)
        self.close_turn()
        strand.life = "ended"

    def step_join(self, strand):
        ended = [other for other in self.strands if other.life == "ended" and other.thread]
        if ended:
            self.join(strand, self.random.choice(ended))

    def join(self, strand, other):
        other.life = "joined"
        self.say(strand, f"join({other.number});")
        self.oracle.join_thread(strand.number, other.number)

    def step_heap(self, strand):
        live = [i for i, size in enumerate(self.blocks) if size]
        s = strand.number
        if live and self.random.random() < 0.4:
            i = self.random.choice(live)
            where = self.say(strand, f"free(block({i}));")
            self.oracle.access(s, [(f"block {i}", b) for b in range(self.blocks[i])], where,
                               write=True, free=True)
            self.blocks[i] = None
        elif len(live) < 4:
            size = self.random.choice([8, 24, 24, 24, 64])
            self.say(strand, f"hold({len(self.blocks)}, malloc({size}));")
            self.blocks.append(size)

    def step_group(self, strand):
        over = [number for number, (_, left) in enumerate(self.groups) if left == 0]
        if strand.groups:
            self.group_done(strand, self.random.choice(sorted(strand.groups)))
        elif over:
            self.group_wait(strand, self.random.choice(over))

    def group_done(self, strand, number):
        self.say(strand, f"goc_waitgroup_done(&wg[{number}]);")
        strand.groups.discard(number)
        clocks, left = self.groups[number]
        self.groups[number] = (clocks + [self.oracle.release(strand.number)], left - 1)

    def group_wait(self, strand, number):
        self.say(strand, f"goc_waitgroup_wait(&wg[{number}]);")
        for clock in self.groups[number][0]:
            self.oracle.acquire(strand.number, clock)

    # ---- handing over -------------------------------------------------------------------

    def step_pass(self, strand):
        """STRAND touches a cell that nobody has, does something that may order, and another
        touches it after its own half of that."""
        others = [other for other in self.alive() if other is not strand]
        if not others or self.cells == CELLS:
            self.step_spawn(strand)
            return
        other = self.random.choice(others)
        cell = self.cells
        self.cells += 1
        self.touch(strand, cell)
        way = self.random.choice([self.pass_lock, self.pass_atomic, self.pass_atomic,
                                  self.pass_channel, self.pass_channel, self.pass_meet,
                                  self.pass_group, self.pass_strand])
        other = way(strand, other) or other
        self.touch(other, cell)

    def touch(self, strand, cell):
        at, size = self.random.choice([(0, 8), (0, 8), (0, 4), (2, 4), (4, 4), (3, 1), (7, 1)])
        pointer = f"(a{size} *)(cells + {8 * cell + at})" if at % size == 0 else \
            f"(u{size} *)(cells + {8 * cell + at})"
        write = self.random.random() < 0.7
        where = self.say(strand, f"*{pointer} = 7;" if write else f"USE(*{pointer});")
        self.oracle.access(strand.number, [("cell", 8 * cell + at + b) for b in range(size)],
                           where, write=write)

    def pass_lock(self, first, second):
        r = self.random
        locks = [lock for lock in self.locks if not lock.writer and not lock.readers
                 and (lock.kind.startswith("goc") or first.thread and second.thread)]
        if not locks:
            return
        lock = r.choice(locks)
        for strand in (first, second):
            depth = 2 if lock.kind == "recursive" else 1
            for _ in range(depth):
                self.lock(strand, lock, r.random() < 0.5)
            for _ in range(depth):
                self.unlock(strand, lock)

    def pass_atomic(self, first, second):
        r = self.random
        i = r.randrange(ATOMS)
        if r.random() < 0.3:
            self.fence(first, r.choice(["release", "acq_rel", "seq_cst"]))
            self.operate(first, i, r.choice(["store", "add", "swap"]), "relaxed")
        else:
            self.operate(first, i, r.choice(["store", "add", "cas"]),
                         r.choice(["relaxed", "release", "release", "seq_cst"]))
        if r.random() < 0.5:
            between = r.choice(self.alive())
            self.operate(between, i, r.choice(["store", "add", "swap", "failing"]),
                         r.choice(["relaxed", "relaxed", "release"]))
        if r.random() < 0.3:
            self.operate(second, i, r.choice(["load", "add", "failing"]), "relaxed")
            self.fence(second, r.choice(["acquire", "acq_rel", "seq_cst"]))
        else:
            self.operate(second, i, r.choice(["load", "load", "add", "failing"]),
                         r.choice(["relaxed", "consume", "acquire", "acquire", "seq_cst"]))

    def pass_channel(self, first, second):
        r = self.random
        i = r.randrange(len(self.channels))
        channel = self.channels[i]
        waiting = len(channel.sent) - len(channel.received)
        if channel.closed is not None:
            self.receive(second, i)
        elif r.random() < 0.15:
            self.close(first, i)
            self.receive(second, i)
        elif waiting:
            self.receive(first, i)  # orders the send that is a capacity later
            self.send(second, i)
        elif channel.capacity:
            self.send(first, i)
            self.receive(second, i)

    def pass_meet(self, first, second):
        i = self.random.randrange(len(self.channels))
        self.meet(*self.random.choice([(first, second), (second, first)]), i)

    def pass_group(self, first, second):
        if first.groups:
            number = self.random.choice(sorted(first.groups))
            self.group_done(first, number)
            if self.groups[number][1] == 0:
                self.group_wait(second, number)

    def pass_strand(self, first, second):
        """To a strand that begins, or from a thread that ends to whoever joins it."""
        if first.thread and self.random.random() < 0.5:
            self.step_end(first)
            if first.life == "ended":
                self.join(second, first)
            return None
        return self.step_spawn(first)

    def step_ticks(self, strand):
        """Many releases that nobody acquires, or many strands that come and go."""
        own = f"own_{self.place}_{strand.number}"
        if self.random.random() < 0.5:
            self.say(strand, f"{{ static goc_mutex {own}; for (int i = 0; i < 70000; i++) "
                             f"{{ goc_mutex_lock(&{own}); goc_mutex_unlock(&{own}); }} }}")
        else:
            self.say(strand, "for (int i = 0; i < 300; i++) go nothing();")
        self.oracle.tick(strand.number)
