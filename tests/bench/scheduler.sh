#!/usr/bin/env bash
# Our scheduler beside others, in simulated time: [SEED]. The same seed gives the same numbers on every machine.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../../build/release/tests/bench/scheduler/schedule_bench" "${1:-1}"
