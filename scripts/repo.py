"""What the repository's checks share: which files are ours, and how a check reports and proves itself."""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def files(root: pathlib.Path) -> list[str]:
    """Every file that is or would be committed, as paths relative to root, sorted."""
    out = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout
    return sorted({name for name in out.split("\0") if name and (root / name).is_file()})


def text(root: pathlib.Path, name: str) -> str:
    """A file's text, or nothing where it is binary."""
    data = (root / name).read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")


def planted(tree: dict[str, str]) -> pathlib.Path:
    """A small repository in a temporary folder, for proving that a check finds what was put there."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="ourvidz-check-"))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    for name, content in tree.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def expect_found(problems: list[str], *parts: str) -> None:
    """Fails unless every part occurs in some problem, and nothing else was found."""
    for part in parts:
        if not any(part in problem for problem in problems):
            sys.exit(f"self-test: expected a problem naming {part!r}, found: {problems}")
    if len(problems) != len(parts):
        sys.exit(f"self-test: expected {len(parts)} problems, found: {problems}")


def run(find_problems, self_test) -> None:
    """The command line of a check: --self-test, or the check itself on this repository."""
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        print("self-test: the check finds what it looks for")
        return
    problems = find_problems(ROOT)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)
