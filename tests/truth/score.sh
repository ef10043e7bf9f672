#!/bin/sh
# Compares the tables of one case with what is known to have happened, from outside the logs.
#
#   score.sh PROGRAM CASE
#
# CASE/truth.csv has the columns message,what,name,value. For `hop`, name and value are a host and a
# queue ID on it; for `recipient`, an address as injected and what became of it. Checked:
#   - all hops of a message are in one story;
#   - no story has hops of two messages;
#   - every recipient has rows in that story, and all of them say what became of it.
set -eu

program=$1
case=$2
here=$(dirname "$0")

tables=$(mktemp -d)
trap 'rm -rf "$tables"' EXIT INT TERM
cd "$case"
"$program" --year 2026 --timezone UTC -o "$tables" input 2>"$tables/account" || {
    cat "$tables/account" >&2
    exit 1
}
cd "$OLDPWD"
awk -f "$here/../../tools/lib/csv.awk" -f "$here/score.awk" "$tables/hops.csv" "$tables/deliveries.csv" "$case/truth.csv"
