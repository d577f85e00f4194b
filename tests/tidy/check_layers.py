#!/usr/bin/env python3
"""The arrows of docs/architecture.md, held against the #include lines of the tree.

Usage: check_layers.py TOP

A room is a directory of a part: runtime/sched, detector/state.  A file may include its own
room, the rooms that ARROWS gives its room, and the system.  The test also fails on a circle
of rooms, on an include that leads nowhere, on one through "..", and on an included .c file.
"""
import os
import re
import sys

import sources

PUBLIC = "runtime/include"
ABI = "detector/include"

# What each room may include beside itself.  Whatever is not here is forbidden.
ARROWS = {
    "runtime/include": [],
    "runtime/base": [PUBLIC],
    "runtime/os": [PUBLIC, "runtime/base"],
    "runtime/events": [PUBLIC, "runtime/base", ABI],
    "runtime/sched": [PUBLIC, "runtime/base", "runtime/os", "runtime/events"],
    "detector/include": [],
    "detector/base": [ABI],
    "detector/state": [ABI, "detector/base"],
    "detector/check": [ABI, "detector/base", "detector/state"],
    "detector/record": [ABI, "detector/base", "detector/state"],
    "detector/report": [ABI],
}
UPPER_RUNTIME = ("chan", "sync", "time", "io", "debug")
for room in UPPER_RUNTIME:
    ARROWS[f"runtime/{room}"] = ARROWS["runtime/sched"] + ["runtime/sched"]
ARROWS["runtime/time"].append("runtime/chan")  # timers and tickers send into channels
ARROWS["runtime/context"] = ARROWS["runtime/sched"] + [
    f"runtime/{room}" for room in ("sched", "chan", "sync", "time")]
DETECTOR_CORE = [ABI] + [f"detector/{room}" for room in ("base", "state", "check", "record")]
ARROWS["detector/entry"] = DETECTOR_CORE
for room in ("intercept", "tsan"):
    ARROWS[f"detector/{room}"] = DETECTOR_CORE + ["detector/entry"]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def room_of(path):
    """The room that PATH belongs to, None where the arrows do not reach (tests, bench, docs).

    Each file at the plugin's root is a room: plugin.cpp stands above all others, Compat.h below.
    """
    parts = path.split("/")
    if parts[0] == "plugin":
        return "/".join(parts[:2])
    if parts[0] in ("runtime", "detector") and len(parts) > 2:
        return "/".join(parts[:2])
    return None


def includes(text):
    """(line number, quote, name) of each #include in TEXT.  Comments are no includes."""
    visible = sources.without_comments(text, keep_strings=True)
    for match in INCLUDE.finditer(visible):
        yield visible.count("\n", 0, match.start()) + 1, match.group(1), match.group(2)


def resolve(path, name, files):
    """The file of the tree that NAME means when PATH includes it, else None."""
    part = path.split("/")[0]
    places = [os.path.dirname(path), part, f"{part}/include", PUBLIC, ABI]
    for place in places:
        candidate = os.path.normpath(os.path.join(place, name))
        if candidate in files:
            return candidate
    return None


def allowed(room, target):
    if room == target:
        return True
    if room.startswith("plugin/"):
        return target.startswith("plugin/") or target == ABI
    return target in ARROWS.get(room, [])


def find_circle(arrows):
    """One circle in ARROWS (room -> set of rooms) as a list of rooms, or None."""
    done, trail = set(), []

    def visit(room):
        if room in trail:
            return trail[trail.index(room):] + [room]
        if room in done:
            return None
        trail.append(room)
        for target in sorted(arrows.get(room, ())):
            circle = visit(target)
            if circle:
                return circle
        trail.pop()
        done.add(room)
        return None

    for room in sorted(arrows):
        circle = visit(room)
        if circle:
            return circle
    return None


def check(top):
    """Every violation in the tree TOP, as lines of text."""
    problems, arrows = [], {}
    code = sources.code_files(top)
    files = set(code)
    for path in code:
        room = room_of(path)
        if room is None:
            continue
        if not room.startswith("plugin/") and room not in ARROWS:
            problems.append(f"{path}: room {room} is not in the table of check_layers.py")
            continue
        for line, quote, name in includes(sources.read(top, path)):
            where = f"{path}:{line}"
            if ".." in name.split("/"):
                problems.append(f"{where}: include \"{name}\" from the part's root, without ..")
                continue
            if name.endswith((".c", ".cpp")):
                problems.append(f"{where}: includes the source file {name}")
            target = resolve(path, name, files)
            if target is None:
                if quote == '"' and not room.startswith("plugin/"):
                    problems.append(f"{where}: \"{name}\" is nowhere in the tree")
                continue
            target_room = room_of(target)
            if not allowed(room, target_room):
                problems.append(f"{where}: {room} must not include {target_room} ({name})")
            elif target_room != room:
                arrows.setdefault(room, set()).add(target_room)
    circle = find_circle(arrows)
    if circle:
        problems.append("rooms in a circle: " + " -> ".join(circle))
    return problems


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) if found else "every include follows the arrows")
    sys.exit(1 if found else 0)
