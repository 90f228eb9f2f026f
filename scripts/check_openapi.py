#!/usr/bin/env python3
"""The server's routes are exactly the paths and methods of api/openapi.yaml.

check_openapi.py PROGRAM    PROGRAM is `ourvidz`; its `routes` prints one METHOD PATTERN a line
"""

import re
import subprocess
import sys

import repo
import yaml

WEB_APP = ("GET", "/*")  # the files of the web app, no part of the API
METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


def contract_routes(document: dict) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, item in document["paths"].items() for method in item if method in METHODS}


def served_routes(output: str) -> set[tuple[str, str]]:
    return {tuple(line.split()[:2]) for line in output.splitlines() if line.strip()} - {WEB_APP}


def without_names(routes: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Routes by their shape: how a parameter is called makes no difference."""
    return {(method, re.sub(r"\{[^}]*\}", "{}", path)): (method, path) for method, path in routes}


def differences(contract: set[tuple[str, str]], served: set[tuple[str, str]]) -> list[str]:
    wanted, found = without_names(contract), without_names(served)
    return [f"in api/openapi.yaml but not served: {' '.join(wanted[key])}" for key in sorted(wanted.keys() - found)] + [
        f"served but not in api/openapi.yaml: {' '.join(found[key])}" for key in sorted(found.keys() - wanted)]


def self_test() -> None:
    contract = contract_routes({"paths": {"/a/{id}": {"parameters": [], "get": {}, "post": {}}}})
    repo.expect_found(differences(contract, served_routes("GET /a/{other}\nPOST /a/{id}\nGET /*\n")))
    repo.expect_found(differences(contract, served_routes("GET /a/{id}\nDELETE /b\n")),
                      "not served: POST /a/{id}", "not in api/openapi.yaml: DELETE /b")


def main() -> None:
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return
    output = subprocess.run([sys.argv[1], "routes"], capture_output=True, text=True, check=True).stdout
    document = yaml.safe_load((repo.ROOT / "api/openapi.yaml").read_text())
    problems = differences(contract_routes(document), served_routes(output))
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
