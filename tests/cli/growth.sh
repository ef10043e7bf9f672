#!/bin/sh
# Time grows as a log does, whatever somebody made of it.
#
#   growth.sh PROGRAM
#
# Eight times the messages may take twenty times the processor's time, which leaves room for what a machine
# does beside; what grows as a square takes sixty times.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

measure=$(dirname "$program")/measure
few=4000
many=$((8 * few))

# Sets `took` to the microseconds that a log of this SHAPE takes, and `rows` to those of its table.
time_of() {
    awk -v shape="$1" -v n="$2" -f "$root/tests/cli/growth.awk" >"$work/log"
    "$measure" "$work/figures" "$program" --jobs 1 --year 2025 --timezone UTC "$work/log" >"$work/out" \
        2>"$work/err" || complain "reading $2 messages"
    took=$(awk '{ print $2; exit }' "$work/figures")
    rows=$(wc -l <"$work/out")
    counts broken 0
}

for shape in copies claims qmail-claims qmail-aliases qmail-ties sessions; do
    begin "$shape"
    time_of "$shape" $few
    short=$took
    time_of "$shape" $many
    [ "$rows" -gt $((many / 2)) ] || complain "$rows rows of $many messages"
    [ "$took" -le $((20 * short)) ] ||
        complain "$many messages take $took microseconds, $few of them $short"
done
finish
