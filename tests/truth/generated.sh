#!/bin/sh
# Small logs of every kind that tools/mklog makes: each delivery must be told as it happened.
#
#   generated.sh MKLOG PROGRAM
#
# Checked: no line is broken; every delivery has its outcome and its path, and there is no other; the
# same arguments give the same logs; the order in which logs are named does not count.
set -eu

mklog=$1
program=$2
here=$(cd "$(dirname "$0")" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# compare TRUTH DELIVERIES
compare() {
    awk -f "$here/../../tools/lib/csv.awk" -f "$here/generated.awk" "$1" "$2"
}

# check KIND [OPTION…]: a log of this kind is read right.
check() {
    rm -rf log
    "$mklog" "$@" --mb 1 --truth truth.csv -o log || {
        fail "mklog $*"
        return
    }
    "$program" --year 2025 --timezone UTC log >deliveries.csv 2>account || fail "reading $*"
    grep -q ' + 0 broken + ' account || fail "broken lines: $*"
    if compare truth.csv deliveries.csv >score; then
        echo "$*: $(cat score)"
    else
        fail "$*"
        cat score
    fi
}

# altered NAME SED-COMMAND: the comparison must see a change of the truth of the last check.
altered() {
    sed "$2" truth.csv >altered.csv
    cmp -s truth.csv altered.csv && fail "nothing to alter: $1"
    if compare altered.csv deliveries.csv >score; then
        fail "not seen: $1"
    fi
}

check postfix
check postfix --hosts 5 --rate 30 --relay 40
check postfix --long-ids --stamp rfc3339 --relay 30 --folders
check sendmail --relay 40
check qmail --folders
check qmail-splogger
check xmail --folders
check milter --relay 30
check chain
check chain --hosts 2 --stamp rfc3339 --relay 100 --rate 20 --start 2025-12-31
for kind in one-id one-message-id one-client one-session open recipients flood look-alike; do
    check "$kind"
done
check one-message-id --relay 40

check chain --seed 2
altered 'another outcome' '0,/,sent,/s//,bounced,/'
altered 'another path' '0,/^hub,/s//bub,/'
altered 'a row less' '0,/,rejected,/{/,rejected,/d}'
altered 'a row more' '0,/,rejected,/{/,rejected,/p}'

# Of the last check: its log again, another seed's, and its hosts named the other way round.
mv log first
"$mklog" chain --seed 2 --mb 1 --truth again.csv -o log
diff -r first log >differences || fail 'the same arguments gave other logs'
cmp truth.csv again.csv || fail 'the same arguments gave another truth'
"$mklog" chain --seed 3 --mb 1 -o other
diff -rq first other >differences && fail 'another seed gave the same logs'
# tell TABLES LOG…
tell() {
    tables=$1
    shift
    "$program" --year 2025 --timezone UTC -o "$tables" "$@" 2>account || fail "reading $*"
}
tell forward log/hub log/mx1 log/office log/relay log/store
tell backward log/store log/relay log/office log/mx1 log/hub
for table in stories deliveries hops; do
    cmp "forward/$table.csv" "backward/$table.csv" || fail "$table.csv depends on the order of logs"
done

[ "$failures" -eq 0 ]
