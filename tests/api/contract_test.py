#!/usr/bin/env python3
"""The server keeps to api/openapi.yaml and takes nothing else: schemathesis with all its checks and a fixed seed, against the
real program.

    contract_test.py PROGRAM SCHEMATHESIS

SCHEMATHESIS is the command; scripts/requirements-contract.txt pins it. Prints what schemathesis found."""
import os
import pathlib
import subprocess
import sys
import tempfile

from studio import Studio

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "api/openapi.yaml"
SEED = 20_261_126
EXAMPLES = 40  # for each operation and phase
SECONDS_MAX = 420

# A request that fits the schema is taken, unless what it names is not there (404), in another state (409), not to be had now or not
# allowed. Only where models and files decide as well, which a schema cannot say, may it be refused for a field.
SETTINGS = """
max-stream-events = 2
[auth.openapi.nodeToken]
bearer = "{node}"
[auth.openapi.operatorToken]
bearer = "{operator}"
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "304", "307", "402", "403", "404", "409", "429"]
"""
DECIDED_BY_MORE = ("createGeneration", "createRun", "approveRun", "editGeneration", "uploadAsset", "moveGeneration", "nodeOutput",
                   "createConversation", "changeConversation", "sendMessage")
MORE = """
[[operations]]
include-operation-id = "{name}"
checks.positive_data_acceptance.expected-statuses = ["2xx", "402", "403", "404", "409", "422", "429"]
"""


def make_some(studio):
    """Something is there to be found: what waits, what was canceled."""
    for seed in range(3):
        made = studio.submit(seed=seed).json["id"]
    studio.call("POST", f"/api/v1/generations/{made}/cancel")
    studio.call("POST", "/api/v1/runs", {"workflow": "keep_the_best", "draft": {"kind": "sdxl_image_fast", "prompt": "a fox"},
                                         "full": {"kind": "sdxl_image_high"}})
    talk = studio.call("POST", "/api/v1/conversations", {}).json["conversation"]["id"]
    studio.call("POST", f"/api/v1/conversations/{talk}/messages", {"text": "Hello"})


def main():
    program, schemathesis = (os.path.abspath(argument) for argument in sys.argv[1:3])
    with Studio(program, node=False, queue_workspace_max=100_000, queue_kind_max=100_000, queue_max=100_000,
                starting_credits=1_000_000) as studio, tempfile.TemporaryDirectory() as folder:
        make_some(studio)
        data = pathlib.Path(studio.data)
        settings = pathlib.Path(folder, "schemathesis.toml")
        settings.write_text(SETTINGS.format(node=(data / "node.token").read_text().strip(),
                                            operator=(data / "operator.token").read_text().strip())
                            + "".join(MORE.format(name=name) for name in DECIDED_BY_MORE))
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": "contract_hooks", "OURVIDZ_CONTRACT": str(CONTRACT),
                       "PYTHONPATH": str(ROOT / "tests/api"), "COLUMNS": "160"}
        command = [schemathesis, "--config-file", str(settings), "run", str(CONTRACT), "--url", f"http://127.0.0.1:{studio.port}",
                   "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--mode", "all", "--seed", str(SEED),
                   "--max-examples", str(EXAMPLES), "--request-timeout", "20", "--continue-on-failure", "--workers", "1"]
        return subprocess.run(command, cwd=folder, env=environment, timeout=SECONDS_MAX, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
