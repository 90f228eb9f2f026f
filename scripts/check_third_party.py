#!/usr/bin/env python3
"""THIRD_PARTY.md names exactly what is pinned, in the pinned versions: Debian packages, crates, npm packages,
Python packages and models, each with a licence."""

import json
import pathlib
import re

import repo

# Section of THIRD_PARTY.md: rows of the form | `name` | version | licence | what for |
ROW = re.compile(r"^\|\s*`([^`]+)`\s*\|\s*([^|]*?)\s*\|\s*([^|]*?)\s*\|", re.MULTILINE)
PIN = re.compile(r"([\w.-]+)==([\w.]+)")


def debian(root: pathlib.Path) -> dict[str, str | None]:
    """Debian decides on the version within its release, so only the names are compared."""
    return {name: None for listing in sorted(root.glob("scripts/packages-*.txt")) for name in listing.read_text().split()}


def crates(root: pathlib.Path) -> dict[str, str | None]:
    found = {}
    for manifest in root.glob("third_party/**/Cargo.toml"):
        dependencies = manifest.read_text().split("[dependencies]")[-1]
        found |= dict(re.findall(r'^([\w-]+) = .*"=([\d.]+)"', dependencies, re.MULTILINE))
    return found


def npm(root: pathlib.Path) -> dict[str, str | None]:
    found = {}
    for manifest in (root / name for name in repo.files(root) if name.endswith("package.json")):
        package = json.loads(manifest.read_text())
        found |= package.get("dependencies", {}) | package.get("devDependencies", {})
    return found


def python(root: pathlib.Path) -> dict[str, str | None]:
    """Pins in requirement files and in the scripts that fetch models."""
    found = {}
    for name in repo.files(root):
        if re.search(r"requirements[\w-]*\.txt$", name) or (name.startswith(("models/", "third_party/")) and name.endswith(".sh")):
            lines = [line for line in repo.text(root, name).splitlines() if not line.lstrip().startswith("#")]
            found |= dict(PIN.findall("\n".join(lines)))
    return found


def go_modules(root: pathlib.Path) -> dict[str, str | None]:
    """module/cmd/program@version, one a line."""
    found = {}
    for name in repo.files(root):
        if name.endswith("go-tools.txt"):
            found |= dict(re.findall(r"^(\S+?)(?:/cmd/\S+)?@(\S+)$", repo.text(root, name), re.MULTILINE))
    return found


def models(root: pathlib.Path) -> dict[str, str | None]:
    return {json.loads(manifest.read_text())["name"]: None for manifest in root.glob("models/catalog/*.json")}


SECTIONS = {"Debian packages": debian, "Crates": crates, "Go modules": go_modules, "npm packages": npm,
            "Python packages": python, "Models": models}


def section_rows(page: str, heading: str) -> list[tuple[str, str, str]]:
    match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return ROW.findall(match.group(1)) if match else []


def find_problems(root: pathlib.Path) -> list[str]:
    path = root / "THIRD_PARTY.md"
    page = path.read_text() if path.exists() else ""
    problems = []
    for heading, pinned in SECTIONS.items():
        wanted = pinned(root)
        rows = {name: (version, licence) for name, version, licence in section_rows(page, heading)}
        problems += [f"THIRD_PARTY.md: {heading}: {name} is used but not named" for name in sorted(wanted.keys() - rows.keys())]
        problems += [f"THIRD_PARTY.md: {heading}: {name} is named but not used" for name in sorted(rows.keys() - wanted.keys())]
        for name in sorted(wanted.keys() & rows.keys()):
            version, licence = rows[name]
            if wanted[name] is not None and wanted[name] != version:
                problems.append(f"THIRD_PARTY.md: {heading}: {name} is pinned at {wanted[name]}, not {version}")
            if not version or not licence:
                problems.append(f"THIRD_PARTY.md: {heading}: {name} has no version or no licence")
    return problems


def self_test() -> None:
    page = ("## Debian packages\n| `gcc` | 12 | GPL | x |\n## Crates\n| `one-sys` | 0.1.2 | MIT | x |\n"
            "## Go modules\n| `example.test/gw` | v1.2.3 | MIT | x |\n"
            "## npm packages\n| `react` | 19.0.0 | MIT | x |\n## Python packages\n| `pyyaml` | 6.0 | MIT | x |\n"
            "## Models\n| `nano` | 1 | MIT | x |\n")
    sound = {
        "THIRD_PARTY.md": page, "scripts/packages-run.txt": "gcc\n", "scripts/requirements.txt": "pyyaml==6.0 --hash=x\n",
        "third_party/e/Cargo.toml": '[package]\nversion = "=9"\n[dependencies]\none-sys = { version = "=0.1.2" }\n',
        "web/package.json": '{"version": "1", "dependencies": {"react": "19.0.0"}}',
        "models/catalog/nano.json": '{"name": "nano"}', "tests/go-tools.txt": "example.test/gw/cmd/gw@v1.2.3\n",
    }
    repo.expect_found(find_problems(repo.planted(sound)))
    drifted = sound | {
        "scripts/packages-test.txt": "wrk\n", "models/up/fetch.sh": 'package="weights==2.0"\n',
        "web/package.json": '{"devDependencies": {"react": "19.0.1"}}', "models/catalog/nano.json": '{"name": "tiny"}',
        "tests/go-tools.txt": "example.test/gw/cmd/gw@v1.2.4\n",
        "THIRD_PARTY.md": page.replace("| MIT | x |\n## Models", "| | x |\n## Models"),
    }
    repo.expect_found(find_problems(repo.planted(drifted)), "wrk is used but", "weights is used but", "tiny is used but",
                      "nano is named but", "example.test/gw is pinned at v1.2.4", "react is pinned at 19.0.1", "pyyaml has no version or no licence")


if __name__ == "__main__":
    repo.run(find_problems, self_test)
