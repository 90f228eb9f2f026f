#!/usr/bin/env python3
"""A folder under src/ includes only from the folders that its CMakeLists.txt names in DEPENDS; there is no
cycle; and the table in src/README.md says the same."""

import pathlib
import re

import repo

LIBRARY = re.compile(r"ourvidz_library\(\s*(\w+)([^)]*)\)")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
TABLE_ROW = re.compile(r"^\|\s*`(\w+)`\s*\|\s*`([^`]+)`\s*\|([^|]*)\|", re.MULTILINE)
KEYWORDS = {"DEPENDS", "LINK", "SUBFOLDERS"}


def arguments(body: str, keyword: str) -> list[str]:
    """The words after one keyword of a CMake call."""
    found, collecting = [], False
    for word in re.sub(r"#.*", "", body).split():
        if word in KEYWORDS:
            collecting = word == keyword
        elif collecting:
            found.append(word)
    return found


def read_libraries(root: pathlib.Path) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Folder under src/ -> library name, and library name -> the libraries it may include from."""
    owners, allowed = {}, {}
    for cmake in sorted(root.glob("src/**/CMakeLists.txt")):
        folder = cmake.parent.relative_to(root / "src").as_posix()
        for name, body in LIBRARY.findall(cmake.read_text()):
            owners[folder] = name
            allowed[name] = set(arguments(body, "DEPENDS"))
            for subfolder in arguments(body, "SUBFOLDERS"):
                owners[f"{folder}/{subfolder}"] = name
    return owners, allowed


def owner_of(path: str, owners: dict[str, str]) -> str | None:
    """The library of a file, by the nearest folder that is one."""
    folder = pathlib.PurePosixPath(path).parent
    while folder.as_posix() not in (".", "/"):
        if folder.as_posix() in owners:
            return owners[folder.as_posix()]
        folder = folder.parent
    return None


def reachable(start: str, allowed: dict[str, set[str]]) -> set[str]:
    """Everything that a library depends on, directly or not."""
    seen, waiting = set(), list(allowed[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(allowed.get(name, ()))
    return seen


def include_problems(root, owners, allowed) -> list[str]:
    problems = []
    for name in repo.files(root):
        if not name.startswith("src/") or not name.endswith((".h", ".cpp")):
            continue
        owner = owner_of(name.removeprefix("src/"), owners)
        if owner is None:
            problems.append(f"{name}: belongs to no library")
            continue
        for included in INCLUDE.findall(repo.text(root, name)):
            other = owner_of(included, owners)
            if other and other != owner and other not in allowed[owner]:
                problems.append(f"{name}: includes {included}, but {owner} does not name {other} in DEPENDS")
    return problems


def table_problems(root, owners, allowed) -> list[str]:
    page = root / "src/README.md"
    if not page.exists():
        return ["src/README.md: missing"]
    rows = {name: (folder, set(re.findall(r"\w+", uses))) for name, folder, uses in TABLE_ROW.findall(page.read_text())}
    problems = []
    folders = {}
    for folder, name in owners.items():
        folders.setdefault(name, folder)
    for name in sorted(allowed.keys() | rows.keys()):
        wanted = (folders.get(name, "") + "/", allowed.get(name))
        if name not in rows:
            problems.append(f"src/README.md: has no row for {name}")
        elif name not in allowed:
            problems.append(f"src/README.md: {name} is no library")
        elif rows[name] != wanted:
            problems.append(f"src/README.md: the row of {name} should say `{wanted[0]}` and {sorted(allowed[name])}")
    return problems


def find_problems(root: pathlib.Path) -> list[str]:
    owners, allowed = read_libraries(root)
    problems = [f"{name}: depends on itself by way of others" for name in allowed if name in reachable(name, allowed)]
    return problems + include_problems(root, owners, allowed) + table_problems(root, owners, allowed)


def self_test() -> None:
    table = "| `low` | `low/` | |\n| `high` | `high/` | low |\n| `inner` | `high/inner/` | high |\n"
    sound = {
        "src/low/CMakeLists.txt": "ourvidz_library(low LINK Boost::json)",
        "src/high/CMakeLists.txt": "ourvidz_library(high DEPENDS low SUBFOLDERS part)",
        "src/high/inner/CMakeLists.txt": "ourvidz_library(inner DEPENDS high)",
        "src/low/a.h": '#include <vector>\n#include "boost.h"\n',
        "src/high/part/b.cpp": '#include "low/a.h"\n',
        "src/high/inner/c.cpp": '#include "high/part/b.h"\n',
        "src/README.md": table,
    }
    repo.expect_found(find_problems(repo.planted(sound)))
    upward = sound | {"src/low/a.h": '#include "high/part/b.h"\n'}
    repo.expect_found(find_problems(repo.planted(upward)), "src/low/a.h: includes high/part/b.h")
    skipping = sound | {"src/high/inner/c.cpp": '#include "low/a.h"\n'}
    repo.expect_found(find_problems(repo.planted(skipping)), "inner does not name low")
    circle = sound | {"src/low/CMakeLists.txt": "ourvidz_library(low DEPENDS inner)"}
    repo.expect_found(find_problems(repo.planted(circle)), "low: depends on itself", "high: depends on itself",
                      "inner: depends on itself", "the row of low")
    stale = sound | {"src/README.md": table.replace("| low |", "| |")}
    repo.expect_found(find_problems(repo.planted(stale)), "the row of high")


if __name__ == "__main__":
    repo.run(find_problems, self_test)
