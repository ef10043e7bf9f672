#!/bin/sh
# Neither the order of the command line matters nor whether each host has a log of its own.
#
#   order.sh PROGRAM
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

chain=$root/fixtures/chains/mx1-hub-out/input
mx1=$chain/mx1/mail.log
hub=$chain/hub/maillog
out=$chain/out/mail.log

tables() {
    folder=$work/$1
    shift
    tell 0 -o "$folder" "$@"
}

# agree ONE OTHER TABLE…
agree() {
    one=$1
    other=$2
    shift 2
    for table; do
        same "$work/$one/$table.csv" "$work/$other/$table.csv" "$one, $other"
    done
}

begin 'three orders of three logs'
tables first "$mx1" "$hub" "$out"
tables second "$out" "$mx1" "$hub"
tables third "$hub" "$out" "$mx1"
[ "$(wc -l <"$work/first/stories.csv")" -gt 5 ] || complain 'there are hardly any stories'
agree first second stories deliveries hops events lines sources
agree first third stories deliveries hops events lines sources

begin 'a log named twice is read once'
tables twice "$mx1" "$hub" "$out" "$mx1"
agree first twice stories deliveries hops events lines sources
counts duplicate 0

begin 'the folder, and its logs one by one'
tables folder "$chain"
agree first folder stories deliveries hops

begin 'one central log of all hosts'
cat "$mx1" "$hub" "$out" | LC_ALL=C sort -s -k 3,3 >"$work/central.log"
tables central "$work/central.log"
agree first central stories deliveries hops

begin 'the central log, and the logs of the hosts beside it: each line counts once'
tables both "$work/central.log" "$mx1" "$hub" "$out"
agree first both stories deliveries hops
cp "$work/err" "$work/account"
tables central "$work/central.log"
once=$(account events)
cp "$work/account" "$work/err"
counts duplicate "$(($(account lines) / 2 - $(account noise) / 2 - $(account foreign) / 2 - \
    $(account broken) / 2))"
[ "$(account with)" -eq "$(account duplicate)" ] || complain 'not every line has its copy'
[ "$(grep -c '"duplicate: [^"]*:[0-9]*"' "$work/both/lines.csv")" -eq "$(account duplicate)" ] ||
    complain 'lines.csv does not list the copies'
[ "$(wc -l <"$work/both/events.csv")" -eq "$(wc -l <"$work/central/events.csv")" ] ||
    complain "events.csv has other events than the central log's $once"

finish
