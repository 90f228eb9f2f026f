#!/usr/bin/env python3
"""What the operator relies on, with the real program: backups that are whole, restores that bring everything back, jobs
that failed for good and get another chance.

    operator_test.py PROGRAM [--on-postgres]

On PostgreSQL (beside tests/services/services.py) only the jobs: backups there are docs/backup.md's business.
Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

from outcomes import Outcomes, Skip
from studio import Studio, equal, new_database

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
FEW_STEPS = 4
COMMAND_SECONDS_MAX = 120


def admin(data, *words, **settings):
    environment = {**os.environ, **{f"OURVIDZ_{name.upper()}": str(value) for name, value in settings.items()}}
    return subprocess.run([PROGRAM, "--data-dir", str(data), "admin", *map(str, words)], env=environment, text=True,
                          capture_output=True, timeout=COMMAND_SECONDS_MAX, check=False)


def succeeds(done):
    assert done.returncode == 0, f"exit {done.returncode}: {done.stdout} {done.stderr}"
    return done.stdout


def fails(done, status, words):
    assert done.returncode == status and words in done.stderr, f"exit {done.returncode}, not {status}: {done.stderr}"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(database, statement):
    connection = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def stored(folder, key):
    return folder / "files" / "objects" / key[:2] / key


def picture(studio, seed, **fields):
    return studio.submit(seed=seed, steps=FEW_STEPS, **fields).json["id"]


def test_a_backup_of_a_busy_studio_brings_everything_back(folder):
    data, backup = folder / "data", folder / "backup"
    with Studio(PROGRAM, data=str(data)) as studio:
        studio.until(picture(studio, 1), "succeeded")
        (data / "word-lists").mkdir(exist_ok=True)
        (data / "word-lists" / "beast.txt").write_text("hedgehog\n")
        long = studio.submit(steps=12, batch=3).json["id"]
        waiting = [picture(studio, seed) for seed in (3, 4)]
        studio.until(long, "running")
        seen = next(studio.events())[1]["last_event_id"]
        said = succeeds(admin(data, "backup", backup, "--quiet"))
        assert "Backup" in said, said
        made = [picture(studio, 20)]
        studio.stop(signal.SIGKILL)
    named = rows(backup / "studio.sqlite", "SELECT file_key, bytes, sha256 FROM asset_files")
    assert len(named) >= 2, named
    for key, size, sha256 in named:
        equal((stored(backup, key).stat().st_size, digest(stored(backup, key))), (size, sha256))
    equal(subprocess.run(["sha256sum", "-c", "--quiet", "files.sha256"], cwd=backup, check=False).returncode, 0)
    states = dict(rows(backup / "studio.sqlite", "SELECT id, state FROM generations"))
    equal(states[long], "running")
    assert not set(made) & set(states), "what came after the backup is in it"
    shutil.rmtree(data)
    succeeds(admin(data, "restore", backup, "--quiet"))
    equal((data / "word-lists" / "beast.txt").read_text(), "hedgehog\n")
    equal(oct((data / "operator.token").stat().st_mode & 0o777), "0o600")
    with Studio(PROGRAM, data=str(data), lease_ms=2000) as studio:
        # A reader from before the restore is told to start over, whatever number it has seen.
        stream = studio.events(after=seen + 5)
        equal([next(stream)[0], next(stream)[0]], ["hello", "reset"])
        for one in (long, *waiting):
            done = studio.until(one, "succeeded", "failed", "canceled")
            equal((one, done["state"], done["hold"]), (one, "succeeded", "settled"))
        for asset in studio.call("GET", "/api/v1/assets?limit=200").json["items"]:
            whole = studio.call("GET", asset["links"]["original"])
            equal((whole.status, len(whole.body)), (200, asset["bytes"]))


def test_a_restore_refuses_what_it_would_harm(folder):
    data, backup = folder / "data", folder / "backup"
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        kept = studio.submit().json["id"]
        succeeds(admin(data, "backup", backup))
        fails(admin(data, "restore", backup), 4, "already uses this data folder. Stop it first")
        fails(admin(data, "backup", backup), 2, "is there already")
        fails(admin(data, "backup", data / "inside"), 2, "must not be inside the data folder")
    fails(admin(data, "restore", backup), 2, "is not empty")
    fails(admin(folder / "nothing", "backup", folder / "other"), 2, "There is no studio in")
    fails(admin(folder / "new", "restore", folder / "nothing"), 2, "no complete backup")
    fails(admin(data, "backup", folder / "x", database_url="postgresql://h/d", database_server_url="postgresql://h/d"), 2,
          "docs/backup.md")
    # Another version's.
    head = json.loads((backup / "backup.json").read_text())
    for field, value in (("format", 2), ("migration", 9999)):
        (backup / "backup.json").write_text(json.dumps({**head, field: value}))
        fails(admin(folder / "new", "restore", backup), 2, "newer version")
    (backup / "backup.json").write_text(json.dumps(head))
    # A byte changed, a file lost, the list changed.
    database = (backup / "studio.sqlite").read_bytes()
    (backup / "studio.sqlite").write_bytes(database[:5000] + bytes([database[5000] ^ 1]) + database[5001:])
    fails(admin(folder, "verify", backup), 1, "studio.sqlite")
    fails(admin(folder / "new", "restore", backup), 2, "studio.sqlite is not what it was")
    assert not (folder / "new" / "studio.sqlite").exists()
    # What was cut off is not taken for a studio, and the next restore goes on.
    (backup / "studio.sqlite").write_bytes(database)
    taken = subprocess.run([PROGRAM, "--data-dir", str(folder / "new"), "--listen", "127.0.0.1:0", "serve"],
                           capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, check=False)
    assert taken.returncode == 1 and "was not finished" in taken.stderr, taken
    succeeds(admin(folder / "new", "restore", backup))
    with Studio(PROGRAM, data=str(folder / "new"), node=False) as studio:
        equal(studio.call("GET", f"/api/v1/generations/{kept}").json["state"], "queued")
    (backup / "node.token").unlink()
    (backup / "operator.token").write_text("another")
    found = admin(folder, "verify", backup)
    fails(found, 1, "node.token")
    assert "operator.token" in found.stderr and "is damaged" in found.stdout, found


def test_a_backup_that_is_cut_off_is_none_and_goes_on(folder):
    data, backup = folder / "data", folder / "backup"
    with Studio(PROGRAM, data=str(data)) as studio:
        studio.until(picture(studio, 1, batch=3), "succeeded")
    objects = [path for path in (data / "files" / "objects").rglob("*") if path.is_file()]
    partial = folder / "backup.partial"
    partial.mkdir()
    (partial / "backup.unfinished").touch()
    # As a run leaves it that was killed: some files whole, one half, one that nobody names any more.
    for path in objects[:2]:
        place = partial / path.relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    stray = partial / "files" / "objects" / "ff" / ("f" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"stray")
    fails(admin(folder, "verify", partial), 2, "no complete backup")
    succeeds(admin(data, "backup", backup, "--link"))
    assert not partial.exists() and not (backup / stray.relative_to(partial)).exists()
    succeeds(admin(folder, "verify", backup))
    linked = [path for path in objects if (backup / path.relative_to(data)).stat().st_ino == path.stat().st_ino]
    equal(len(linked), len(objects) - 2)
    # A file that the studio has lost: the rest is saved, and it is said.
    objects[0].unlink()
    done = admin(data, "backup", folder / "second")
    equal(done.returncode, 1)
    assert "were missing" in done.stderr and objects[0].name in done.stderr, done.stderr
    second = json.loads((folder / "second" / "backup.json").read_text())
    equal(second["missing"], [str(objects[0].relative_to(data))])


def test_a_full_disk_leaves_no_backup(folder):
    small = folder / "small"
    small.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)],
                                           capture_output=True, check=False).returncode != 0:
        raise Skip("needs root to mount a small disk")
    try:
        with Studio(PROGRAM, data=str(folder / "data"), node=False) as studio:
            studio.submit()
            fails(admin(studio.data, "backup", small / "backup"), 4, "not enough space")
        equal(list(small.iterdir()), [])
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)


class Node:
    """A node of ours that fails everything, over the real calls."""

    def __init__(self, studio):
        self.studio = studio
        token = (pathlib.Path(studio.data) / "node.token").read_text().strip()
        self.headers = {"Authorization": f"Bearer {token}"}

    def fail_next(self, retry=True, code="engine_failed"):
        want = [{"kinds": ["sdxl_image_fast"], "count": 1}]
        body = {"node_id": "n1", "wait_ms": 5000, "want": want, "running": []}
        lease = self.studio.call("POST", "/api/v1/node/poll", body, self.headers).json["leases"][0]
        body = {"fence": lease["fence"], "outcome": "failed", "retry": retry, "code": code, "detail": "It broke."}
        reply = self.studio.call("POST", f"/api/v1/node/attempts/{lease['attempt_id']}/finish", body, self.headers)
        equal(reply.status, 204)
        return lease


def test_dead_jobs_are_listed_and_retried_once(folder):
    settings = new_database()[1] if "--on-postgres" in sys.argv[2:] else {}
    with Studio(PROGRAM, data=str(folder / "data"), node=False, attempts_max=2, **settings) as studio:
        secret = "a very private fox"
        first = studio.submit(prompt=secret, seed=7).json
        node = Node(studio)
        for _ in range(2):
            node.fail_next()
        second = studio.submit(seed=8).json["id"]
        node.fail_next(retry=False)
        # What cannot be made, or may not, is between the studio and who asked.
        for code in ("refused", "held", "invalid_field", "too_large"):
            declined = studio.submit(seed=9).json["id"]
            node.fail_next(retry=False, code=code)
            ended = studio.call("GET", f"/api/v1/generations/{declined}").json
            equal((ended["state"], ended["error"]["code"]), ("failed", code))
        equal(studio.call("GET", "/api/v1/health").json["queue"]["dead"], 2)
        metrics = studio.call("GET", "/metrics", headers=studio.credentials("studio.operate")).body.decode()
        # With the one above that its node would not try again.
        assert 'ourvidz_jobs{state="dead"} 2' in metrics and 'ourvidz_attempts_total{outcome="declined"} 5' in metrics, metrics
        said = succeeds(admin(studio.data, "jobs", "--dead"))
        assert "refused" not in said, said
        assert "engine_failed: It broke." in said and "private" not in said, said
        # The engine's own text is the operator's; people are told what it means.
        told = studio.call("GET", f"/api/v1/generations/{first['id']}").json["error"]["detail"]
        equal(told, "The model could not make this. It was tried 2 times. Nothing was charged.")
        dead = {one["generation_id"]: one for one in json.loads(succeeds(admin(studio.data, "jobs", "--dead", "--json")))}
        equal([one["state"] for one in dead[first["id"]]["attempts"]], ["failed", "failed"])
        equal([one["node_id"] for one in dead[first["id"]]["attempts"]], ["n1", "n1"])
        equal(len(dead[second]["attempts"]), 1)
        job = dead[first["id"]]["id"]
        said = succeeds(admin(studio.data, "retry", job))
        again = studio.call("GET", f"/api/v1/generations/{said.split()[-1]}").json
        equal((again["state"], again["hold"], again["settings"]), ("queued", "placed", first["settings"]))
        equal(studio.call("GET", f"/api/v1/generations/{first['id']}").json["state"], "failed")
        fails(admin(studio.data, "retry", job), 2, "retried already")
        fails(admin(studio.data, "retry", "job_x"), 2, "no such job")
        fails(admin(studio.data, "retry"), 2, "or --all")
        equal(len(succeeds(admin(studio.data, "retry", "--all")).splitlines()), 1)
        assert "No job waits" in succeeds(admin(studio.data, "retry", "--all"))
        equal(len(json.loads(succeeds(admin(studio.data, "jobs", "--json")))), 2)
        everything = studio.call("GET", "/api/v1/generations").json["items"]
        equal(sorted(one["hold"] for one in everything), ["placed"] * 2 + ["voided"] * 6)
        # Only with the operator's token.
        for headers in ({}, node.headers):
            equal(studio.call("GET", "/api/v1/operator/jobs", headers=headers).status, 401)
            equal(studio.call("POST", f"/api/v1/operator/jobs/{job}/retry", headers=headers).status, 401)


def test_what_is_whole_of_a_damaged_backup_is_restored(folder):
    data, backup = folder / "data", folder / "backup"
    with Studio(PROGRAM, data=str(data)) as studio:
        for seed in range(2):
            studio.until(studio.submit(seed=seed, steps=4).json["id"], "succeeded")
    equal(admin(data, "backup", backup).returncode, 0)
    rotten, gone = sorted((backup / "files" / "objects").glob("[0-9a-f][0-9a-f]/*"))[:2]
    rotten.write_bytes(rotten.read_bytes()[:-1] + b"?")
    gone.unlink()
    fails(admin(folder / "refused", "restore", backup), 2, "--without-damaged")
    stored = len([path for path in backup.rglob("*") if path.is_file()]) - 2  # its list and its head
    done = admin(folder / "restored", "restore", "--without-damaged", backup)
    equal(done.returncode, 1)
    for one in (rotten, gone):
        line = next(line for line in done.stderr.splitlines() if one.name in line)
        assert " of the image ast_" in line and "a red fox" in line, line
    assert "2 files of the backup are missing or not what they were" in done.stderr, done.stderr
    assert f": {stored - 1} files, " in done.stdout, (stored, done.stdout)
    with Studio(PROGRAM, data=str(folder / "restored"), node=False) as studio:
        equal(len(studio.call("GET", "/api/v1/assets?limit=50").json["items"]), 2)
    with open(backup / "studio.sqlite", "ab") as database:
        database.write(b"?")
    fails(admin(folder / "worse", "restore", "--without-damaged", backup), 2, "studio.sqlite is not what it was")


def test_what_is_no_token_is_left_alone(folder):
    data, elsewhere = folder / "data", folder / "elsewhere"
    token = data / "operator.token"
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        own = token.read_text()
        studio.stop()
    elsewhere.write_text("somebody's")
    for made in (lambda: token.symlink_to(elsewhere), lambda: token.write_text("short"), lambda: token.write_bytes(b"\xff\x00" * 99)):
        token.unlink()
        made()
        before = token.read_bytes()
        said, _ = Studio(PROGRAM, data=str(data), node=False).spawn().communicate(timeout=60)
        assert "operator.token has no token" in said, said
        equal((token.read_bytes(), elsewhere.read_text()), (before, "somebody's"))
    token.write_text("")
    with Studio(PROGRAM, data=str(data), node=False):
        assert len(token.read_text()) == len(own) and token.read_text() != own


TESTS = [test_what_is_no_token_is_left_alone, test_a_backup_of_a_busy_studio_brings_everything_back, test_a_restore_refuses_what_it_would_harm,
         test_a_backup_that_is_cut_off_is_none_and_goes_on, test_a_full_disk_leaves_no_backup,
         test_what_is_whole_of_a_damaged_backup_is_restored,
         test_dead_jobs_are_listed_and_retried_once]


def main():
    outcomes = Outcomes()
    for test in [test_dead_jobs_are_listed_and_retried_once] if "--on-postgres" in sys.argv[2:] else TESTS:
        with tempfile.TemporaryDirectory(prefix="ourvidz-operator-") as folder:
            outcomes.run(test, pathlib.Path(folder))
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
