#!/usr/bin/env python3
"""Every benchmark, one after the other, in the order of the claims."""
import subprocess
import sys
from pathlib import Path

NAMES = ("cancel", "streams", "crash", "submit", "start", "overhead", "users", "footprint")


def main():
    failed = []
    for name in NAMES:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, Path(__file__).with_name(f"{name}.py")], check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"could not measure: {' '.join(failed)}")


if __name__ == "__main__":
    main()
