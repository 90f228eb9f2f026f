# shellcheck shell=bash
# Sourced by ./dev: configuring and compiling.

# What the studio runs: the program and the workers that it starts.
# shellcheck disable=SC2034  # used in dev
programs=(ourvidz diffusion_worker chat_worker media_worker)
program() { echo "$root/build/release/bin/ourvidz"; }

# configure PRESET: once.
configure() {
    local preset=$1 key="$OURVIDZ_ENGINE_PREFIX"
    if [ ! -f "build/$preset/build.ninja" ] || ! is_current "build/$preset/.configured" "$key"; then
        cmake --preset "$preset" -DOURVIDZ_ENGINE_PREFIX="$OURVIDZ_ENGINE_PREFIX" >&2 || return
        mark_current "build/$preset/.configured" "$key"
    fi
}

# build PRESET [TARGET...]: configures once, then compiles what changed.
build() {
    local preset=$1
    shift
    configure "$preset" || return
    cmake --build "build/$preset" -j"$OURVIDZ_BUILD_JOBS" ${1:+--target "$@"} >&2
}

# build_control NAME TARGET...: the sources with tests/chaos/controls/NAME.patch, in build/control/NAME/build/release. What
# the chaos run must catch is in a copy, so that nothing of it is in what we ship.
build_control() {
    local copy="build/control/$1" patch="tests/chaos/controls/$1.patch"
    [ -f "$patch" ] || die "there is no control '$1'; these exist: $(controls | tr '\n' ' ')"
    shift
    mkdir -p "$copy"
    (cd "$copy" && find . -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +) || return
    git ls-files -z -co --exclude-standard -- . ':!web' ':!docs' | xargs -0 cp -p --parents -t "$copy" || return
    (cd "$copy" && GIT_CEILING_DIRECTORIES=$root/build/control git apply "$root/$patch") || return
    (cd "$copy" && cmake --preset release -DOURVIDZ_ENGINE_PREFIX="$OURVIDZ_ENGINE_PREFIX" >&2 &&
        cmake --build build/release -j"$OURVIDZ_BUILD_JOBS" --target "$@" >&2)
}
controls() { basename -s .patch tests/chaos/controls/*.patch; }

# The web app that `ourvidz serve` hands out, in web/dist.
build_web() {
    local key
    key=$(git ls-files -z -co --exclude-standard web api | sort -z | xargs -0 sha256sum | content_hash -)-$(node --version)
    is_current web/dist/.complete "$key" && return
    say "building the web app"
    (cd web && npm run --silent build >&2) || return
    mark_current web/dist/.complete "$key"
}

# install_into FOLDER: what was built, with the web app and the models that the set-up has fetched.
install_into() {
    local model
    cmake --install build/release --prefix "$1" >&2 || return
    mkdir -p "$1/share/ourvidz/web" && cp -R web/dist/. "$1/share/ourvidz/web/" && rm -f "$1/share/ourvidz/web/.complete"
    for model in "$cache"/models/*/; do
        cp -R "$model" "$1/share/ourvidz/models/"
    done
    say "installed into $1; deploy/ourvidz.service runs it, $1/share/ourvidz/deploy has more"
}
