#!/bin/sh
# Output that cannot be written is a failure, unless its reader went away; tables are all new or all
# old.
#
#   output.sh PROGRAM
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

tables='deliveries.csv events.csv hops.csv lines.csv sources.csv stories.csv'
write_log 5000 >"$work/a.log"

# Nothing but the six tables is in the folder.
only_tables() {
    [ "$(cd "$1" && find . -mindepth 1 | sed 's,^\./,,' | LC_ALL=C sort | tr '\n' ' ')" = "$tables " ] ||
        complain "the folder holds $(ls -A "$1")"
}

# fails COMMAND…: with exit status 1, and a line that says why.
fails() {
    status=0
    "$@" 2>"$work/err" || status=$?
    [ "$status" -eq 1 ] || complain "exit status $status, not 1"
    says 'cannot'
}

# shellcheck disable=SC2016 # the inner shell expands them
into_full() {
    fails sh -c '"$0" "$@" >/dev/full' "$program" "$@"
}

# shellcheck disable=SC2016 # the inner shell expands them
into_nothing() {
    fails sh -c '"$0" "$@" >&-' "$program" "$@"
}

begin 'a full disk'
if [ -c /dev/full ]; then
    into_full "$work/a.log"
    into_full --version
    into_full formats
else
    echo "skipped: $name: there is no /dev/full"
fi

begin 'a standard output that is closed'
into_nothing "$work/a.log"
into_nothing --version

begin 'standard streams that are closed: nothing gets into the tables that is none of theirs'
run 1 -o "$work/open" "$work/a.log" "$work/none.log"
status=0
"$program" -o "$work/closed" "$work/a.log" "$work/none.log" <&- >&- 2>&- || status=$?
[ "$status" -eq 1 ] || complain "exit status $status, not 1"
for table in $tables; do
    same "$work/open/$table" "$work/closed/$table" 'something was printed into it'
done

begin 'a reader that goes away'
{
    status=0
    "$program" "$work/a.log" 2>"$work/err" || status=$?
    echo "$status" >"$work/status"
} | head -n 1 >"$work/out"
[ "$(cat "$work/status")" -eq 0 ] || complain "exit status $(cat "$work/status")"
[ ! -s "$work/err" ] || complain 'it says something'
[ "$(wc -l <"$work/out")" -eq 1 ] || complain 'the reader got nothing'

begin 'a folder that is made, with its parents'
run 0 -o "$work/new" "$work/a.log"
[ ! -s "$work/out" ] || complain 'there is something on the standard output'
only_tables "$work/new"

begin 'a folder that is a file'
run 1 -o "$work/a.log" "$work/a.log"
says "$work/a.log"

begin 'a folder inside a file'
run 1 -o "$work/a.log/tables" "$work/a.log"
says "$work/a.log/tables"

begin 'a folder in which nothing can be made'
run 1 -o /proc "$work/a.log"
says /proc

begin 'a second run replaces the tables'
head -n 5 "$work/a.log" >"$work/b.log"
run 0 -o "$work/new" "$work/b.log"
only_tables "$work/new"
[ "$(wc -l <"$work/new/stories.csv")" -eq 2 ] || complain 'they are old ones'

begin 'a run that fails leaves the old tables, and nothing else'
cp -r "$work/new" "$work/before"
# shellcheck disable=SC2016 # the inner shell expands them
fails sh -c 'trap "" XFSZ; ulimit -f 64; exec "$0" -o "$1" "$2"' "$program" "$work/new" "$work/a.log"
only_tables "$work/new"
for table in $tables; do
    same "$work/before/$table" "$work/new/$table" 'a failed run has changed it'
done

begin 'a run with a wrong option leaves them too'
run 2 -o "$work/new" --window nonsense "$work/a.log"
only_tables "$work/new"
same "$work/before/stories.csv" "$work/new/stories.csv" 'a failed run has changed it'

begin 'the deliveries are the same on the standard output and in the folder'
run 0 "$work/a.log"
cp "$work/out" "$work/deliveries.csv"
run 0 -o "$work/new" "$work/a.log"
same "$work/deliveries.csv" "$work/new/deliveries.csv" '-o changes it'

finish
