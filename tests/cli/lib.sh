# shellcheck shell=sh disable=SC2034 # what is set here is for whoever reads this in
# lib.sh - what the tests of the command line share; read in with `.`, the program in $1
#
# A case begins with `begin NAME`. What goes wrong in it is said at once, and the other cases run all
# the same; `finish` gives the exit status.
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
failures=0
name=

begin() {
    name=$1
    : >"$work/out"
    : >"$work/err"
}

complain() {
    echo "FAILED: $name: $*"
    head -n 5 "$work/err" | sed 's/^/    standard error: /'
    failures=$((failures + 1))
}

finish() {
    [ "$failures" -eq 0 ] || exit 1
    exit 0
}

# run STATUS ARGUMENT…: runs the program and compares its exit status. What it prints goes to
# $work/out and $work/err.
run() {
    wanted=$1
    shift
    status=0
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ "$status" -eq "$wanted" ] || complain "exit status $status, not $wanted, of $*"
}

# The same with the options that all runs over logs of this year need.
tell() {
    wanted=$1
    shift
    run "$wanted" --year 2026 --timezone UTC "$@"
}

# says TEXT…: each stands on the standard error.
says() {
    for text; do
        grep -qF -- "$text" "$work/err" || complain "it does not say '$text'"
    done
}

same() {
    cmp -s "$1" "$2" || complain "$(basename "$1") and $(basename "$2") differ: $3"
}

# A number of the account: `account foreign`, `account lines`.
account() {
    sed -n "s/^mailstory: [0-9].*/&/p" "$work/err" | tr -c 'a-z0-9\n' ' ' | tr -s ' ' '\n' |
        awk -v word="$1" '$1 == word { print before; exit } { before = $1 }'
}

# counts WORD NUMBER
counts() {
    [ "$(account "$1")" = "$2" ] || complain "$(account "$1") $1, not $2"
}

# A log of so many messages, each of five lines and with one row.
write_log() {
    awk -v count="$1" 'BEGIN {
        for (i = 0; i < count; i++) {
            at = sprintf("2026-05-11T%02d:%02d:%02dZ mx1 postfix/", i / 3600, i / 60 % 60, i % 60)
            id = sprintf("A%06d", i)
            print at "smtpd[7]: " id ": client=desk.example.org[192.0.2.7]"
            print at "cleanup[8]: " id ": message-id=<" i "@desk.example.org>"
            print at "qmgr[9]: " id ": from=<ann@example.org>, size=400, nrcpt=1 (queue active)"
            print at "smtp[10]: " id ": to=<bob" i "@example.net>, " \
                "relay=mx.example.net[198.51.100.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, " \
                "status=sent (250 2.0.0 Ok: queued as 4Q" i ")"
            print at "qmgr[9]: " id ": removed"
        }
    }'
}
