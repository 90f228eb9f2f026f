"""The peers: other people's programs, pinned in tests/bench/peers, installed into the cache when first asked for."""
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

LISTS = Path(__file__).resolve().parents[1] / "peers"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "ourvidz" / "bench-peers"


def folder_for(name, *pinned):
    """A folder of the cache for exactly what these files pin, and whether it is complete."""
    key = hashlib.sha256(b"".join((LISTS / file).read_bytes() for file in pinned)).hexdigest()[:16]
    folder = CACHE / f"{name}-{key}"
    complete = (folder / "complete").exists()
    if not complete:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    return folder, complete


def install(command, cwd=None):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def python():
    """The interpreter of an environment with what requirements.txt pins."""
    folder, complete = folder_for("python", "requirements.txt")
    if not complete:
        install([sys.executable, "-m", "venv", folder])
        install([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
                 "--only-binary=:all:", "-r", LISTS / "requirements.txt"])
        (folder / "complete").touch()
    return str(folder / "bin/python")


def node_modules():
    """A folder in which Node finds what package-lock.json pins."""
    folder, complete = folder_for("node", "package.json", "package-lock.json")
    if not complete:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LISTS / name, folder)
        # No scripts of strangers; the native parts that they would build are optional.
        install(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
                folder)
        (folder / "complete").touch()
    return folder
