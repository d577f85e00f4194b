#!/bin/sh
# refuses_gcc.sh LIBGOC_TSAN LIBGOC_RACE: gcc's libtsan is told apart at start.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
echo 'int main(void) { return 0; }' > "$work/empty.c"
if ! gcc -fsanitize=thread "$work/empty.c" -o "$work/empty" 2> "$work/said"; then
    echo "gcc has no -fsanitize=thread here: $(cat "$work/said")"
    exit 77
fi
gcc -fsanitize=thread "$work/empty.c" -o "$work/with" -Wl,--whole-archive "$1" \
    -Wl,--no-whole-archive "$2" || exit 1
said=$("$work/with" 2>&1)
status=$?
echo "$said (status $status)"
[ "$status" -eq 2 ] && case $said in *"gcc's libtsan"*) exit 0 ;; esac
exit 1
