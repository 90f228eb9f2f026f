"""What the tests of stores share: studios on folders that they break, servers that live fast, small disks."""
import os
import pathlib
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import threading

from studio import Studio, equal, new_database, preloaded

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
SECONDS_MAX = 120
FEW_STEPS = 4
SWEPT = r"files that belong to nothing|files are newer than the database|nothing is swept|belong to nothing that the database knows|work with the same|identity"


def run(data, *words, **settings):
    environment = {**os.environ, **{f"OURVIDZ_{name.upper()}": str(value) for name, value in settings.items()}}
    return subprocess.run([PROGRAM, "--data-dir", str(data), *map(str, words)], env=environment, text=True,
                          capture_output=True, timeout=SECONDS_MAX, check=False)


def admin(data, *words, **settings):
    done = run(data, "admin", *words, **settings)
    return done.returncode, done.stdout + done.stderr


def does_not_start(data, *words, **settings):
    """What it says."""
    done = run(data, "serve", "--listen", "127.0.0.1:0", "--start-node", "false", **settings)
    equal((done.returncode, "is ready" in done.stdout), (1, False))
    for word in words:
        assert word in done.stderr, done.stderr
    return done.stderr


def objects(data):
    """Keys of the finished files in a data folder, and of those in its trash."""
    root = data / "files" / "objects"
    return ({path.name for path in root.glob("[0-9a-f][0-9a-f]/*")}, {path.name for path in (root / "trash").glob("*")})


def draw(studio, count, batch=1):
    for seed in range(count):
        studio.until(studio.submit(seed=seed, steps=FEW_STEPS, batch=batch).json["id"], "succeeded")


def make_pictures(data, count, batch=1, **settings):
    with Studio(PROGRAM, data=str(data), **settings) as studio:
        draw(studio, count, batch)


def pictures_are_whole(studio, count):
    items = studio.call("GET", "/api/v1/assets?limit=200").json["items"]
    equal(len(items), count)
    for asset in items:
        whole = studio.call("GET", asset["links"]["original"])
        equal((whole.status, len(whole.body)), (200, asset["bytes"]))


def statements(data, *lines):
    connection = sqlite3.connect(data / "studio.sqlite")
    try:
        for line in lines:
            connection.execute(line)
        connection.commit()
    finally:
        connection.close()


def rows(data, statement):
    connection = sqlite3.connect(f"file:{data}/studio.sqlite?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def copy_database(source, target):
    for rest in ("", "-wal", "-shm"):
        (target.parent / (target.name + rest)).unlink(missing_ok=True)
        if (source.parent / (source.name + rest)).exists():
            shutil.copy(source.parent / (source.name + rest), target.parent / (target.name + rest))


def hurry(folder):
    """What a process's environment must have for it to live 300 times as fast, two hours ahead."""
    return preloaded("fast_clock", folder)


class Hurried:
    """A server without a node, for which ten minutes take two seconds, and all files are two hours old."""

    def __init__(self, data, folder, **settings):
        self.studio = Studio(PROGRAM, data=str(data), node=False, **settings)
        self.studio.environment |= hurry(folder)
        self.lines = []

    def __enter__(self):
        self.process = self.studio.spawn()
        self.watchdog = threading.Timer(SECONDS_MAX, self.process.kill)
        self.watchdog.start()
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        self.process.kill()
        self.process.stdout.close()
        self.process.wait()

    def until(self, pattern):
        """The next line that it prints with this in it."""
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.studio.port = int(found.group(1))
            if re.search(pattern, line):
                return line
        raise AssertionError(f"never said {pattern}: {''.join(self.lines)}")


def add_orphan(data):
    """What comes while no server works may be newer than the database: so while one does."""
    key = secrets.token_hex(16)
    (data / "files" / "objects" / key[:2] / key).write_bytes(b"belongs to nothing")
    return key


def until_answer(studio, path, status):
    """The first answer with this status; an answer may be five seconds old."""
    for _ in range(200):
        reply = studio.call("GET", path)
        if reply.status == status:
            return reply
        threading.Event().wait(0.1)
    raise AssertionError(f"{path} never answered {status}: {reply.status} {reply.body}")


def part(studio, name):
    return next(one for one in studio.call("GET", "/api/v1/health").json["parts"] if one["name"] == name)


def on_services():
    database, settings = new_database()
    bucket = pathlib.Path(os.environ["OURVIDZ_TEST_S3_FOLDER"]) / os.environ["OURVIDZ_TEST_S3_BUCKET"] / database
    return bucket, settings | {
        "s3_url": f"{os.environ['OURVIDZ_TEST_S3']}/{os.environ['OURVIDZ_TEST_S3_BUCKET']}/{database}",
        "s3_access_key": os.environ["OURVIDZ_TEST_S3_ACCESS_KEY"], "s3_secret_key": os.environ["OURVIDZ_TEST_S3_SECRET_KEY"]}


def in_bucket(bucket):
    keys = {path.name for path in bucket.iterdir() if re.fullmatch("[0-9a-f]{32}", path.name)}
    trash = {path.name for path in (bucket / "trash").iterdir()} if (bucket / "trash").exists() else set()
    return keys, trash
