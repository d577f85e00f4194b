#!/usr/bin/env python3
"""Rules of docs/style.md that a look at the text decides.

Usage: check_text.py TOP

Prints one line a violation and exits 1; a file that is merely long is a warning.  A line that
must break the rule on sleeping says why in a comment on it or above it: "tidy: sleep, because …".
"""
import os
import re
import sys

import settings
import sources

LINES_WARN = 500
LINES_MAX = 800
COLUMNS_MAX = 110  # clang-format leaves comments as they are

# (name, files it holds for, files it does not, what must not appear, what to do instead)
BANNED = [
    ("errno", r"^runtime/(?!include/|os/).*\.[chS]$", None, r"\berrno\b",
     "the value may be another thread's after a park; os/ converts to negative errno"),
    ("malloc", r"^detector/(base|state|check|record|entry)/", None,
     r"(?<![\w.>])(malloc|calloc|realloc|free|strdup|asprintf)\s*\(",
     "the detector must not use the program's heap"),
    ("raw atomics", r"^(runtime|detector)/.*\.[ch]$", r"/base/atomic\.h$|^runtime/include/",
     r"\b(__atomic_\w+|__sync_\w+|atomic_(load|store|fetch|exchange|compare|thread|signal)\w*"
     r"|_Atomic|stdatomic\.h)\b",
     "use base/atomic.h, which names the order"),
    ("volatile", r"^(runtime|detector)/.*\.[ch]$", r"/base/atomic\.h$|^runtime/include/|^detector/intercept/",
     r"\bvolatile\b(?!\s*(\(|goto\b))",
     "it orders nothing; use base/atomic.h"),
]

SLEEP = re.compile(r"\b(sleep|usleep|nanosleep|clock_nanosleep|thrd_sleep|goc_sleep)\s*\(")
SLEEP_EXCUSE = re.compile(r"tidy: sleep, because \S+")
# Split, so that this file and others may speak of them.
MACHINE_PATH = re.compile(r"/(wor" r"k|roo" r"t|hom" r"e|far" r"m)/\w")
REGISTRY_HOST = re.compile(r"registry\.npm" r"js|npm" r"js\.(com|org)")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")


def check_length(path, text):
    count = text.count("\n")
    if count > LINES_MAX:
        return [f"{path}: {count} lines; {LINES_MAX} is the limit"]
    if count > LINES_WARN:
        print(f"warning: {path}: {count} lines; is it still one subject?")
    return []


def check_columns(path, text):
    return [f"{path}:{number}: {len(line)} columns; {COLUMNS_MAX} is the limit"
            for number, line in enumerate(text.splitlines(), 1) if len(line) > COLUMNS_MAX]


def check_banned(path, text):
    problems = []
    visible = sources.without_comments(text)
    for name, holds, exempt, pattern, instead in BANNED:
        if not re.search(holds, path) or (exempt and re.search(exempt, path)):
            continue
        # An #include's name is blanked as a string only when quoted; <stdatomic.h> is seen.
        for match in re.finditer(pattern, visible):
            line = visible.count("\n", 0, match.start()) + 1
            problems.append(f"{path}:{line}: {name}: {match.group().strip()}: {instead}")
    return problems


def check_sleep(path, text):
    """No verdict of a test may hang on a sleep; docs/examples show programs, not verdicts."""
    if not path.startswith("tests/"):
        return []
    problems = []
    lines = text.split("\n")
    for number, line in enumerate(sources.without_comments(text).split("\n")):
        around = lines[max(0, number - 3):number + 1]
        if SLEEP.search(line) and not any(SLEEP_EXCUSE.search(near) for near in around):
            problems.append(f"{path}:{number + 1}: a sleep in a test: wait for the event, or say "
                            "\"tidy: sleep, because …\"")
    return problems


def check_words(path, text):
    problems = []
    for pattern, what in ((MACHINE_PATH, "a path of one machine"),
                          (REGISTRY_HOST, "a registry's host"),
                          (UNFINISHED, "unfinished work")):
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            problems.append(f"{path}:{line}: {what}: {match.group()}")
    return problems


def check_named_in_tests(top):
    """Every example, and every test source, is named by some test list (or globbed there)."""
    problems = []
    files = sources.walk(top)
    lists = {os.path.dirname(path): sources.read(top, path) for path in files
             if path.startswith("tests/") and path.endswith("CMakeLists.txt")}
    everything = "\n".join(lists.values())
    for path in files:
        stem = os.path.splitext(os.path.basename(path))[0]
        named = re.compile(rf"\b{re.escape(stem)}\b")
        if re.match(r"docs/examples/[^/]*\.c$", path) and not named.search(everything):
            problems.append(f"{path}: no test under tests/ names this example")
        if re.match(r"tests/.*\.(c|cpp|ll)$", path):
            own = [text for place, text in lists.items()
                   if (os.path.dirname(path) + "/").startswith(place + "/")]
            if not any(named.search(text) or "file(GLOB" in text for text in own):
                problems.append(f"{path}: no CMakeLists.txt at or above it names this test")
    return problems


QUOTED = re.compile(r"`([^`\n]+)`")
TREE_PATH = re.compile(r"(runtime|plugin|detector|tests|bench|docs|\.ci)/[\w./-]+$")
LINK = re.compile(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def check_prose(top):
    """Paths and links of the documents lead somewhere; the memory model names tests that are."""
    problems = []
    files = set(sources.walk(top))
    folders = {os.path.dirname(path) for path in files}
    folders |= {os.path.dirname(folder) for folder in folders}
    tests = "\n".join([path for path in files if path.startswith("tests/")]
                      + [sources.read(top, path) for path in files
                         if re.match(r"tests/programs/.*\.c$", path)])
    for document in sorted(path for path in files if path.endswith(".md")):
        text = sources.read(top, document)
        wanted = [(word, word) for word in QUOTED.findall(text) if TREE_PATH.match(word)]
        wanted += [(link, os.path.normpath(os.path.join(os.path.dirname(document), link)))
                   for link, _ in LINK.findall(text)]
        for word, path in wanted:
            if path.rstrip("/") not in files | folders:
                problems.append(f"{document}: {word} is not there")
        if document == "docs/memory-model.md":
            for row in text.splitlines():
                # The last two columns of a row name tests.
                for name in QUOTED.findall(" ".join(row.rstrip("| ").split(" | ")[-2:])):
                    if row.startswith("|") and re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name) \
                            and not re.search(rf"\b{name}\b", tests):
                        problems.append(f"{document}: there is no test {name}")
    return problems


def check(top):
    """Every violation in the tree TOP, as lines of text."""
    problems = []
    for path in sources.text_files(top):
        text = sources.read(top, path)
        problems += check_length(path, text) if not path.endswith(".md") else []
        problems += check_words(path, text)
        if path.endswith(sources.CODE_SUFFIXES):
            problems += check_banned(path, text) + check_sleep(path, text)
        if re.match(r"(runtime|detector)/.*\.[ch]$", path):
            problems += check_columns(path, text)
    return problems + settings.check(top) + check_prose(top) + check_named_in_tests(top)


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) if found else "the text rules hold")
    sys.exit(1 if found else 0)
