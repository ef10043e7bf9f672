#!/bin/sh
# preset.sh PRESET - configures, builds and tests one preset
#
# Quiet where all is well: the build speaks only if it fails, then CTest lists every test. The last
# line counts them: `N passed, N failed`.
set -eu
cd "$(dirname "$0")/../.."

preset=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM

# A build folder that was made from another place, or was broken, is made anew.
cmake --preset "$preset" >"$log" 2>&1 || cmake --fresh --preset "$preset" >"$log" 2>&1 || {
    cat "$log"
    exit 1
}
cmake --build --preset "$preset" -j "$(nproc)" >"$log" 2>&1 || {
    cat "$log"
    exit 1
}

status=0
ctest --preset "$preset" -j "$(nproc)" </dev/null >"$log" 2>&1 || status=$?
cat "$log"
awk -v preset="$preset" '
/^ *[0-9]+\/[0-9]+ Test +#/ {
    if (/\*\*\*Skipped/) skipped++
    else if (/ Passed /) passed++
    else failed++
}
END { printf "%s: %d passed, %d failed, %d skipped\n", preset, passed, failed, skipped }' "$log"
exit "$status"
