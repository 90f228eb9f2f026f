#!/usr/bin/env python3
"""Every benchmark, one after the other, in the order of the claims."""
import subprocess
import sys
from pathlib import Path

SCRIPTS = ("cancel.py", "streams.py", "crash.py", "submit.py", "start.py", "scheduler.sh", "claim.sh", "get.py", "list.py",
           "overhead.py", "users.py", "footprint.py", "loss.py")
INTERPRETERS = {".py": sys.executable, ".sh": "bash"}


def main():
    failed = []
    for name in SCRIPTS:
        script = Path(__file__).with_name(name)
        print(f"\n== {script.stem}", flush=True)
        if subprocess.run([INTERPRETERS[script.suffix], script], check=False).returncode:
            failed.append(script.stem)
    if failed:
        sys.exit(f"could not measure: {' '.join(failed)}")


if __name__ == "__main__":
    main()
