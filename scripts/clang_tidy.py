#!/usr/bin/env python3
"""Runs clang-tidy over our C++ files and remembers which were clean, so that only what changed is looked at again.

clang_tidy.py BUILD CACHE [--self-test]    BUILD has compile_commands.json and compiles each file alone; CACHE is a folder outside the checkout
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import repo

CLANG_TIDY = "clang-tidy-19"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def included_files(file: pathlib.Path, folders: list[pathlib.Path]) -> set[pathlib.Path]:
    """The file and every file of ours that it includes, directly or not."""
    seen, waiting = set(), [file]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in INCLUDE.findall(path.read_text()):
            waiting += [candidate for folder in (path.parent, *folders) if (candidate := folder / name).is_file()][:1]
    return seen


def key_of(entry: dict, configuration: str, root: pathlib.Path) -> str:
    """Changes with everything of ours that can change what clang-tidy says; paths are relative to the checkout."""
    digest = hashlib.sha256(configuration.encode())
    digest.update(entry["command"].replace(str(root), ".").encode())
    for path in sorted(included_files(pathlib.Path(entry["file"]), [root / "src", root])):
        digest.update(path.relative_to(root).as_posix().encode() if path.is_relative_to(root) else b"")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def tidy(entry: dict, root: pathlib.Path) -> str:
    """What clang-tidy found in one file; nothing if it is clean."""
    # The database names gcc's options; clang gets those that it knows.
    arguments = [word for word in shlex.split(entry["command"])[1:] if word not in ("-fcoroutines", "-Werror")]
    while arguments and not arguments[0].startswith("-"):
        arguments.pop(0)  # the compiler behind a launcher
    cut = arguments.index("-o")
    done = subprocess.run(
        [CLANG_TIDY, "--quiet", f"--config-file={root / '.clang-tidy'}", entry["file"], "--", *arguments[:cut],
         "-Wno-unknown-warning-option", "-Wno-unused-command-line-argument"],
        cwd=entry["directory"], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def run(entries: list[dict], root: pathlib.Path, cache: pathlib.Path) -> list[str]:
    """What was found in all files; clean files are remembered."""
    cache.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    configuration = version + (root / ".clang-tidy").read_text()
    waiting = [(entry, mark) for entry in entries if not (mark := cache / key_of(entry, configuration, root)).exists()]
    print(f"clang-tidy: {len(entries)} files, {len(waiting)} changed", flush=True)
    findings = []
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("OURVIDZ_BUILD_JOBS", os.cpu_count() or 1))) as pool:
        for (entry, mark), found in zip(waiting, pool.map(lambda item: tidy(item[0], root), waiting)):
            if found:
                print(found, flush=True)
                findings.append(found)
            else:
                mark.touch()
    return findings


def self_test() -> None:
    """A badly named function is found, a good one is not, and the second run asks nobody."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="ourvidz-tidy-"))
    (root / ".clang-tidy").write_text((repo.ROOT / ".clang-tidy").read_text())
    (root / "src").mkdir()
    (root / "src/bad.cpp").write_text("int BadName() { return 1; }\n")
    (root / "src/good.cpp").write_text("int good_name() { return 1; }\n")
    entries = [{"file": str(root / "src" / name), "directory": str(root),
                "command": f"ccache g++ -fcoroutines -std=gnu++20 -o x.o -c src/{name}"} for name in ("bad.cpp", "good.cpp")]
    findings = run(entries, root, root / "cache")
    if len(findings) != 1 or "BadName" not in findings[0] or len(list((root / "cache").iterdir())) != 1:
        sys.exit(f"self-test: found {findings}")
    if len(run(entries, root, root / "cache")) != 1:
        sys.exit("self-test: a file with findings must be looked at again")


def main() -> None:
    if sys.argv[-1] == "--self-test":
        self_test()
        return
    build, cache = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    ours = set(repo.files(repo.ROOT))
    entries = {entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())
               if os.path.relpath(entry["file"], repo.ROOT) in ours}
    unseen = [path for path in ours if path.endswith(".cpp") and str(repo.ROOT / path) not in entries]
    if unseen:
        sys.exit(f"{build.name} does not compile these alone: {' '.join(sorted(unseen))}")
    sys.exit(1 if run(list(entries.values()), repo.ROOT, cache) else 0)


if __name__ == "__main__":
    main()
