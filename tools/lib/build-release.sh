#!/bin/sh
# build-release.sh - makes build/release/mailstory; speaks only if it cannot
set -eu
cd "$(dirname "$0")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
build() {
    cmake --preset release || cmake --fresh --preset release || return
    cmake --build --preset release -j "$(nproc)"
}

build >"$log" 2>&1 || {
    cat "$log"
    exit 1
}
