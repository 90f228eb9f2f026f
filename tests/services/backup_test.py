#!/usr/bin/env python3
"""docs/backup.md for several servers, done: pg_dump and a copy of the bucket while jobs run, everything lost, restored.

    services.py postgres s3 -- backup_test.py PROGRAM

Prints a line and closes with "N passed, N failed, N skipped"."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from outcomes import Outcomes  # noqa: E402  (found by the line above)
from studio import PSQL, Studio, equal, new_database, query  # noqa: E402

POSTGRES = pathlib.Path(PSQL).parent
NEEDED = ("OURVIDZ_TEST_POSTGRES", "OURVIDZ_TEST_S3", "OURVIDZ_TEST_S3_FOLDER")
EVENTS_ANEW = "DELETE FROM events; UPDATE workspaces SET last_event = last_event + 1000000000"


def test_database_first_and_bucket_after_it(program, folder):
    database, settings = new_database()
    bucket = pathlib.Path(os.environ["OURVIDZ_TEST_S3_FOLDER"]) / os.environ["OURVIDZ_TEST_S3_BUCKET"] / database
    settings |= {"s3_url": f"{os.environ['OURVIDZ_TEST_S3']}/{os.environ['OURVIDZ_TEST_S3_BUCKET']}/{database}",
                 "s3_access_key": os.environ["OURVIDZ_TEST_S3_ACCESS_KEY"],
                 "s3_secret_key": os.environ["OURVIDZ_TEST_S3_SECRET_KEY"], "lease_ms": 2000}
    with Studio(program, data=str(folder / "a"), **settings) as studio:
        studio.until(studio.submit(seed=1, steps=4).json["id"], "succeeded")
        running = studio.submit(seed=2, steps=12).json["id"]
        waiting = studio.submit(seed=3, steps=4).json["id"]
        studio.until(running, "running")
        subprocess.run([POSTGRES / "pg_dump", "--format=custom", f"--file={folder / 'dump'}", settings["database_server_url"]],
                       check=True)
        shutil.copytree(bucket, folder / "bucket")
        seen = next(studio.events())[1]["last_event_id"]
        studio.stop(signal.SIGKILL)
    # Everything is lost; another database stands for the new server.
    query("postgres", f"DROP DATABASE {database} WITH (FORCE)")
    shutil.rmtree(bucket)
    query("postgres", f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    subprocess.run([POSTGRES / "pg_restore", "--exit-on-error", f"--dbname={settings['database_server_url']}", folder / "dump"],
                   check=True)
    shutil.copytree(folder / "bucket", bucket)
    for statement in EVENTS_ANEW.split("; "):
        query(database, statement)
    with Studio(program, data=str(folder / "b"), **settings) as studio:
        stream = studio.events(after=seen)
        equal([next(stream)[0], next(stream)[0]], ["hello", "reset"])
        for one in (running, waiting):
            done = studio.until(one, "succeeded", "failed", "canceled")
            equal((done["state"], done["hold"]), ("succeeded", "settled"))
        assets = studio.call("GET", "/api/v1/assets?limit=200").json["items"]
        equal(len(assets), 3)
        for asset in assets:
            equal(len(studio.call("GET", asset["links"]["original"]).body), asset["bytes"])


def main():
    if any(name not in os.environ for name in NEEDED):
        print("skipped without PostgreSQL or S3\n0 passed, 0 failed, 1 skipped")
        return 0
    outcomes = Outcomes()
    with tempfile.TemporaryDirectory(prefix="ourvidz-backup-") as folder:
        outcomes.run(test_database_first_and_bucket_after_it, os.path.abspath(sys.argv[1]), pathlib.Path(folder))
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
