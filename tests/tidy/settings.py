"""What a user can set: what the code reads, the documents tell and a test has tried, and no more.

Keys stand in the two tables below; variables are those that some getenv asks for.
"""
import os
import re

import sources

TABLES = {  # where a knob's table stands: the variable that sets it
    "runtime/base/knobs.def": "GOC_DEBUG",
    "detector/base/flags.def": "GOC_RACE",
}
# NAME(key, default
ENTRY = re.compile(r"^[ \t]*[A-Z_]*(?:KNOB|FLAG|OPTION)\w*\(\s*\"?(\w+)(?:,\s*\"?([^,\"]*))?",
                   re.MULTILINE)
# | `key` | default |, below a heading that is the variable
SECTION = r"(?ms)^## {variable}\n(.*?)(?=^## |\Z)"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*?) ?\|", re.MULTILINE)
# VARIABLE=key and VARIABLE="key=value key=value"; "key" is what a description calls them all.
SETTING = re.compile(r"\b(GOC_DEBUG|GOC_RACE)=(?:\"([^\"\n]*)|([a-z_]+))")
ANY_KEY = "key"
READS = re.compile(r"\b(?:getenv|variable)\((?:[^()\"]*, )?\"([A-Z_]+)=?\"")
OURS = re.compile(r"\bGOC_[A-Z_]+\b")
PRODUCT = ("runtime/", "detector/", "plugin/")


def entries(top, path):
    """{key: default} of a table; a default that is no literal is None."""
    if not os.path.exists(os.path.join(top, path)):
        return {}
    text = sources.without_comments(sources.read(top, path), keep_strings=True)
    return {key: None if re.match("[A-Z]", default) else default
            for key, default in ENTRY.findall(text)}


def tried(tests, variable, key):
    """Some test sets KEY where it speaks of VARIABLE."""
    setting = re.compile(rf"\b{key}=[^\s\"']")
    return any(variable in text and setting.search(text) for text in tests)


def check_table(path, keys, prose, tests):
    problems = []
    variable = TABLES[path]
    for key in keys:
        if not re.search(rf"`{re.escape(key)}(=[^`]*)?`", prose):
            problems.append(f"{path}: {variable} key {key} is in no document (as `{key}=…`)")
        if not tried(tests, variable, key):
            problems.append(f"{path}: {variable} key {key} is set by no test ({key}=…)")
    for section in re.findall(SECTION.format(variable=variable), prose):
        for key, default in ROW.findall(section):
            if key not in keys:
                problems.append(f"the table of {variable} has {key}, which {path} has not")
            elif keys[key] is not None and keys[key] != default.strip():
                problems.append(f"the table of {variable} says {default} of {key}, "
                                f"{path} says {keys[key]}")
    return problems


def check_spelled(path, text, tables):
    """Every setting that PATH spells out is one."""
    problems = []
    for match in SETTING.finditer(text):
        variable, quoted, bare = match.groups()
        keys = re.findall(r"(?:^|[\s,:])([a-z_]+)=", quoted) if quoted else [bare] if bare else []
        for key in keys:
            if key != ANY_KEY and key not in tables[variable]:
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{path}:{line}: {variable} has no key {key}")
    return problems


def check_variables(texts, prose, tests):
    """TEXTS: {path: text} of all files that are no documents."""
    problems = []
    product = {path: text for path, text in texts.items()
               if path.startswith(PRODUCT) and path.endswith(sources.CODE_SUFFIXES)}
    read = {name: path for path, text in product.items()
            for name in READS.findall(sources.without_comments(text, keep_strings=True))}
    for name, path in sorted(read.items()):
        if not re.search(rf"\b{name}\b", prose):
            problems.append(f"{path}: the variable {name} is in no document")
        if not any(re.search(rf"\b{name}\b", text) for text in tests):
            problems.append(f"{path}: the variable {name} is in no test")
    known = set(read)
    for path, text in texts.items():
        code = sources.without_comments(text) if path in product else text
        known.update(OURS.findall(code))
    for name in sorted(set(OURS.findall(prose)) - known):
        problems.append(f"documents name {name}, which nothing reads or defines")
    for path, text in product.items():
        visible = sources.without_comments(text, keep_strings=True)
        for name in sorted(set(OURS.findall(visible)) - known):
            problems.append(f"{path}: a message names {name}, which nothing reads or defines")
    return problems


def check(top):
    paths = sources.text_files(top)
    texts = {path: sources.read(top, path) for path in paths if not path.endswith(".md")}
    prose = "\n".join(sources.read(top, path) for path in paths if path.endswith(".md"))
    tests = [text for path, text in texts.items()
             if path.startswith("tests/") and not path.startswith("tests/tidy/")]
    tables = {variable: entries(top, path) for path, variable in TABLES.items()}
    problems = check_variables(texts, prose, tests)
    for path, variable in TABLES.items():
        problems += check_table(path, tables[variable], prose, tests)
    for path in paths:
        if not path.startswith("tests/"):  # which also set what is none
            problems += check_spelled(path, sources.read(top, path), tables)
    return problems
