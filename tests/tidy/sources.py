"""The files of the tree that the tidy checks read, and C text without comments."""
import os
import re

CODE_SUFFIXES = (".c", ".h", ".cpp", ".S", ".def", ".inc")
TEXT_SUFFIXES = CODE_SUFFIXES + (".py", ".sh", ".md", ".txt", ".cmake", ".ll", ".go", ".in", ".trace")
TEXT_NAMES = ("dev", "run", ".clang-format", ".clang-tidy", ".gitignore")
PARTS = ("runtime", "plugin", "detector", "tests", "bench", "docs", ".ci")


def walk(top):
    """Every file of the project below TOP, as sorted paths relative to it; build trees are not."""
    found = [name for name in os.listdir(top) if os.path.isfile(os.path.join(top, name))]
    for part in PARTS:
        for directory, below, names in os.walk(os.path.join(top, part)):
            below[:] = [name for name in below if name != "__pycache__"]
            found += [os.path.relpath(os.path.join(directory, name), top) for name in names]
    return sorted(found)


def code_files(top):
    return [path for path in walk(top) if path.endswith(CODE_SUFFIXES)]


def text_files(top):
    return [path for path in walk(top)
            if path.endswith(TEXT_SUFFIXES) or os.path.basename(path) in TEXT_NAMES]


def read(top, path):
    with open(os.path.join(top, path), encoding="utf-8") as file:
        return file.read()


COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def without_comments(text, keep_strings=False):
    """TEXT with comments and (unless told) the insides of strings blanked, line by line."""
    def blank(match):
        found = match.group()
        if found.startswith("/"):
            return re.sub(r"[^\n]", " ", found)
        return found if keep_strings else found[0] + " " * (len(found) - 2) + found[-1]
    return COMMENT_OR_STRING.sub(blank, text)
