#!/usr/bin/env python3
"""The server's routes are exactly the paths, methods and permissions of api/openapi.yaml.

check_openapi.py PROGRAM    PROGRAM is `ourvidz`; its `routes` prints one METHOD PATTERN PERMISSION a line
"""

import re
import subprocess
import sys

import repo
import yaml

WEB_APP = ("GET", "/*")  # the files of the web app, no part of the API
METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


Routes = dict[tuple[str, str], str]  # (method, path) to permission


def contract_routes(document: dict) -> Routes:
    return {(method.upper(), path): operation.get("x-permission", "none")
            for path, item in document["paths"].items() for method, operation in item.items() if method in METHODS}


def served_routes(output: str) -> Routes:
    routes = {(method, path): permission for method, path, permission in map(str.split, output.strip().splitlines())}
    routes.pop(WEB_APP, None)
    return routes


def without_names(routes: Routes) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Routes by their shape: how a parameter is called makes no difference."""
    return {(method, re.sub(r"\{[^}]*\}", "{}", path)): (method, path, permission)
            for (method, path), permission in routes.items()}


def differences(contract: Routes, served: Routes) -> list[str]:
    wanted, found = without_names(contract), without_names(served)
    problems = [f"in api/openapi.yaml but not served: {' '.join(wanted[key][:2])}"
                for key in sorted(wanted.keys() - found.keys())]
    problems += [f"served but not in api/openapi.yaml: {' '.join(found[key][:2])}"
                 for key in sorted(found.keys() - wanted.keys())]
    return problems + [f"{' '.join(wanted[key][:2])} needs {found[key][2]}, and api/openapi.yaml says {wanted[key][2]}"
                       for key in sorted(wanted.keys() & found.keys()) if wanted[key][2] != found[key][2]]


def self_test() -> None:
    operation = {"x-permission": "some.read"}
    contract = contract_routes({"paths": {"/a/{id}": {"parameters": [], "get": operation, "post": operation}}})
    repo.expect_found(differences(contract, served_routes("GET /a/{other} some.read\nPOST /a/{id} some.read\nGET /* open\n")))
    repo.expect_found(differences(contract, served_routes("GET /a/{id} some.read\nDELETE /b some.write\n")),
                      "not served: POST /a/{id}", "not in api/openapi.yaml: DELETE /b")
    repo.expect_found(differences(contract, served_routes("GET /a/{id} open\nPOST /a/{id} some.read\n")),
                      "GET /a/{id} needs open, and api/openapi.yaml says some.read")
    bare = contract_routes({"paths": {"/a": {"get": {}}}})
    repo.expect_found(differences(bare, served_routes("GET /a open\n")), "api/openapi.yaml says none")


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
