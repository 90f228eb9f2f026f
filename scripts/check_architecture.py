#!/usr/bin/env python3
"""Every file and folder of this repository that ARCHITECTURE.md and README.md name exists, and ARCHITECTURE.md
still has its two traces."""

import pathlib
import re

import repo

PAGES = ("ARCHITECTURE.md", "README.md", "CONTRIBUTING.md")
TRACES = ("A request", "A job")  # sections of ARCHITECTURE.md that name files of the code, in the order of travel
TRACE_FILES_MIN = 3
TOP = r"(?:api|apps|cmake|deploy|docs|migrations|models|scripts|src|tests|third_party|web)"
PATH = re.compile(rf"`({TOP}/[\w./-]*)`|\]\(((?!https?:|#)[^)\s]+)\)")


def find_problems(root: pathlib.Path) -> list[str]:
    problems = []
    for page in PAGES:
        if not (root / page).exists():
            problems.append(f"{page}: missing")
            continue
        content = (root / page).read_text()
        for quoted, linked in PATH.findall(content):
            path = (quoted or linked).split("#")[0]
            if path and not (root / path).exists():
                problems.append(f"{page}: names {path}, which does not exist")
        if page == "ARCHITECTURE.md":
            problems += trace_problems(content)
    return problems


def trace_problems(content: str) -> list[str]:
    problems = []
    for trace in TRACES:
        section = re.search(rf"^## {trace}\b(.*?)(?=^## |\Z)", content, re.MULTILINE | re.DOTALL)
        named = set(re.findall(r"`(src/[\w/]+\.cpp)`", section.group(1))) if section else set()
        if len(named) < TRACE_FILES_MIN:
            problems.append(f"ARCHITECTURE.md: the section '{trace}' does not trace the code")
    return problems


def self_test() -> None:
    files = {f"src/a/{name}.cpp": "" for name in "abc"}
    trace = "".join(f"1. `{name}`\n" for name in files)
    sound = files | {"README.md": "[map](ARCHITECTURE.md) `src/a/`", "CONTRIBUTING.md": "x",
                     "ARCHITECTURE.md": f"## A request: x\n{trace}## A job\n{trace}"}
    repo.expect_found(find_problems(repo.planted(sound)))
    broken = sound | {"README.md": "[map](docs/gone.md) `src/b/`",
                      "ARCHITECTURE.md": f"## A request\n{trace}`src/a/gone.cpp`\n## A job\n`src/a/a.cpp`\n"}
    repo.expect_found(find_problems(repo.planted(broken)), "names src/a/gone.cpp", "the section 'A job'",
                      "names docs/gone.md", "names src/b/")


if __name__ == "__main__":
    repo.run(find_problems, self_test)
