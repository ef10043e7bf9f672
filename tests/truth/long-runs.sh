#!/bin/sh
# Scores the program on long real runs, where they are: they are too big to be part of this project.
#
# A collection of runs is a folder with logs/RUN/logs, logs/RUN/truth.jsonl and tools/score.py. It is
# looked for beside this project, or MST_LONG_RUNS names it. Without one this says so and passes.
# The figures are for people to read; only a run that fails is a failure.
set -eu
cd "$(dirname "$0")/../.."

for runs in ${MST_LONG_RUNS-} ../*; do
    [ ! -f "$runs/tools/score.py" ] || break
done
if [ ! -f "$runs/tools/score.py" ] || ! command -v python3 >/dev/null; then
    echo 'SKIPPED: needs a collection of long runs beside this folder, and python3'
    exit 0
fi

tools/lib/build-release.sh
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT INT TERM
for truth in "$runs"/logs/*/truth.jsonl; do
    run=${truth%/truth.jsonl}
    echo "== ${run##*/}"
    build/release/mailstory --year 2026 --timezone UTC -o "$output" "$run/logs" \
        2>"$output/account" || {
        cat "$output/account"
        exit 1
    }
    python3 "$runs/tools/score.py" "$truth" "$output"
done
