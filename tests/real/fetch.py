#!/usr/bin/env python3
"""Fetch the C sources that tests/real runs: SQLite and LMDB, out of two npm packages.

Usage: fetch.py DIRECTORY

The packages are pinned by version and by the SHA-512 of their archives; npm fetches them from
wherever it is configured to.  DIRECTORY keeps the sources, so only the first run needs a
network.
"""
import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

# Package, version, SHA-512 of the archive, folder in it, files of that folder, folder here.
PACKAGES = [
    ("better-sqlite3", "12.4.1",
     "3yVdyZhklTiNrtg+4WqHpJpFDd+WHTg2oM7UcR80GqL05AOV0xEJzc6qNvFYoEtE+hRp1n9MpN6/+4yhlGkDXQ==",
     "package/deps/sqlite3", ["sqlite3.c", "sqlite3.h"], "sqlite"),
    # The package has two LMDBs; this is the released 0.9.29 that it reads old files with.
    ("lmdb", "3.4.2",
     "nwVGUfTBUwJKXd6lRV8pFNfnrCC1+l49ESJRM19t/tFb/97QfJEixe5DYRvug5JO7DSFKoKaVy7oGMt5rVqZvg==",
     "package/dependencies/lmdb-data-v1/libraries/liblmdb",
     ["mdb.c", "midl.c", "lmdb.h", "midl.h"], "lmdb"),
]


def fetch(package, version, directory):
    """Have npm put the archive of PACKAGE into DIRECTORY; return its path."""
    # npm's cache beside it: the home directory may not be ours to write to.
    environment = {**os.environ, "npm_config_cache": str(directory / "npm-cache"),
                   "npm_config_update_notifier": "false"}
    result = subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=directory,
                            env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"npm pack {package}@{version} failed:\n{result.stderr}")
    return directory / f"{package}-{version}.tgz"


def verify(archive, sha512):
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != sha512:
        archive.unlink()
        sys.exit(f"{archive.name}: its SHA-512 is {found}, not {sha512}")


def main():
    directory = pathlib.Path(sys.argv[1]).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    for package, version, sha512, inside, files, name in PACKAGES:
        target = directory / f"{name}-{version}"
        link = directory / name
        if not target.is_dir():
            if not shutil.which("npm"):
                sys.exit("npm is not installed: cannot fetch SQLite and LMDB")
            archive = fetch(package, version, directory)
            verify(archive, sha512)
            partial = directory / f"{name}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            with tarfile.open(archive) as tar:
                for file in files:
                    (partial / file).write_bytes(tar.extractfile(f"{inside}/{file}").read())
            partial.rename(target)
            archive.unlink()
        link.unlink(missing_ok=True)
        link.symlink_to(target.name)
        print(f"{package} {version}: {', '.join(files)}")


if __name__ == "__main__":
    main()
