#!/bin/sh
# Runs opt with goc's passes over one .ll file and holds the result against its CHECK lines.
# usage: run_opt.sh OPT FILECHECK PLUGIN FILE
#
# The file's line "; PASSES: …" says which passes, and "; OPTIONS: …", if it has one, what else
# opt is told.  What the passes make must also verify.
set -eu
opt=$1 filecheck=$2 plugin=$3 file=$4
passes=$(sed -n 's/^; PASSES: *//p' "$file")
if [ -z "$passes" ]; then
  echo "$file: no line '; PASSES: …'" >&2
  exit 1
fi
options=$(sed -n 's/^; OPTIONS: *//p' "$file")
# shellcheck disable=SC2086 # options are words
"$opt" -load-pass-plugin="$plugin" $options -passes="$passes,verify" -S "$file" |
  "$filecheck" --dump-input=fail "$file"
