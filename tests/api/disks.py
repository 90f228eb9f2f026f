"""Disks that tests need: small ones, and one that hangs."""
import errno
import os
import subprocess

from outcomes import Skip
from studio import equal


class SmallDisk:
    """A disk of a few megabytes at a folder."""

    def __init__(self, folder, size):
        folder.mkdir(parents=True)
        self.folder = folder
        done = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
                                                    capture_output=True, check=False).returncode == 0
        if not done:
            raise Skip("needs root to mount a small disk")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", str(self.folder)], check=False)

    def fill(self):
        with open(self.folder / "filler", "wb", buffering=0) as out:
            try:
                while out.write(b"\0" * 65536) > 0:
                    pass
            except OSError as full:
                equal(full.errno, errno.ENOSPC)


HANGING_DISK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
struct statvfs;
static int answer(const char *name, const char *path, struct statvfs *found) {
    while (access(getenv("DISK_HANGS_WHILE"), F_OK) == 0) usleep(10000);
    return ((int (*)(const char *, struct statvfs *))dlsym(RTLD_NEXT, name))(path, found);
}
int statvfs(const char *path, struct statvfs *found) { return answer("statvfs", path, found); }
int statvfs64(const char *path, struct statvfs *found) { return answer("statvfs64", path, found); }
"""


def hanging_disk(folder):
    """(environment, switch) of programs that get no answer about a disk's space for as long as the switch is a file."""
    shim, switch = folder / "hanging.so", folder / "hangs"
    done = subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(shim), "-ldl"], input=HANGING_DISK.encode(),
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise Skip("needs a C compiler")
    return {"LD_PRELOAD": str(shim), "DISK_HANGS_WHILE": str(switch)}, switch
