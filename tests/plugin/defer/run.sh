#!/bin/sh
# goc_defer: its errors, what goc-rewrite makes of it, and what is missing without the plugin.
# usage: run.sh BUILD FILECHECK CLANG WORK HERE
set -eu
build=$1 filecheck=$2 clang=$3 work=$4 here=$5
mkdir -p "$work"

if "$build/bin/goc-cc" -fsyntax-only "$here/bad.c" 2>"$work/errors"; then
  echo "bad.c compiles" >&2
  exit 1
fi
"$filecheck" --dump-input=fail "$here/bad.c" <"$work/errors"

# Lowered by the plugin and rewritten for a plain compiler: the same.
"$build/bin/goc-cc" -O1 "$here/plain.c" -o "$work/lowered"
"$work/lowered" | "$filecheck" --dump-input=fail "$here/plain.c"
"$build/bin/goc-rewrite" "$here/plain.c" >"$work/rewritten.c"
for cc in "$clang" gcc; do
  "$cc" -O2 -Wall -Wextra -Wno-unused-function -Werror -I"$build/include" -c \
    "$work/rewritten.c" -o "$work/rewritten.o"
  "$build/bin/goc-cc" "$work/rewritten.o" -o "$work/rewritten"
  "$work/rewritten" | "$filecheck" --dump-input=fail "$here/plain.c"
done

# Without the plugin it compiles, and the symbol that the linker misses says why.
"$clang" -I"$build/include" -c "$here/plain.c" -o "$work/bare.o"
if "$build/bin/goc-cc" "$work/bare.o" -o "$work/bare" 2>"$work/errors"; then
  echo "plain.c links without the plugin" >&2
  exit 1
fi
grep -q goc_defer_needs_the_goc_plugin "$work/errors"
