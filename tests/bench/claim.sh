#!/usr/bin/env bash
# How long a claim takes while 10,000 jobs wait, on SQLite and on PostgreSQL.
set -euo pipefail
root="$(dirname "${BASH_SOURCE[0]}")/../.."
exec python3 "$root/tests/services/services.py" postgres -- "$root/build/release/tests/bench/scheduler/claim_bench"
