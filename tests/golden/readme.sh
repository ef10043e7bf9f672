#!/bin/sh
# The example in README.md is true: its log gives its table.
#
#   readme.sh PROGRAM README
set -eu
program=$1
readme=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/mailstory-readme.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The fenced block behind the mark `<!-- example: NAME -->`.
block() {
    awk -v mark="<!-- example: $1 -->" '
        $0 == mark { seen = 1; next }
        seen && /^```/ { if (inside) exit; inside = 1; next }
        inside { print }' "$readme"
}

block log >"$work/mail.log"
block csv >"$work/expected.csv"
"$program" --year 2025 --timezone UTC "$work/mail.log" >"$work/actual.csv" 2>/dev/null
if [ "${BLESS-}" = 1 ]; then
    awk -v mark='<!-- example: csv -->' -v table="$work/actual.csv" '
        seen && /^```/ && inside { inside = seen = 0 }
        inside { next }
        { print }
        $0 == mark { seen = 1; next }
        seen && /^```/ { inside = 1; while ((getline line < table) > 0) print line }' \
        "$readme" >"$work/readme"
    cat "$work/readme" >"$readme"
else
    diff -u "$work/expected.csv" "$work/actual.csv"
fi
