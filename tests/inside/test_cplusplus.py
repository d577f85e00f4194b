#!/usr/bin/env python3
"""C++ includes the headers and links: with goc-cc, with clang++, and with g++ where it is."""
import argparse
import pathlib
import shutil
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--clang", required=True)
    parser.add_argument("source", type=pathlib.Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    root = options.bin.parent
    strict = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-O1"]
    plain = [f"-I{root / 'include'}", str(options.source), str(root / "lib/goc/libgoc.a"),
             "-pthread"]
    ways = {"goc-cc": [options.bin / "goc-cc", *strict, str(options.source), "-lstdc++"],
            "goc-cc -race": [options.bin / "goc-cc", "-race", *strict, str(options.source),
                             "-lstdc++"],
            "clang++": [options.clang, *strict, *plain]}
    if shutil.which("g++"):
        ways["g++"] = ["g++", *strict, *plain]
    else:
        print("g++ is not installed: it is left out")
    for name, command in ways.items():
        program = options.work / name.replace(" ", "")
        subprocess.run([*command, "-o", program], check=True)
        done = subprocess.run([program], capture_output=True, text=True)
        # 0 to 9 without 3, which is an exception of five letters.
        if (done.returncode, done.stdout) != (0, "37 10\n7\n"):
            print(f"{name}: status {done.returncode}, {done.stdout!r}\n{done.stderr}")
            sys.exit(1)
    print(f"C++ is at home: {', '.join(ways)}")


if __name__ == "__main__":
    main()
