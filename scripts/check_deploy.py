#!/usr/bin/env python3
"""What deploy/ says against the program: an installed studio finds everything that it needs, its packages carry every library
that it links, every variable that is named is a setting, and the units are ones that systemd understands.

    check_deploy.py BUILD       (or --self-test)"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAMS = ("ourvidz", "diffusion_worker", "chat_worker", "media_worker")
SET_ELSEWHERE = {"OURVIDZ_CONFIG", "OURVIDZ_ENGINE_BACKENDS"}
# What every Debian has.
BASE_PACKAGES = {"libc6", "libgcc-s1", "libstdc++6", "libglib2.0-0", "zlib1g"}


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def unknown_variables(texts, settings):
    named = {name for text in texts for name in re.findall(r"\bOURVIDZ_[A-Z0-9_]+\b", text)}
    return sorted(named - settings - SET_ELSEWHERE)


def missing_packages(packages, programs):
    """Packages of the libraries that the programs name themselves, less those listed."""
    needed = set()
    for program in programs:
        resolved = dict(re.findall(r"(\S+) => (/\S+)", output("ldd", program)))
        for library in re.findall(r"NEEDED\s+(\S+)", output("objdump", "-p", program)):
            place = resolved.get(library, "")
            if place.startswith("/") and "ourvidz" not in place:
                found = subprocess.run(["dpkg", "-S", os.path.realpath(place)], capture_output=True, text=True, check=False)
                needed |= {line.split(":")[0] for line in found.stdout.splitlines()}
    return sorted(needed - packages - BASE_PACKAGES)


def unit_faults(folder):
    faults = []
    if shutil.which("systemd-analyze") is None:
        return faults
    for unit in ROOT.glob("deploy/*.service"):
        copy = pathlib.Path(folder) / unit.name
        copy.write_text(re.sub(r"=/opt/ourvidz/bin/ourvidz", "=/bin/true", unit.read_text(encoding="utf-8")), encoding="utf-8")
        done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
        faults += [line for line in done.stderr.splitlines() if unit.name in line]
    return faults


def check(build):
    faults = []
    with tempfile.TemporaryDirectory(prefix="ourvidz-deploy-") as folder:
        prefix = pathlib.Path(folder) / "opt"
        output("cmake", "--install", str(build), "--prefix", str(prefix))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OURVIDZ_")}
        environment |= {"HOME": folder, "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
        done = subprocess.run([prefix / "bin/ourvidz", "config", "--check"], env=environment, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            faults.append(f"the installed studio: {done.stderr}")
        shown = output(prefix / "bin/ourvidz", "config", env=environment)
        faults += [f"the installed studio looks outside: {line}" for line in shown.splitlines() if str(ROOT) in line]
        settings = {f"OURVIDZ_{line.split()[0].upper()}" for line in shown.splitlines()[1:]}
        texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("deploy/*"))]
        faults += [f"deploy/ names {name}, which is no setting" for name in unknown_variables(texts, settings)]
        packages = set((ROOT / "deploy/packages.txt").read_text(encoding="utf-8").split())
        faults += [f"deploy/packages.txt lacks {name}"
                   for name in missing_packages(packages, [prefix / "bin" / program for program in PROGRAMS])]
        faults += unit_faults(folder)
    return faults


def self_test():
    assert unknown_variables(["OURVIDZ_DATA_DIR OURVIDZ_DATADIR"], {"OURVIDZ_DATA_DIR"}) == ["OURVIDZ_DATADIR"]
    assert missing_packages(set(), [shutil.which("cmake")]), "cmake links nothing"


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    faults = check(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
