"""A disk that is full, by the studio's own files or by those of others."""
import errno
import os
import pathlib
import signal
import subprocess
import tempfile

from bombs import png
from disks import SmallDisk
from studio import Studio, equal, is_problem


def leave_free(filler, size):
    """Fills the disk of a file that is not there yet, but for so many bytes."""
    with open(filler, "wb") as file:
        while True:
            space = os.statvfs(os.path.dirname(filler))
            try:
                os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize - size)
                return
            except OSError as failure:
                # The studio has written meanwhile.
                if failure.errno != errno.ENOSPC:
                    raise


def test_a_full_disk_loses_nothing_and_says_so(studio):
    with tempfile.TemporaryDirectory() as top, SmallDisk(pathlib.Path(top) / "disk", "64m") as disk:
        with Studio(studio.program, data=str(disk.folder / "data"), node=False, queue_max=100_000) as small:
            others = str(disk.folder / "others")
            leave_free(others, 25 << 20)
            accepted, refused = [], None
            for i in range(3_000):
                reply = small.submit(prompt="a red fox " + "on a green background " * 150, seed=i)
                if reply.status != 202:
                    refused = reply
                    break
                accepted.append(reply.json["id"])
            is_problem(refused, 503, "unavailable")
            assert "disk is full" in refused.json["detail"], refused.json
            for one in accepted:
                equal(small.call("GET", f"/api/v1/generations/{one}").status, 200)
            assert 10 < len(accepted) < 3_000, len(accepted)
            # Pictures stopped earlier; what makes room still works, also after a start.
            upload = small.call("POST", "/api/v1/assets", png(), {"Content-Type": "image/png"})
            is_problem(upload, 503, "unavailable")
            equal(small.call("POST", f"/api/v1/generations/{accepted.pop()}/cancel").json["state"], "canceled")
            small.stop(signal.SIGKILL)
            small.start()
            equal(small.call("POST", f"/api/v1/generations/{accepted.pop()}/cancel").json["state"], "canceled")
            # Others fill the disk to the last byte: nothing that was accepted is lost.
            leave_free(others + "2", 0)
            is_problem(small.submit(), 503, "unavailable")
            small.stop(signal.SIGKILL)
            subprocess.run(["mount", "-o", "remount,size=128m", str(disk.folder)], check=True)
            small.start()
            for one in accepted:
                equal(small.call("GET", f"/api/v1/generations/{one}").json["state"], "queued")
            equal(small.submit().status, 202)
