# shellcheck shell=bash
# Sourced by ./dev: where things are, and how it talks.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz
results=$root/build/test-results

say() { echo "dev: $*" >&2; }
die() { say "$*"; exit 1; }

# The compiler cache serves every checkout on this machine, wherever it lies.
# What it may take for the same although it cannot see through it: precompiled headers, which are keyed by what is in them.
export CCACHE_SLOPPINESS=pch_defines,time_macros
export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}

# A compiler of coroutine code takes up to 2 GB: fewer jobs than processors where memory is short.
jobs() {
    local by_memory
    by_memory=$(awk '/^MemTotal/ { print int($2 / 2097152) }' /proc/meminfo)
    by_memory=$((by_memory > 0 ? by_memory : 1))
    echo $((by_memory < $(nproc) ? by_memory : $(nproc)))
}
export OURVIDZ_BUILD_JOBS=${OURVIDZ_BUILD_JOBS:-$(jobs)}

# content_hash FILE...: one short name for what the files hold.
content_hash() { cat "$@" | sha256sum | cut -c1-16; }

# is_current STAMP KEY / mark_current STAMP KEY: has this step been done for exactly this input?
is_current() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
mark_current() { mkdir -p "$(dirname "$1")" && echo "$2" >"$1"; }

# version_at_least HAVE WANTED
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }
