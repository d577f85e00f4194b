"""Others' sources that bench/race compiles: fetched when asked for, pinned, never kept in git.

LZ4, Zstandard and SQLite's speed test come out of Debian's source packages, through apt from
whatever mirror it is configured to; SQLite and LMDB themselves are those of tests/real.  Each
archive is pinned by name and SHA-256.  What was fetched stays in the build directory, so only
the first run needs a network.
"""
import collections
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

from measure import HERE

APT_HELPER = "/usr/lib/apt/apt-helper"

# Where under the mirror, SHA-256, and which members to keep; each is kept by its path below
# the archive's one top folder.
Archive = collections.namedtuple("Archive", "path sha256 members")
ARCHIVES = {
    "lz4": Archive("pool/main/l/lz4/lz4_1.9.4.orig.tar.gz",
                   "0b0e3aa07c8c063ddf40b082bdf7e37a1562bda40a0ff5272957f3e987e0e54b",
                   r"lib/lz4\.[ch]"),
    "zstd": Archive("pool/main/libz/libzstd/libzstd_1.5.4+dfsg2.orig.tar.xz",
                    "8cf4bbb65e77ec348d052c8d6230eba66d435bddf64c8b5be2fcb16880c19953",
                    r"lib/(common|compress|decompress)/\w+\.[ch]|lib/zstd(_errors)?\.h"),
    "speedtest": Archive("pool/main/s/sqlite3/sqlite3_3.40.1.orig.tar.xz",
                         "aaa776260ab4dc976db34aa7891819484c8676b5b2783123ebc6301e2ca5d655",
                         r"test/speedtest1\.c"),
}
FROM_TESTS = {"sqlite", "lmdb"}  # tests/real/fetch.py has their pins


class Missing(Exception):
    """Why a source cannot be had, in one line."""


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"


def debian_mirrors():
    """The mirrors that this machine's apt takes Debian from."""
    shown = subprocess.run(["apt-get", "indextargets", "Label: Debian", "--format", "$(REPO_URI)"],
                           capture_output=True, text=True)
    return sorted(set(shown.stdout.split()))


def download(archive, target):
    """Have apt put ARCHIVE at TARGET, from the first mirror that has it, and verify it."""
    if not pathlib.Path(APT_HELPER).exists():
        raise Missing("apt is not installed: no Debian source packages")
    mirrors = debian_mirrors()
    if not mirrors:
        raise Missing("apt knows no Debian mirror (apt-get update would tell it)")
    why = ""
    for mirror in mirrors:
        got = subprocess.run([APT_HELPER, "download-file", f"{mirror.rstrip('/')}/{archive.path}",
                              str(target)], capture_output=True, text=True)
        if got.returncode == 0 and target.exists():
            break
        why = last_line(got.stdout + got.stderr)
    else:
        raise Missing(f"{target.name} cannot be fetched: {why}")
    found = hashlib.sha256(target.read_bytes()).hexdigest()
    if found != archive.sha256:
        target.unlink()
        raise Missing(f"{target.name}: its SHA-256 is {found}, not {archive.sha256}")


def unpack(archive, packed, folder):
    with tarfile.open(packed) as tar:
        for member in tar:
            inside = member.name.partition("/")[2]
            if member.isfile() and re.fullmatch(archive.members, inside):
                (folder / inside).parent.mkdir(parents=True, exist_ok=True)
                (folder / inside).write_bytes(tar.extractfile(member).read())


def from_debian(name, build):
    archive = ARCHIVES[name]
    top = build / "bench-sources"
    target = top / f"{name}-{archive.sha256[:12]}"
    if not target.is_dir():
        top.mkdir(parents=True, exist_ok=True)
        packed = top / pathlib.PurePosixPath(archive.path).name
        download(archive, packed)
        partial = top / f"{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        unpack(archive, packed, partial)
        partial.rename(target)
        packed.unlink()
    return target


def from_tests(name, build):
    """Where tests/real keeps NAME, having fetched it there if it must."""
    real = build / "real"
    if not (real / name).is_dir():
        got = subprocess.run([sys.executable, str(HERE.parent / "tests/real/fetch.py"), str(real)],
                             capture_output=True, text=True)
        if got.returncode != 0:
            raise Missing(last_line(got.stderr))
    return (real / name).resolve()


def sources(name, build):
    """The folder of NAME's sources; raises Missing with a line that says why it is not there."""
    return from_tests(name, build) if name in FROM_TESTS else from_debian(name, build)
