#!/bin/sh
# The order and the grouping of the files must not matter: the same case, given in another shape,
# has the same stories, deliveries and hops, byte for byte.
#
#   reordered.sh PROGRAM CASE
#
# Shape 1: the logs are named one by one, in reverse order.
# Shape 2: every log is cut into up to ten parts, rotated and packed as logrotate does it: mail.log is
#          the newest, mail.log.9.gz the oldest.
set -eu

program=$1
case=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$case"
options=
[ ! -f options ] || options=$(cat options)
expected=$PWD/expected

# Runs the program over the logs after the first word, which names the shape.
run() {
    output=$work/$1
    shift
    # shellcheck disable=SC2086 # options are words
    "$program" --year 2026 --timezone UTC -o "$output" $options "$@" 2>"$work/account" || {
        cat "$work/account" >&2
        exit 1
    }
    for table in stories deliveries hops; do
        diff -u "$expected/$table.csv" "$output/$table.csv"
    done
}

# Cuts one log into parts. No two parts begin in the same second: that is what rotated files are
# ordered by.
rotate() {
    log=$1
    target=$2
    mkdir -p "$(dirname "$target")"
    awk -v target="$target" -v lines="$(wc -l <"$log")" '
        { stamp = substr($0, 1, 15) }
        NR == 1 { records = /^"/ } # of XMail: they may have several lines
        NR == 1 || (held >= lines / 10 && stamp != first && (!records || /^"/)) {
            part = sprintf("%s.part.%02d", target, count++)
            first = stamp
            held = 0
        }
        { held++; print >part }' "$log"

    set -- "$target".part.*
    age=$#
    for part; do
        age=$((age - 1))
        if [ "$age" -eq 0 ]; then
            mv "$part" "$target"
        else
            gzip -n <"$part" >"$target.$age.gz"
            rm "$part"
        fi
    done
}

# shellcheck disable=SC2046 # our fixtures have no blanks in their names
run reverse $(find input -type f | LC_ALL=C sort -r)

find input -type f >"$work/logs"
while IFS= read -r log; do
    case $log in
    */slog/*) # of XMail, one of each message: nobody rotates them
        mkdir -p "$work/rotated/${log%/*}"
        cp "$log" "$work/rotated/$log"
        ;;
    *) rotate "$log" "$work/rotated/$log" ;;
    esac
done <"$work/logs"
cd "$work/rotated"
run parts input
