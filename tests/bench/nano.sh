#!/usr/bin/env bash
# The quality, speed and memory of the built-in picture model, through the engine: see models/nano/recipe/evaluate.py,
# whose options may follow. Takes about 10 minutes on two processors.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
source "$root/scripts/dev/common.sh"
source "$root/scripts/dev/setup.sh"

environment=$(python_environment nano-bench "$root/tests/bench/nano/requirements.txt")
exec "$environment/bin/python" "$root/models/nano/recipe/evaluate.py" \
    "$root/build/release/bin/diffusion_worker" "$root/models/nano" \
    --known "$root/models/catalog/nano.json" "$@"
