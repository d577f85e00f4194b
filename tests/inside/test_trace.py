#!/usr/bin/env python3
"""GOC_TRACE: what trace.c does, read back from the file that Perfetto would show.

Checked are the tracks and their names, that the spans of a track neither overlap nor leave a
hole, what each goroutine was blocked on, where the arrows begin and end, and that the file
is there whole after a panic as well as after a return, or not at all.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

GOROUTINES, PROCS, THREADS = 1, 2, 3
EPSILON_US = 0.0005  # times are printed with three digits


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    return parser.parse_args()


def require(condition, message):
    if not condition:
        print(message)
        sys.exit(1)


def run(program, work, end=None, debug="", trace="trace.json", procs="1"):
    """Status, stdout, stderr and the parsed trace, None where there is no file."""
    for old in work.glob("trace.json*"):
        old.unlink()
    environment = dict(os.environ, GOMAXPROCS=procs, GOC_DEBUG=debug)
    environment.pop("GOC_TRACE", None)
    if trace:
        environment["GOC_TRACE"] = trace
    done = subprocess.run([str(program)] + ([end] if end else []), cwd=work, env=environment,
                          capture_output=True, text=True)
    files = sorted(path.name for path in work.glob("trace.json*"))
    require(files in ([], ["trace.json"]), f"left behind: {files}")
    text = (work / "trace.json").read_text() if files else None
    return done.returncode, done.stdout, done.stderr, text and json.loads(text)


class Trace:
    def __init__(self, trace):
        events = trace["traceEvents"]
        self.lost = trace["otherData"]["lost_records"]
        self.names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events
                      if e["ph"] == "M" and e["name"] == "thread_name"}
        self.processes = {e["pid"]: e["args"]["name"] for e in events
                          if e["ph"] == "M" and e["name"] == "process_name"}
        self.spans = {}
        for e in events:
            if e["ph"] == "X":
                self.spans.setdefault((e["pid"], e["tid"]), []).append(e)
        for spans in self.spans.values():
            spans.sort(key=lambda span: (span["ts"], span["dur"]))
        self.starts = {e["id"]: e for e in events if e["ph"] == "s"}
        self.ends = {e["id"]: e for e in events if e["ph"] == "f"}

    def goroutine(self, name):
        """The track of the first goroutine that is called so."""
        found = sorted(track for track, full in self.names.items()
                       if track[0] == GOROUTINES and full == f"{track[1]} {name}")
        require(found, f"no track is called {name}: {sorted(self.names.values())}")
        return found[0]

    def span(self, track, name):
        found = [span for span in self.spans[track] if span["name"] == name]
        require(found, f"track {self.names[track]} has no span {name}: "
                       f"{[span['name'] for span in self.spans[track]]}")
        return found[0]

    def at(self, event):
        """The names of the spans of EVENT's track that hold its time."""
        return [span["name"] for span in self.spans[(event["pid"], event["tid"])]
                if span["ts"] - EPSILON_US <= event["ts"] <= span["ts"] + span["dur"] + EPSILON_US]

    def arrow(self, name, source, target):
        found = [i for i, start in self.starts.items()
                 if start["name"] == name and (start["pid"], start["tid"]) == source
                 and i in self.ends and (self.ends[i]["pid"], self.ends[i]["tid"]) == target]
        require(found, f"no arrow {name} from {self.names[source]} to {self.names[target]}")
        return self.starts[found[0]], self.ends[found[0]]


def check_tracks(trace):
    require(trace.processes == {GOROUTINES: "goroutines", PROCS: "processors",
                                THREADS: "threads"}, f"processes: {trace.processes}")
    for track, spans in trace.spans.items():
        require(track in trace.names, f"track {track} has no name")
        for before, after in zip(spans, spans[1:]):
            end = before["ts"] + before["dur"]
            require(end <= after["ts"] + EPSILON_US,
                    f"{trace.names[track]}: {before} overlaps {after}")
            require(track[0] != GOROUTINES or abs(end - after["ts"]) < 2 * EPSILON_US,
                    f"{trace.names[track]}: a hole between {before} and {after}")
    # What runs, runs on a P, for just as long.
    on_procs = {(track[1], span["ts"], span["dur"], span["args"]["goroutine"], span["name"])
                for track, spans in trace.spans.items() if track[0] == PROCS for span in spans}
    for track, spans in trace.spans.items():
        for span in spans:
            if track[0] == GOROUTINES and span["name"] == "running" and "args" in span:
                twin = (span["args"]["P"], span["ts"], span["dur"], track[1], trace.names[track])
                require(twin in on_procs, f"{trace.names[track]}: {span} is on no P")


