#!/bin/sh
# A wrong command line ends with exit status 2, one line that says what is wrong, and nothing on the
# standard output; --help, --version and the manual agree.
#
#   usage.sh PROGRAM
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

write_log 1 >"$work/a.log"

# wrong TEXT ARGUMENT…: TEXT is what must be named.
wrong() {
    text=$1
    shift
    begin "$*"
    run 2 "$@"
    [ ! -s "$work/out" ] || complain 'there is something on the standard output'
    [ "$(wc -l <"$work/err")" -eq 1 ] || complain "$(wc -l <"$work/err") lines on standard error"
    grep -q '^mailstory: ' "$work/err" || complain 'the line does not begin with the name'
    says "$text"
}

wrong 'no logs'
wrong 'no logs' --strict
wrong '--nonsense' --nonsense "$work/a.log"
wrong 'x' -x "$work/a.log"
wrong '--checksum' --checksum "$work/a.log"

for option in -o --output --read --year --timezone --host --window --max-queue-time --delimiter \
    --local-time --jobs; do
    wrong "$option" "$work/a.log" "$option"
done

for value in '' abc 1969 10000 2026x -1 20.26; do
    wrong "'$value'" --year "$value" "$work/a.log"
done
for value in '' 0 -1 1025 two 2x; do
    wrong "'$value'" --jobs "$value" "$work/a.log"
done
for value in '' Mars/Olympus +25:00 hub= =UTC hub=Mars; do
    wrong "$value" --timezone "$value" "$work/a.log"
done
for option in --window --max-queue-time; do
    for value in '' 15 m 0s 0m -1m 1.5h 15x '15 m' 15mm 401d 99999999999999999999s; do
        wrong "'$value'" "$option" "$value" "$work/a.log"
    done
done
for value in '' hub =alias hub=; do
    wrong "$value" --host "$value" "$work/a.log"
done
for value in postfix postfix= postfix@=path; do
    wrong "$value" --read "$value" "$work/a.log"
done
for system in '' exim Postfix; do
    wrong "unknown mail system '$system'" --read "$system=$work/a.log"
    wrong "unknown mail system '$system'" --read "$system@mx1=$work/a.log"
done
for value in '' ab '"' '\n' 'ö' "$(printf '\r')"; do
    wrong '--delimiter' --delimiter "$value" "$work/a.log"
done
wrong Mars --local-time Mars "$work/a.log"

begin 'an option after the logs'
run 0 "$work/a.log" --bom --crlf --raw

begin 'a log whose name begins with a hyphen'
cp "$work/a.log" "$work/-a.log"
(cd "$work" && "$program" -- -a.log) >"$work/out" 2>"$work/err" || complain 'it is not read'
[ "$(wc -l <"$work/out")" -eq 2 ] || complain 'it has no row'

begin '--help'
run 0 --help
[ ! -s "$work/err" ] || complain 'there is something on standard error'
grep -o -- '--[a-z][a-z-]*' "$work/out" | sort -u >"$work/helped"
sed -n 's/^\.It Fl //p' "$root/docs/mailstory.1" | tr ' ' '\n' | grep -o '^-[a-z][a-z-]*' |
    sed 's/^/-/' | sort -u >"$work/documented"
[ -s "$work/documented" ] || complain 'no option is in the manual'
diff "$work/documented" "$work/helped" || complain 'the manual and --help name other options'

begin '-h'
run 0 -h
grep -q -- --output "$work/out" || complain 'it does not help'

begin '--version'
run 0 --version
grep -qx 'mailstory [0-9]*\.[0-9]*\.[0-9]*' "$work/out" || complain "it prints $(cat "$work/out")"

begin 'formats'
run 0 formats
for system in postfix sendmail; do
    grep -q "^$system " "$work/out" || complain "$system is not listed"
done

finish
