#!/bin/sh
# Runs opt with goc's passes over one .ll file and holds the result against its CHECK lines.
# usage: run_opt.sh OPT FILECHECK PLUGIN FILE
#
# The file's line "; PASSES: …" says which passes.  What they make must also verify.
set -eu
opt=$1 filecheck=$2 plugin=$3 file=$4
passes=$(sed -n 's/^; PASSES: *//p' "$file")
if [ -z "$passes" ]; then
  echo "$file: no line '; PASSES: …'" >&2
  exit 1
fi
"$opt" -load-pass-plugin="$plugin" -passes="$passes,verify" -S "$file" |
  "$filecheck" --dump-input=fail "$file"
