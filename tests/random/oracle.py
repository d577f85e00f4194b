"""Happens-before by plain vector clocks, for whole programs: tests/trace/oracle.c once more, with
channels, groups and blocks as the language has them rather than as the detector hears of them.

Every access is kept for ever.  races[LATER] is the set of places whose accesses race with a later
one at LATER: what may be reported.  must[LATER] says what has to be: sets of places, of each of
which one at least is reported with LATER.

An access that repeats one of the same strand, as strong at least and in the same moment, need not
be reported.  A release ends a moment, but for an unlock that nobody saw: the same strand locked
again, and released nothing in between.  Nor does a pair whose earlier access happened before another that races with the
later one as well, and is as strong: that one speaks for both.
"""
import collections

Access = collections.namedtuple("Access", "strand clock write atomic free where seen")


def join(to, other):
    for i, value in enumerate(other):
        if value > to[i]:
            to[i] = value


class Atomic:
    """One atomic object: the release sequences that its value belongs to."""

    def __init__(self):
        self.heads = []  # (strand, clock)


class Channel:
    def __init__(self, capacity):
        self.capacity = capacity
        self.sent = []      # clocks of sends, by number
        self.received = []  # clocks of receives
        self.closed = None  # the clock of the close


class Lock:
    def __init__(self, strands):
        self.unlocked = [0] * strands   # what the last writer left
        self.shared = [0] * strands     # what readers have left since
        self.back = None                # (strand, clock) of an unlock after which nobody locked


class Oracle:
    def __init__(self, strands):
        self.count = strands
        self.clock = [[0] * strands for _ in range(strands)]
        self.clock[0][0] = 1
        self.fence = [[0] * strands for _ in range(strands)]
        self.pending = [[0] * strands for _ in range(strands)]
        self.accesses = collections.defaultdict(list)
        self.races = collections.defaultdict(set)
        self.must = collections.defaultdict(set)
        self.goes_on = set()  # (strand, clock): the moment of the clock before goes on

    # ---- accesses ---------------------------------------------------------------------

    def races_with(self, earlier, later):
        if self.clock[later.strand][earlier.strand] >= earlier.clock:
            return False
        return (earlier.write or later.write) and not (earlier.atomic and later.atomic)

    def moment(self, access):
        """The strand, and the clock with which the moment of ACCESS began."""
        clock = access.clock
        while (access.strand, clock) in self.goes_on:
            clock -= 1
        return access.strand, clock

    def repeats(self, earlier, later):
        return (self.moment(earlier) == self.moment(later) and not earlier.free and not later.free
                and (earlier.write or not later.write) and (not earlier.atomic or later.atomic))

    def speaks_for(self, access, earlier):
        """ACCESS comes after EARLIER, and races with whatever EARLIER races with."""
        return (access is not earlier and access.seen[earlier.strand] >= earlier.clock
                and self.moment(access) != self.moment(earlier)
                and (access.write or not earlier.write) and (not access.atomic or earlier.atomic))

    def access(self, strand, places, where, write=False, atomic=False, free=False):
        later = Access(strand, self.clock[strand][strand], write, atomic, free, where,
                       list(self.clock[strand]))
        for place in places:
            known = self.accesses[place]
            racing = [earlier for earlier in known if self.races_with(earlier, later)]
            self.races[where] |= {earlier.where for earlier in racing}
            if not any(self.repeats(earlier, later) for earlier in known):
                for last in racing:
                    if not any(self.speaks_for(other, last) for other in racing):
                        self.must[where].add(frozenset(
                            other.where for other in racing
                            if self.moment(other) == self.moment(last)))
            known.append(later)

    def new(self, places):
        """The memory is new: what was there is forgotten."""
        for place in places:
            self.accesses[place] = []

    # ---- order ------------------------------------------------------------------------

    def tick(self, strand):
        self.clock[strand][strand] += 1

    def release(self, strand):
        """What STRAND has done so far; what it does next is later."""
        now = list(self.clock[strand])
        self.tick(strand)
        return now

    def acquire(self, strand, clock):
        join(self.clock[strand], clock)

    def spawn(self, strand, other):
        self.clock[other] = self.release(strand)
        self.clock[other][other] = 1

    def join_thread(self, strand, other):
        self.acquire(strand, self.clock[other])

    def lock(self, strand, lock):
        now = self.clock[strand][strand]
        if lock.back == (strand, now - 1):
            self.goes_on.add((strand, now))
        lock.back = None
        self.acquire(strand, lock.unlocked)
        self.acquire(strand, lock.shared)

    def unlock(self, strand, lock):
        lock.shared = [0] * self.count  # the writer has seen it
        lock.back = (strand, self.clock[strand][strand])
        lock.unlocked = self.release(strand)

    def lock_shared(self, strand, lock):
        lock.back = None
        self.acquire(strand, lock.unlocked)

    def unlock_shared(self, strand, lock):
        join(lock.shared, self.release(strand))

    def send(self, strand, channel):
        number = len(channel.sent)
        channel.sent.append(self.release(strand))
        if number >= channel.capacity:
            self.acquire(strand, channel.received[number - channel.capacity])

    def receive(self, strand, channel):
        number = len(channel.received)
        if number == len(channel.sent):
            self.acquire(strand, channel.closed)
            return
        channel.received.append(self.release(strand))
        self.acquire(strand, channel.sent[number])

    def meet(self, sender, receiver, channel):
        """A send and the receive that it waited for, or that waited for it."""
        if channel.capacity > 0 and len(channel.sent) - len(channel.received) == channel.capacity:
            self.receive(receiver, channel)
            self.send(sender, channel)
        elif channel.capacity > 0:
            self.send(sender, channel)
            self.receive(receiver, channel)
        else:
            sent, received = self.release(sender), self.release(receiver)
            self.acquire(sender, received)
            self.acquire(receiver, sent)

    # ---- C11 atomics --------------------------------------------------------------------

    def load(self, strand, atomic, order):
        to = self.clock[strand] if acquires(order) else self.pending[strand]
        for _, clock in atomic.heads:
            join(to, clock)

    def store(self, strand, atomic, order, modifies):
        """The value is STRAND's: it heads a sequence; a plain store ends those of others."""
        left = self.clock[strand] if releases(order) else self.fence[strand]
        if not modifies:
            atomic.heads = [head for head in atomic.heads if head[0] == strand]
        if any(left):
            atomic.heads.append((strand, list(left)))
        if releases(order):
            self.tick(strand)

    def thread_fence(self, strand, order):
        if acquires(order):
            self.acquire(strand, self.pending[strand])
        if releases(order):
            self.fence[strand] = self.release(strand)


def acquires(order):
    return order in ("consume", "acquire", "acq_rel", "seq_cst")


def releases(order):
    return order in ("release", "acq_rel", "seq_cst")
