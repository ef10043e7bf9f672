#!/bin/sh
# Runs the program over one case and compares its tables with those expected.
#
#   run.sh PROGRAM CASE          BLESS=1 rewrites what is expected
#
# The number of threads must not matter: the case is run by one, by two and by four.
#
# CASE/input holds the logs, a folder for each host; CASE/options, if it is there, holds further
# options, one word a line. Paths in the tables are relative to the case.
set -eu

program=$1
case=$2
tables='stories deliveries hops events lines sources'

actual=$(mktemp -d)
trap 'rm -rf "$actual"' EXIT INT TERM
cd "$case"
options=
[ ! -f options ] || options=$(cat options)

run() {
    # shellcheck disable=SC2086 # options are words
    "$program" --year 2026 --timezone UTC --jobs "$1" -o "$actual" $options input \
        2>"$actual/account" || {
        status=$?
        cat "$actual/account" >&2
        exit "$status"
    }
}

if [ "${BLESS-}" = 1 ]; then
    run 1
    mkdir -p expected
    for table in $tables; do
        cp "$actual/$table.csv" "expected/$table.csv"
    done
    exit 0
fi

status=0
for jobs in 1 2 4; do
    run $jobs
    for table in $tables; do
        diff -u "expected/$table.csv" "$actual/$table.csv" || status=1
    done
done
exit "$status"
