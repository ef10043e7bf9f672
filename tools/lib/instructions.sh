#!/bin/sh
# instructions.sh - does a line of each system's log take no more instructions than it did?
#
#   tools/lib/instructions.sh            judges by the figures below; fails if one is 3 % higher
#   tools/lib/instructions.sh --figures  prints what stands below, as it is now
#
# Seconds depend on the machine and on who else uses it. Instructions do not, but they do on the compiler and
# the kind of processor: the figures are those of Debian 12 on x86-64, without what newer processors add.
# Whoever makes the program faster, or slower for a good reason, puts the new figures here.
set -eu
cd "$(dirname "$0")/../.."

known='postfix 2697
sendmail 4815
qmail 2398
qmail-splogger 2545
xmail 4600
milter 3202'
megabytes=10

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# Instructions a line of a KIND of log.
count() {
    build/release/mklog "$1" --mb "$megabytes" -o "$work/log"
    GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX2_Usable valgrind --tool=callgrind \
        --callgrind-out-file=/dev/null build/release/mailstory --jobs 1 --year 2025 --timezone UTC \
        "$work/log" >/dev/null 2>"$work/err"
    lines=$(find "$work/log" -type f -exec cat {} + | wc -l)
    sed -n 's/.*Collected : //p' "$work/err" | awk -v lines="$lines" '{ printf "%d\n", $1 / lines }'
    rm -rf "$work/log"
}

tools/lib/build-release.sh
if [ "${1-}" = --figures ]; then
    echo "$known" | while read -r kind before; do
        echo "$kind $(count "$kind")"
    done
    exit
fi
if [ "$(uname -m)" != x86_64 ]; then
    echo "no figures are known for $(uname -m)"
    exit
fi
echo "$known" | while read -r kind before; do
    now=$(count "$kind")
    echo "$kind: $now instructions a line, known are $before"
    [ "$now" -le $((before * 103 / 100)) ] || echo "$kind" >>"$work/more"
done
if [ -e "$work/more" ]; then
    echo "more than 3 % higher: $(tr '\n' ' ' <"$work/more")"
    exit 1
fi
