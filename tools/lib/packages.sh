# shellcheck shell=sh disable=SC2034 # the lists are for whoever sources this
# packages.sh - sourced by the tools: makes sure that the Debian packages they need are there
#
#   . tools/lib/packages.sh
#   need_packages build-essential cmake …

program_packages='build-essential cmake ninja-build pkg-config
    libglib2.0-dev libcsv-dev libarchive-dev libisal-dev libxxhash-dev'
# The tests need two more.
test_packages="$program_packages libcmocka-dev zlib1g-dev"

package_is_there() {
    # shellcheck disable=SC2016 # dpkg-query fills it in
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Root gets what is missing; anybody else is told what to do. Where there is no dpkg, CMake will say
# what it does not find.
need_packages() {
    command -v dpkg-query >/dev/null || return 0
    missing=
    for package; do
        package_is_there "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0

    if [ "$(id -u)" -ne 0 ]; then
        echo "these packages are missing:$missing" >&2
        echo "install them with: sudo apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
    echo "installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # package names are words
    apt-get install -qq -y --no-install-recommends $missing </dev/null >/dev/null 2>&1 || {
        apt-get update -qq </dev/null
        apt-get install -qq -y --no-install-recommends $missing </dev/null >/dev/null
    }
}
