#!/usr/bin/env bash
# How smoothly and how much the clips of the built-in picture model move, and what they cost: see tests/bench/nano/clips.py,
# whose options may follow. Takes about 3 minutes on two processors.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
source "$root/scripts/dev/common.sh"
source "$root/scripts/dev/setup.sh"

environment=$(python_environment nano-bench "$root/tests/bench/nano/requirements.txt")
exec env PYTHONPATH="$root/tests/bench" "$environment/bin/python" "$root/tests/bench/nano/clips.py" "$@"
