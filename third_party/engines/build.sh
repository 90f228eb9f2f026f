#!/usr/bin/env bash
# Builds the two engines into a cache outside the checkout and prints where they are: lib/, include/, licenses/
# and engines.txt (one line each: name, version, back ends).
#
#   build.sh                  fetch and build what is missing, print the folder (nothing to do: under a second, no network)
#   build.sh --print-prefix   print the folder; exit status 3 if it has not been built
#
# Environment:
#   OURVIDZ_ENGINE_PREFIX     a ready folder of this form; nothing is built
#   OURVIDZ_ENGINE_BACKENDS   cpu (default), or a list such as cpu,cuda: cuda, vulkan, hip, metal
#   OURVIDZ_SD_SOURCE         another stable-diffusion.cpp source tree instead of the pinned one
#   OURVIDZ_LLAMA_SOURCE      another llama.cpp source tree instead of the pinned one
#   OURVIDZ_BUILD_JOBS        parallel compilers (default: the number of processors)
#   CC, CXX                   the compilers
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
backends=${OURVIDZ_ENGINE_BACKENDS:-cpu}
jobs=${OURVIDZ_BUILD_JOBS:-$(nproc)}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/engines

sd_crate=diffusion-rs-sys-0.1.20
sd_sha256=1947b40e9b457a11baef32b105b5047227911ac48ae050e5828c5980e6a12af4
sd_folder=stable-diffusion.cpp
sd_version="stable-diffusion.cpp master-699 (9838264)"

llama_crate=llama-cpp-sys-2-0.1.161
llama_sha256=e9bea77fde41bbc15a278891cd5edd2ba07c5260d162614b41080ba1f100b39b
llama_folder=llama.cpp
llama_version="llama.cpp 0.6.0-dev (llama-cpp-sys-2 0.1.161)"

say() { echo "engines: $*" >&2; }
die() { say "$*"; exit 1; }

# The hash of everything in a source tree that can reach the compiler.
tree_hash() {
    (cd "$1" && find . -name .git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) |
        sha256sum | cut -d' ' -f1
}

# What says which sources are built: a pinned crate's hash, or that of a tree named by the environment.
source_key() {
    local tree=$1 sha256=$2
    if [ -n "$tree" ]; then
        [ -f "$tree/CMakeLists.txt" ] || die "$tree has no CMakeLists.txt"
        tree_hash "$tree"
    else
        echo "$sha256"
    fi
}

content_key() {
    {
        source_key "${OURVIDZ_SD_SOURCE:-}" "$sd_sha256"
        source_key "${OURVIDZ_LLAMA_SOURCE:-}" "$llama_sha256"
        (cd "$here" && sha256sum backends.cmake sd/CMakeLists.txt sd/exports.map sd/vocab_to_bin.py \
            llama/CMakeLists.txt llama/exports.map)
        echo "$backends"
        "${CXX:-c++}" --version | head -1
        uname -sm
    } | sha256sum | cut -c1-16
}

# The crate's file in cargo's own cache, fetched if it is not there; its hash is checked in every case.
crate_file() {
    local crate=$1 sha256=$2 home=${CARGO_HOME:-$HOME/.cargo} file
    for round in have fetch; do
        if [ "$round" = fetch ]; then
            command -v cargo >/dev/null ||
                die "cargo 1.85 or newer is needed to fetch the engines' sources (Debian 12: apt-get install cargo-web)"
            say "fetching $crate"
            (cd "$here" && cargo fetch --locked --quiet >&2) || die "cargo could not fetch $crate"
        fi
        for file in "$home"/registry/cache/*/"$crate".crate; do
            if [ -f "$file" ] && echo "$sha256  $file" | sha256sum --check --status; then
                echo "$file"
                return
            fi
        done
    done
    die "$crate: no file with the expected sha256 $sha256"
}

# engine_source NAME CRATE SHA256 FOLDER TREE: where the engine's sources are, unpacked if need be.
engine_source() {
    local name=$1 crate=$2 sha256=$3 folder=$4 tree=$5 file
    if [ -n "$tree" ]; then
        (cd "$tree" && pwd)
        return
    fi
    file=$(crate_file "$crate" "$sha256")
    mkdir -p "$work/source/$name"
    tar -xzf "$file" -C "$work/source/$name" --strip-components=1
    # Left-over pointers to git folders that do not exist would make git fail.
    find "$work/source/$name" -name .git -delete
    echo "$work/source/$name/$folder"
}

build_engine() {
    local name=$1 source=$2 launcher=()
    if command -v ccache >/dev/null; then
        launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
        export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
    fi
    say "building $name for $backends (about 7 CPU minutes the first time)"
    cmake -G Ninja -S "$here/$name" -B "$work/build/$name" -DCMAKE_BUILD_TYPE=Release -DENGINE_SOURCE="$source" \
        -DOURVIDZ_ENGINE_BACKENDS="$backends" -DCMAKE_INSTALL_PREFIX="$work/prefix" "${launcher[@]}" >"$work/$name.log" 2>&1 &&
        cmake --build "$work/build/$name" --target engine -j"$jobs" >>"$work/$name.log" 2>&1 &&
        cmake --install "$work/build/$name" >>"$work/$name.log" 2>&1 || {
        tail -40 "$work/$name.log" >&2
        cp "$work/$name.log" "$cache/$name.failed.log"
        die "$name did not build; the whole log: $cache/$name.failed.log"
    }
}

# version_line NAME VERSION TREE
version_line() {
    local version=$2
    [ -z "$3" ] || version="$1 from $(git -C "$3" describe --always --dirty 2>/dev/null || echo a source tree without git)"
    printf '%s\t%s\t%s\n' "$1" "$version" "$backends"
}

if [ -n "${OURVIDZ_ENGINE_PREFIX:-}" ]; then
    [ -f "$OURVIDZ_ENGINE_PREFIX/engines.txt" ] || die "$OURVIDZ_ENGINE_PREFIX has no engines.txt"
    echo "$OURVIDZ_ENGINE_PREFIX"
    exit 0
fi

key=$(content_key)
prefix=$cache/$key
if [ "${1:-}" = --print-prefix ]; then
    echo "$prefix"
    [ -f "$prefix/engines.txt" ] || exit 3
    exit 0
fi
[ $# -eq 0 ] || die "unknown argument: $1"

mkdir -p "$cache"
# One build at a time; the second comer finds the work done.
exec 9>"$cache/lock"
flock 9
if [ ! -f "$prefix/engines.txt" ]; then
    work=$cache/building
    rm -rf "$work"
    mkdir -p "$work/prefix"
    sd_source=$(engine_source sd "$sd_crate" "$sd_sha256" "$sd_folder" "${OURVIDZ_SD_SOURCE:-}")
    llama_source=$(engine_source llama "$llama_crate" "$llama_sha256" "$llama_folder" "${OURVIDZ_LLAMA_SOURCE:-}")
    build_engine sd "$sd_source"
    build_engine llama "$llama_source"
    {
        version_line sd "$sd_version" "${OURVIDZ_SD_SOURCE:-}"
        version_line llama "$llama_version" "${OURVIDZ_LLAMA_SOURCE:-}"
    } >"$work/prefix/engines.txt"
    rm -rf "$prefix"
    mv "$work/prefix" "$prefix"
    rm -rf "$work"
fi
echo "$prefix"
