#!/usr/bin/env bash
# The built-in picture model: what its pictures cost a user (tests/bench/nano/speed.py, a minute), then their quality
# through the engine (models/nano/recipe/evaluate.py, whose options may follow; about 10 minutes on two processors).
# `./dev bench nano speed` does the first part alone. `./dev bench nano scenes FOLDER` draws the 64 prompts that were written
# before the training, twice each, into sheets (tests/bench/nano/scenes.py, ten minutes).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
source "$root/scripts/dev/common.sh"
source "$root/scripts/dev/setup.sh"

environment=$(python_environment nano-bench "$root/tests/bench/nano/requirements.txt")
export PYTHONPATH="$root/tests/bench"
if [ "${1:-}" = scenes ]; then
    exec "$environment/bin/python" "$root/tests/bench/nano/scenes.py" "$root/models/nano/recipe/scenes/evaluation.txt" "${2:?a folder}"
fi
"$environment/bin/python" "$root/tests/bench/nano/speed.py"
[ "${1:-}" != speed ] || exit 0
exec "$environment/bin/python" "$root/models/nano/recipe/evaluate.py" \
    "$root/build/release/bin/diffusion_worker" "$root/models/nano" \
    --known "$root/models/catalog/nano.json" "$@"
