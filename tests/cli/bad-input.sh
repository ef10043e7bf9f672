#!/bin/sh
# What cannot be read is named, what can be is used: missing, closed, empty, damaged and hostile logs.
#
#   bad-input.sh PROGRAM
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

write_log 2000 >"$work/good.log"
gzip -n <"$work/good.log" >"$work/whole.gz"
packed=$(wc -c <"$work/whole.gz")

# rows NUMBER: of the deliveries table, without its head.
rows() {
    [ "$(($(wc -l <"$work/out") - 1))" -eq "$1" ] || complain "$(wc -l <"$work/out") rows, not $1"
}

begin 'a log that is not there'
tell 1 "$work/none.log" "$work/good.log"
says "$work/none.log" 'No such file'
rows 2000

begin 'a log that is named by --read alone'
tell 0 --read "postfix@mx1=$work/good.log"
rows 2000

begin 'a log that may not be read'
if [ "$(id -u)" -eq 0 ]; then
    echo "skipped: $name: root may read everything"
else
    cp "$work/good.log" "$work/closed.log"
    chmod 000 "$work/closed.log"
    tell 1 "$work/closed.log" "$work/good.log"
    says "$work/closed.log" 'Permission denied'
    rows 2000
fi

begin 'a folder without logs'
mkdir -p "$work/empty"
tell 0 "$work/empty"
says 'no line of a known mail system'
rows 0

begin 'an empty log, plain and packed'
: >"$work/nothing.log"
gzip -n <"$work/nothing.log" >"$work/nothing.gz"
tell 0 "$work/nothing.log" "$work/nothing.gz"
rows 0
counts lines 0

# --- packed logs: all that stands before the break is used

# A break: the exit status is 1, the file and the place are named, some rows are there.
breaks() {
    tell 1 "$1"
    says "$1" 'at byte'
    [ "$(wc -l <"$work/out")" -gt "$2" ] || complain "only $(wc -l <"$work/out") lines of output"
    [ "$(wc -l <"$work/out")" -le 2001 ] || complain 'more rows than messages'
}

begin 'a packed log that is cut off'
head -c "$((packed / 2))" "$work/whole.gz" >"$work/cut.gz"
breaks "$work/cut.gz" 500

begin 'a packed log that is cut in its last bytes'
head -c "$((packed - 4))" "$work/whole.gz" >"$work/short.gz"
breaks "$work/short.gz" 2000

begin 'a packed log that is damaged'
{
    head -c "$((packed / 2))" "$work/whole.gz"
    printf 'DAMAGE, DAMAGE, DAMAGE'
    tail -c "+$((packed / 2 + 23))" "$work/whole.gz"
} >"$work/damaged.gz"
breaks "$work/damaged.gz" 100

begin 'a packed log with a wrong checksum'
{
    head -c "$((packed - 8))" "$work/whole.gz"
    printf '\001\002\003\004'
    tail -c 4 "$work/whole.gz"
} >"$work/checksum.gz"
breaks "$work/checksum.gz" 2000

begin 'a packed log with something else behind it'
{
    cat "$work/whole.gz"
    echo 'this is no packed text'
} >"$work/trailed.gz"
breaks "$work/trailed.gz" 2000

begin 'a broken log does not keep the others from being read'
tell 1 "$work/cut.gz" "$root/fixtures/postfix/three-fates/input"
grep -q 'three-fates\|x-fate\|mx1' "$work/out" || complain 'the other log is not in the table'

begin 'with -o the break is a note in sources.csv'
tell 1 -o "$work/tables" "$work/cut.gz"
grep -q 'at byte' "$work/tables/sources.csv" || complain 'sources.csv has no note'

# --- hostile bytes: counted, never fatal

begin 'bytes that are no log'
tail -c +1000 "$program" | head -c 3000000 >"$work/bytes.log"
tell 0 "$work/bytes.log"
[ "$(account lines)" -gt 0 ] || complain 'no lines'
[ "$(account broken)" -gt 0 ] || complain 'none of them broken'

begin 'NULs in a line, and a line of NULs'
{
    head -n 5 "$work/good.log"
    printf '2026-05-11T10:00:00Z mx1 postfix/smtp[1]: A\0B\0: to=<\0>, status=sent (ok)\n'
    printf '\0\0\0\0\n'
    tail -n 5 "$work/good.log"
} >"$work/nuls.log"
tell 0 "$work/nuls.log"
counts lines 12
rows 2

begin 'a megabyte of NULs without a line end'
head -c 1000000 /dev/zero >"$work/zeros.log"
tell 0 "$work/zeros.log"
counts lines 1
counts broken 1

begin 'bytes that are no UTF-8'
printf '%s postfix/smtp[1]: A00001: to=<b\377\376b@example.net>, relay=mx\300[192.0.2.9]:25, %s\n' \
    '2026-05-11T10:00:00Z mx1' 'delay=1, dsn=2.0.0, status=sent (250 \200 ok)' >"$work/latin.log"
tell 0 "$work/latin.log"
rows 1
grep -qF 'b\xff\xfeb@example.net' "$work/out" || complain 'the bytes are not escaped'

begin 'a file whose name would turn a terminal upside down'
odd=$(printf 'no\033[31msuch\nlog\302\233\377')
tell 1 "$work/good.log" "$work/$odd"
says 'no\x1b[31msuch\x0alog\xc2\x9b\xff'
[ "$(LC_ALL=C tr -d '[:print:]\n' <"$work/err" | wc -c)" -eq 0 ] || complain 'bytes that act'

begin 'an option that would'
tell 2 "$(printf -- '--no\033[31msuch')"
says '\x1b[31msuch'

begin 'a line of 20 MB between two messages'
{
    head -n 5 "$work/good.log"
    head -c 20000000 /dev/zero | tr '\0' x
    echo
    tail -n 5 "$work/good.log"
} >"$work/long.log"
tell 0 "$work/long.log"
counts lines 11
counts broken 1
rows 2

begin '--strict takes a broken line for a failure'
tell 1 --strict "$work/long.log"
says 'broken'
rows 2

begin '--strict is content with a good log'
tell 0 --strict "$work/good.log"

finish
