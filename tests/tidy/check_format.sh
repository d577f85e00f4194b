#!/bin/sh
# The C and C++ sources are as clang-format writes them.
# usage: check_format.sh [--fix] CLANG_FORMAT
set -eu
mode='--dry-run -Werror'
if [ "$1" = --fix ]; then
  mode=-i
  shift
fi
cd "$(dirname "$0")/../.."
# No path of the tree has a blank or a newline in it; the tree's own may.
# shellcheck disable=SC2086
find runtime plugin detector tests bench docs \
  \( -name '*.c' -o -name '*.h' -o -name '*.cpp' \) -print0 | xargs -0 -r "$1" $mode
