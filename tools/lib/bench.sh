# shellcheck shell=sh disable=SC2034 # what is set here is for tools/bench, which reads this in
# bench.sh - files, runs and limits of the benchmark; read in with `.`
#
# Runs go to $work/runs, a line each: name, bytes, wall and processor time in microseconds, KiB.
# Limits go to $work/limits: text, what is compared, two names of runs, the limit. bench.awk reads
# both; it alone knows what a figure is.
size=full
only=
files=
ours= # the folder of files, if it is to be removed
genlog=
tables=
log=

usage() {
    echo "tools/bench: $1" >&2
    sed -n 's/^#   //p' tools/bench >&2
    exit 2
}

free_mb() {
    df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }'
}

# A tmpfs is memory.
memory_mb() {
    awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null || echo 0
}

is_tmpfs() {
    [ "$(stat -f -c %T "$1" 2>/dev/null)" = tmpfs ]
}

# Where there is room for files of so many MB, which are read from memory anyway.
choose_folder() {
    if is_tmpfs /dev/shm && [ -w /dev/shm ] && [ "$(free_mb /dev/shm)" -gt $(($1 * 2)) ] &&
        [ "$(memory_mb)" -gt $(($1 * 2)) ]; then
        mktemp -d /dev/shm/mailstory-bench.XXXXXX
    else
        mktemp -d "${TMPDIR:-/tmp}/mailstory-bench.XXXXXX"
    fi
}

prepare() {
    LC_ALL=C
    export LC_ALL
    case $only in
    '' | postfix | systems | gz | hosts | hostile | growth | ten) ;;
    *) usage "no measurements named '$only'" ;;
    esac
    rounds='1 2 3 4 5'
    mb=1000
    hosts_mb=5000
    hostile_mb=1000
    if [ "$size" = quick ]; then
        rounds='1 2 3'
        mb=100
        hosts_mb=100
        hostile_mb=30
    fi
    tools/lib/build-release.sh
    has_jobs=$(build/release/mailstory --help | sed -n '/--jobs/p')
    work=$(mktemp -d)
    trap 'rm -rf "$work" "$tables" "$ours"' EXIT
    trap 'exit 1' INT TERM
    : >"$work/runs"
    : >"$work/limits"
    : >"$work/skipped"
    if [ -z "$files" ]; then
        ours=$(choose_folder $((11 * mb)))
        files=$ours
    fi
    # A file of another mklog is another file.
    files=$files/mklog-$(cat tools/lib/mklog/*.[ch] | cksum | cut -d ' ' -f 1)
    mkdir -p "$files"
    tables=$files/tables
    if is_tmpfs /dev/shm && [ -w /dev/shm ] && [ "$(free_mb /dev/shm)" -gt $((3 * mb)) ]; then
        tables=/dev/shm/${work##*/}-tables
    fi
    echo "files in $files, tables in $tables"
}

# room_for NAME MB: says loudly if there is none.
room_for() {
    if [ "$(free_mb "$files")" -gt $(($2 + 200)) ] &&
        { ! is_tmpfs "$files" || [ "$(memory_mb)" -gt $(($2 + 1000)) ]; }; then
        return 0
    fi
    echo "SKIPPED: $1 needs $2 MB, and there is no room for it in $files" |
        tee -a "$work/skipped"
    return 1
}

# make_log NAME MB KIND [OPTION…]: sets $log, a file or a folder.
make_log() {
    log=$files/$1-$2
    name=$1
    megabytes=$2
    shift 2
    if [ ! -e "$log" ]; then
        room_for "$name" "$megabytes" || return 1
        rm -rf "$log.part"
        build/release/mklog "$@" --mb "$megabytes" -o "$log.part"
        mv "$log.part" "$log"
    fi
}

drop_log() {
    [ -z "$ours" ] || rm -rf "$log"
}

make_postfix_log() {
    postfix=$genlog
    [ -z "$genlog" ] || return 0
    make_log postfix "$mb" postfix || exit 1
    postfix=$log
}

# The bytes of a file or folder. The first time they are read for it, so they are in memory then.
bytes_of() {
    known=$work/bytes-$(echo "$1" | tr / _)
    [ -f "$known" ] || find "$1" -type f -exec cat {} + | wc -c >"$known"
    cat "$known"
}

# run NAME LOG COMMAND…: once. What goes to /dev/null is not searched by grep beyond the first match.
run() {
    name=$1
    bytes=$(bytes_of "$2")
    shift 2
    case $1 in
    grep | wc) output=$work/output ;;
    *) output=/dev/null ;;
    esac
    build/release/measure "$work/figures" "$@" >"$output" 2>"$work/err" || {
        echo "FAILED: $*"
        cat "$work/err"
        exit 1
    }
    printf '%s\t%s\t%s\n' "$name" "$bytes" "$(cat "$work/figures")" >>"$work/runs"
}

# limit TEXT WHAT RUN OTHER-RUN MOST
limit() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$work/limits"
    echo "measured: $1"
}

# figures FORM: `text` for people, `markdown`, `far` for what is missed by far.
figures() {
    awk -v form="$1" -v runs="$work/runs" -f tools/lib/bench.awk "$work/limits"
}

report() {
    echo
    figures text
    cat "$work/skipped"
}

no_limit_is_missed_by_far() {
    figures far
}

machine() {
    sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1
    echo "$(nproc) processors, $(awk '/^MemTotal/ { print int($2 / 1048576 + 0.5) }' /proc/meminfo) GiB of memory, $(uname -s) $(uname -r)"
    echo "mailstory $(git describe --always --dirty 2>/dev/null || echo 'of no known version'), $(date -u +%Y-%m-%d)"
}

write_document() {
    { machine && cat "$work/skipped"; } | sed 's/^/* /' >"$work/machine"
    figures markdown >"$work/figures"
    awk -v work="$work" '
        /^@machine@$/ || /^@figures@$/ {
            gsub("@", "")
            file = work "/" $0
            while ((getline line <file) > 0)
                print line
            next
        }
        { print }' tools/lib/benchmarks.md.in >docs/benchmarks.md
    echo "docs/benchmarks.md is written"
}
