#!/usr/bin/env python3
"""Every file and folder of this repository that ARCHITECTURE.md and README.md name exists, and ARCHITECTURE.md
still has its two traces."""

import pathlib
import re

import repo

PAGES = ("ARCHITECTURE.md", "README.md", "CONTRIBUTING.md")
TRACES = ("Trace of a request", "Trace of a job")
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
            problems += [f"{page}: has no heading '{trace}'" for trace in TRACES
                         if not re.search(rf"^#+ .*{trace}", content, re.MULTILINE | re.IGNORECASE)]
    return problems


def self_test() -> None:
    sound = {"src/a/a.cpp": "", "README.md": "[map](ARCHITECTURE.md) `src/a/`", "CONTRIBUTING.md": "x",
             "ARCHITECTURE.md": "## Trace of a request\n`src/a/a.cpp`\n## Trace of a job\n"}
    repo.expect_found(find_problems(repo.planted(sound)))
    broken = sound | {"README.md": "[map](docs/gone.md) `src/b/`"}
    broken["ARCHITECTURE.md"] = "## Trace of a request\n`src/a/gone.cpp`\n"
    repo.expect_found(find_problems(repo.planted(broken)), "names src/a/gone.cpp", "no heading 'Trace of a job'",
                      "names docs/gone.md", "names src/b/")


if __name__ == "__main__":
    repo.run(find_problems, self_test)