def check_arrows(trace):
    require(trace.starts, "there are no arrows")
    for i, end in trace.ends.items():
        require(i in trace.starts, f"{end} begins nowhere")
        start = trace.starts[i]
        require(start["name"] == end["name"] and start["ts"] <= end["ts"] + EPSILON_US,
                f"{start} does not go with {end}")
        require(trace.at(start) and "running" in trace.at(end), f"{start}, {end} hang in the air")


def check_content(trace, stdout):
    address = dict(line.split() for line in stdout.splitlines() if " 0x" in line)
    main = trace.goroutine("main")
    receiver, sender = trace.goroutine("receiver"), trace.goroutine("sender")
    span = trace.span(receiver, "chan receive")
    require(span["cat"] == "blocked" and span["args"]["object"] == address["to_receiver"],
            f"the receiver waits on {span}")
    start, end = trace.arrow("chan receive", main, receiver)
    require("running" in trace.at(start), "the send is in no running span")
    require(end["ts"] >= span["ts"] + span["dur"], "the receiver runs before its wait ended")
    span = trace.span(sender, "chan send")
    require(span["args"]["object"] == address["from_sender"], f"the sender waits on {span}")
    start, end = trace.arrow("message", sender, main)
    require("chan send" in trace.at(start), "the element does not leave the waiting send")
    trace.arrow("go", main, receiver)
    trace.span(trace.goroutine("locker"), "sync.Mutex.Lock")
    trace.span(trace.goroutine("sleeper"), "sleep")
    trace.span(trace.goroutine("blocker"), "syscall")
    runs = [span for span in trace.spans[trace.goroutine("locked")] if span["name"] == "running"]
    require(any("args" not in span for span in runs) and any("args" in span for span in runs),
            f"the locked goroutine runs with and without a P: {runs}")
    trace.goroutine("work.func5")  # the fifth go statement of its file
    threads = [track for track in trace.names if track[0] == THREADS]
    require(len(threads) == 1 and trace.names[threads[0]] == f"thread {threads[0][1]}",
            f"threads: {threads}")


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    program = options.work / "trace"
    subprocess.run([options.bin / "goc-cc", "-g", "-O1", "-Wall", str(options.source), "-o",
                    str(program)], check=True)

    for end, expected in ((None, 0), ("panic", 2), ("chdir", 0), ("fork", 0)):
        for procs in ("1", "4"):
            if procs != "1" and end is not None:
                continue
            status, stdout, stderr, found = run(program, options.work, end, procs=procs)
            require(status == expected and found, f"{end}: status {status}\n{stderr}")
            trace = Trace(found)
            require(trace.lost == 0, f"{trace.lost} records lost")
            check_tracks(trace)
            check_arrows(trace)
            if procs == "1":
                check_content(trace, stdout)

    status, _, stderr, found = run(program, options.work, "many", debug="tracebuf=1024")
    require(status == 0 and found, f"a full ring: status {status}\n{stderr}")
    trace = Trace(found)
    require(trace.lost > 0, "nothing was lost in a ring of 1024 records")
    check_tracks(trace)

    status, _, stderr, found = run(program, options.work, trace="no/such/directory/x.json")
    require(status == 0 and found is None and "GOC_TRACE: cannot write" in stderr
            and "No such file or directory" in stderr,
            f"an impossible path: status {status}\n{stderr}")
    status, _, stderr, found = run(program, options.work, trace=None)
    require(status == 0 and found is None and stderr == "", f"without: {status}\n{stderr}")
    status, _, stderr, _ = run(program, options.work, trace="by-%p.json")
    left = list(options.work.glob("by-*.json"))
    require(status == 0 and len(left) == 1 and left[0].stem[3:].isdigit(), f"{left}\n{stderr}")
    left[0].unlink()
    print("the trace shows what the program did")


if __name__ == "__main__":
    main()
