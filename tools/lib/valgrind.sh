#!/bin/sh
# valgrind.sh - memcheck over the unit tests and over the program on every fixture
set -eu
cd "$(dirname "$0")/../.."

log=$(mktemp)
output=$(mktemp -d)
trap 'rm -rf "$log" "$output"' EXIT INT TERM

build() {
    cmake --preset dev && cmake --build --preset dev -j "$(nproc)"
}

build >"$log" 2>&1 || {
    cat "$log"
    exit 1
}

# GLib 2.74 has its own allocator for small blocks; this turns it off.
export G_SLICE=always-malloc
passed=0
failed=0

memcheck() {
    name=$1
    shift
    if valgrind -q --error-exitcode=99 --leak-check=full \
        --errors-for-leak-kinds=definite,indirect "$@" </dev/null >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        echo "FAILED under valgrind: $name"
        tail -40 "$log"
        failed=$((failed + 1))
    fi
}

for test in build/dev/tests/test_*; do
    memcheck "$test" "$test"
done

for input in fixtures/*/*/input; do
    memcheck "$input" build/dev/mailstory --year 2026 --timezone UTC -o "$output/tables" "$input"
    rm -rf "$output/tables"
done

echo "valgrind: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
