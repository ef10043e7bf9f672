#!/bin/sh
# Every line of every fixture has one fate: the account's sum is the number of lines that are there.
#
#   account.sh PROGRAM
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Lines of all files of a folder; a last one without its end counts.
count_lines() {
    find "$1" -type f | while IFS= read -r file; do
        case $file in
        *.gz) gzip -dc "$file" | awk 'END { print NR }' ;;
        *) awk 'END { print NR }' "$file" ;;
        esac
    done | awk '{ sum += $1 } END { print sum + 0 }'
}

cases=0
for input in "$root"/fixtures/*/*/input; do
    begin "${input#"$root"/fixtures/}"
    options=
    [ ! -f "$input/../options" ] || options=$(cat "$input/../options")
    cd "$input/.."
    # shellcheck disable=SC2086 # options are words
    tell 0 $options -o "$work/tables" input
    cd "$root"
    sum=0
    for fate in events continued noise foreign broken duplicate; do
        case $fate in
        events) word=with ;;
        *) word=$fate ;;
        esac
        sum=$((sum + $(account "$word")))
    done
    counts lines "$sum"
    counts lines "$(count_lines "$input")"
    cases=$((cases + 1))
done

begin 'the fixtures are there'
[ "$cases" -gt 10 ] || complain "only $cases"

finish
