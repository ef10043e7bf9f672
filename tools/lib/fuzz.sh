#!/bin/sh
# fuzz.sh SECONDS - runs each fuzz target for so long, beginning with the lines of all fixtures
#
# What a target found stays in build/fuzz/findings, one file each: give it to the target's replay in
# build/asan/tests to see it again.
set -eu
cd "$(dirname "$0")/../.."

seconds=$1
tools_log=$(mktemp)
trap 'rm -f "$tools_log"' EXIT INT TERM
for action in '--preset fuzz' "--build --preset fuzz -j $(nproc)"; do
    # shellcheck disable=SC2086 # options are words
    cmake $action >"$tools_log" 2>&1 || {
        cat "$tools_log"
        exit 1
    }
done

seeds=build/fuzz/seeds
findings=build/fuzz/findings
mkdir -p "$seeds" "$findings"
find fixtures -path '*/input/*' -type f | while IFS= read -r log; do
    split -l 20 -a 4 -d "$log" "$seeds/$(echo "$log" | tr / _)."
done

status=0
passed=0
for target in build/fuzz/tests/fuzz_*; do
    [ -f "$target" ] || continue
    name=$(basename "$target")
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    if "$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$findings/$name-" \
        "$corpus" "$seeds" </dev/null >"$tools_log" 2>&1; then
        passed=$((passed + 1))
        awk -v name="$name" '/number_of_executed_units/ { runs = $NF }
            END { printf "%s: %d inputs\n", name, runs }' "$tools_log"
    else
        echo "FAILED: $name"
        tail -60 "$tools_log"
        status=1
    fi
done
[ "$passed" -gt 0 ] || {
    echo 'no fuzz target was built'
    exit 1
}
exit "$status"
