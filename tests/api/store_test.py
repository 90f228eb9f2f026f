#!/usr/bin/env python3
"""That nothing costs anybody a file: a lost, empty, foreign or older database, a sweep, two studios on one bucket; and that
a studio which cannot work says so. With the real program.

    store_test.py PROGRAM [--on-services]

With --on-services (beside tests/services/services.py postgres s3) on PostgreSQL and a bucket. Prints a line for each test
and closes with "N passed, N failed, N skipped"."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import database_tests
from bombs import png
from disks import SmallDisk, hanging_disk
from outcomes import Outcomes, Skip
from stores import (PROGRAM, SECONDS_MAX, SWEPT, Hurried, add_orphan, admin, copy_database, does_not_start, draw, hurry,
                    in_bucket, make_pictures, objects, on_services, part, pictures_are_whole, rows, statements, until_answer)
from studio import PSQL, Studio, equal, new_database, query


def forget_identity(data):
    """As the version before had it: neither half knows of an identity."""
    statements(data, "DROP TABLE store", "DROP TABLE store_gaps",
               "DELETE FROM schema_migrations WHERE name LIKE '%_store%.sql'")
    (data / "files" / "store.json").unlink()


def test_a_lost_database_costs_no_file(folder):
    data = folder / "data"
    make_pictures(data, 2)
    files = objects(data)
    assert len(files[0]) >= 4, files
    database = data / "studio.sqlite"
    copy_database(database, folder / "right")
    for identity in ("known", "of the version before"):
        if identity != "known":
            forget_identity(data)
            copy_database(database, folder / "right")
        for rest in ("", "-wal", "-shm"):
            (data / f"studio.sqlite{rest}").unlink(missing_ok=True)
        does_not_start(data, "is missing", f"{len(files[0])} files", "admin restore", "admin adopt")
        assert not database.exists(), "a new database was begun beside files"
        database.touch()
        does_not_start(data, "is empty", "admin adopt")
        equal((database.stat().st_size, objects(data)), (0, files))
        status, said = admin(data, "adopt")
        assert status == 1 and "missing or empty" in said and database.stat().st_size == 0, said
        with Studio(PROGRAM, data=str(folder / identity), node=False) as other:
            other.submit()
        copy_database(folder / identity / "studio.sqlite", database)
        does_not_start(data, "Nothing was changed")
        equal(objects(data), files)
        status, said = admin(data, "backup", folder / f"backup {identity}")
        assert status != 0 and "do not belong together" in said, said
        copy_database(folder / "right", database)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        pictures_are_whole(studio, 2)
    equal(objects(data), files)


def test_lost_files_are_told(folder):
    data = folder / "data"
    make_pictures(data, 1)
    (data / "files").rename(folder / "files")
    does_not_start(data, "their folder, disk or bucket is missing")
    shutil.rmtree(data / "files")
    (folder / "files").rename(data / "files")
    # Beside a good store.json: a folder, or the place of a disk that is not mounted.
    (data / "files" / "objects").rename(folder / "objects")
    does_not_start(data, "objects is not there", "mount its disk", "Nothing was changed")
    equal([path.name for path in (data / "files").iterdir()], ["store.json"])
    (data / "files" / "objects").mkdir()
    does_not_start(data, "2 of 2 that were looked for are not there", "Mount it", "admin adopt")
    shutil.rmtree(data / "files" / "objects")
    (folder / "objects").rename(data / "files" / "objects")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        pictures_are_whole(studio, 1)
    # Lost for good: the operator says so.
    shutil.rmtree(data / "files" / "objects")
    (data / "files" / "objects").mkdir()
    equal(admin(data, "adopt")[0], 1)
    equal(admin(data, "adopt", "--yes")[0], 0)
    with Studio(PROGRAM, data=str(data), node=False):
        pass


def test_a_failed_start_says_where_and_leaves_nothing(folder):
    data = folder / "data"
    make_pictures(data, 0)
    note = data / "files" / "store.json"
    if subprocess.run(["chattr", "+i", note], check=False, capture_output=True).returncode != 0:
        raise Skip("needs a file system with files that cannot be changed")
    try:
        before = {str(path) for path in (data / "files").iterdir()}
        does_not_start(data, f"Saving {note} failed")
        equal({str(path) for path in (data / "files").iterdir()}, before)
    finally:
        subprocess.run(["chattr", "-i", note], check=True)


def test_a_wrong_database_that_was_adopted_sweeps_nothing(folder):
    data = folder / "data"
    make_pictures(data, 2, batch=6)
    files = objects(data)[0]
    copy_database(data / "studio.sqlite", folder / "right")
    for rest in ("", "-wal", "-shm"):
        (data / f"studio.sqlite{rest}").unlink(missing_ok=True)
    (data / "studio.sqlite").touch()
    equal(admin(data, "adopt", "--yes")[0], 0)
    with Hurried(data, folder) as server:
        said = server.until(SWEPT)
        assert f"{len(files)} of {len(files)} files are newer" in said and "they stay" in said, said
    equal(objects(data), (files, set()))
    # Only if the operator says so, and then into the trash, from where the right database has them back.
    status, said = admin(data, "sweep")
    equal((status, objects(data)[0]), (0, files))
    subprocess.run([PROGRAM, "--data-dir", str(data), "admin", "sweep", "--yes"], env=os.environ | hurry(folder),
                   check=True, capture_output=True, timeout=SECONDS_MAX)
    equal(objects(data), (set(), files))
    status, said = admin(data, "trash", "--save", folder / "saved")
    assert status == 0 and f"{len(files)} files" in said, said
    equal({path.name for path in (folder / "saved").iterdir()}, files)
    copy_database(folder / "right", data / "studio.sqlite")
    does_not_start(data, "another studio")
    equal(admin(data, "adopt", "--yes")[0], 0)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        pictures_are_whole(studio, 12)
    equal(objects(data), (files, set()))


def test_a_sweep_takes_little_and_into_the_trash(folder):
    data = folder / "data"
    with Studio(PROGRAM, data=str(data)) as studio:
        draw(studio, 1)
        files = objects(data)[0]
        orphan = add_orphan(data)
    with Hurried(data, folder) as server:
        assert "1 moved into the trash, 0 removed" in server.until(SWEPT), server.lines
    equal(objects(data), (files, {orphan}))
    # Elsewhere, because the server that was two hours ahead has left a gap of two hours.
    other = folder / "other"
    with Studio(PROGRAM, data=str(other), node=False):
        many = {add_orphan(other) for _ in range(21)}
    with Hurried(other, folder) as server:
        assert "They stay" in server.until(SWEPT), server.lines
    equal(objects(other), (many, set()))


def test_a_database_that_fails_its_audit_is_not_believed(folder):
    data = folder / "data"
    make_pictures(data, 1)
    files = objects(data)[0] | {add_orphan(data)}
    statements(data, "INSERT INTO queue_counts (workspace_id, kind, waiting) VALUES ('wsp_local', 'sdxl_image_fast', 5)")
    with Hurried(data, folder) as server:
        server.until("nothing is swept before")
    equal(objects(data), (files, set()))


def test_the_version_before_is_taken_over(folder):
    data = folder / "data"
    make_pictures(data, 2)
    files = objects(data)[0]
    forget_identity(data)
    add_orphan(data)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        pictures_are_whole(studio, 2)
    identity = json.loads((data / "files" / "store.json").read_text())["store"]
    assert identity.startswith("store_") and files <= objects(data)[0]
    # Without any file it is nothing but a studio that has made none.
    forget_identity(data)
    (data / "files").rename(folder / "gone")
    does_not_start(data, "are not there")


def test_files_newer_than_an_older_database_survive(folder):
    data = folder / "data"
    with Studio(PROGRAM, data=str(data)) as studio:
        draw(studio, 1, batch=3)
        old = objects(data)[0]
        # As a nightly `cp` of a server that goes on.
        copy_database(data / "studio.sqlite", folder / "older")
        draw(studio, 2)
    newer = objects(data)[0] - old
    assert len(newer) == 4, newer
    copy_database(data / "studio.sqlite", folder / "newer")
    copy_database(folder / "older", data / "studio.sqlite")
    with Hurried(data, folder) as server:
        said = server.until("older copy")
        assert "4 files are newer" in said and "They stay" in said, said
        said = server.until(SWEPT)
        assert f"4 of {len(old | newer)} files are newer" in said, said
        files = part(server.studio, "files")
        assert not files["ok"] and "Put the newer database back" in files["detail"], files
    equal(objects(data), (old | newer, set()))
    copy_database(folder / "newer", data / "studio.sqlite")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        pictures_are_whole(studio, 5)
    equal(objects(data), (old | newer, set()))


def test_an_older_database_is_told_at_once(folder):
    data = folder / "data"
    with Studio(PROGRAM, data=str(data)) as studio:
        draw(studio, 1)
        copy_database(data / "studio.sqlite", folder / "older")
        draw(studio, 2)
        assert part(studio, "files")["ok"]
    copy_database(folder / "older", data / "studio.sqlite")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        end = time.monotonic() + SECONDS_MAX
        while (files := part(studio, "files"))["ok"] and time.monotonic() < end:
            time.sleep(0.2)
        assert "Put the newer database back" in files["detail"], files


def test_a_database_that_names_all_is_believed_when_the_operator_says_so(folder):
    """A copy that lacks nothing but a start, for example the newer one that was put back after an older one."""
    data = folder / "data"
    make_pictures(data, 1)
    copy_database(data / "studio.sqlite", folder / "right")
    with Studio(PROGRAM, data=str(data), node=False):
        pass
    copy_database(folder / "right", data / "studio.sqlite")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        end = time.monotonic() + SECONDS_MAX
        while part(studio, "files")["ok"] and time.monotonic() < end:
            time.sleep(0.2)
        assert not part(studio, "files")["ok"]
    status, said = admin(data, "adopt")
    assert status == 1 and "ourvidz admin adopt --yes" in said, said
    status, said = admin(data, "adopt", "--yes")
    assert status == 0 and "believed from now on" in said, said
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        assert part(studio, "files")["ok"], part(studio, "files")
        pictures_are_whole(studio, 1)
    assert "one studio already" in admin(data, "adopt")[1]


def test_a_restore_elsewhere_is_one_store(folder):
    data, backup = folder / "data", folder / "backup"
    make_pictures(data, 1)
    equal(admin(data, "backup", backup)[0], 0)
    make_pictures(data, 1)
    equal(admin(folder / "other", "restore", backup)[0], 0)
    with Studio(PROGRAM, data=str(folder / "other"), node=False):
        orphan = add_orphan(folder / "other")
    with Hurried(folder / "other", folder) as server:
        server.until(SWEPT)
    equal(objects(folder / "other")[1], {orphan})
    with Studio(PROGRAM, data=str(folder / "other"), node=False) as studio:
        pictures_are_whole(studio, 1)


def test_two_studios_on_one_folder_of_files(folder):
    make_pictures(folder / "first", 1)
    (folder / "second").mkdir()
    (folder / "second" / "files").symlink_to(folder / "first" / "files")
    does_not_start(folder / "second", "Nothing was changed")
    with Studio(PROGRAM, data=str(folder / "third"), node=False):
        pass
    shutil.rmtree(folder / "third" / "files")
    (folder / "third" / "files").symlink_to(folder / "first" / "files")
    does_not_start(folder / "third", "belong to another studio")


def test_what_is_on_its_way_in_is_another_servers_own(folder):
    data = folder / "data"
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        incoming = list((data / "files" / "objects" / "incoming").iterdir())
        equal(len(incoming), 1)
        (incoming[0] / "half").write_bytes(b"on its way")
        does_not_start(data, "already uses this data folder")
        assert (incoming[0] / "half").exists(), "a second server has emptied the first one's folder"
        studio.process.kill()
        studio.stop()
    with Studio(PROGRAM, data=str(data), node=False):
        assert not incoming[0].exists(), "what a killed server has left is never removed"


def test_a_folder_of_somebody_elses_is_no_unfinished_backup(folder):
    data = folder / "data"
    make_pictures(data, 1)
    precious = folder / "photos.partial" / "holiday.txt"
    precious.parent.mkdir()
    precious.write_text("precious")
    status, said = admin(data, "backup", folder / "photos")
    assert status == 2 and "no backup of ours" in said, said
    equal(precious.read_text(), "precious")


def test_a_full_disk_is_not_ready_and_says_so(folder):
    with SmallDisk(folder / "data", "64m") as disk:
        with Studio(PROGRAM, data=str(disk.folder), node=False) as studio:
            equal(studio.call("GET", "/api/v1/ready").status, 200)
            disk.fill()
            said = until_answer(studio, "/api/v1/ready", 503).json["detail"]
            assert "disk is full" in said, said
            files = part(studio, "files")
            assert not files["ok"] and "disk is full" in files["detail"], files
            database = part(studio, "database")
            assert not database["ok"] and "disk is full" in database["detail"], database
            (disk.folder / "filler").unlink()
            until_answer(studio, "/api/v1/ready", 200)
        disk.fill()
        does_not_start(disk.folder, "is full", "needs 16 MiB", "Free some space")


def test_what_earlier_rules_judged_is_judged_again(folder):
    data, more = folder / "data", 450
    with Studio(PROGRAM, data=str(data)) as studio:
        draw(studio, 1)
        held = studio.call("POST", "/api/v1/assets", png(), {"Content-Type": "image/png"}).json
        equal(held["verdict"]["decision"], "hold")
        [shown] = [one["id"] for one in studio.call("GET", "/api/v1/assets").json["items"] if one["id"] != held["id"]]
    columns = "workspace_id, medium, state, content_type, width, height, bytes, sha256, recipe, people_free, policy, created_at"
    statements(data, f"INSERT INTO assets (id, position, {columns}) WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n"
                     f" WHERE at < {more}) SELECT 'ast_more_' || at, 0, {columns} FROM n, assets WHERE id = '{shown}'",
               "INSERT INTO checks SELECT id, 1, 'allow', '', '', 5 FROM assets WHERE id LIKE 'ast_more_%'",
               "UPDATE checks SET judged_by = 0", "UPDATE assets SET policy = 0")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        end = time.monotonic() + SECONDS_MAX
        while rows(data, "SELECT COUNT(*) FROM assets WHERE policy = 0") != [(0,)]:
            assert time.monotonic() < end, "some are never judged again"
            time.sleep(0.05)
        equal(studio.call("GET", f"/api/v1/assets/{shown}/content").status, 200)
        equal(studio.call("GET", f"/api/v1/assets/{held['id']}").json["verdict"], held["verdict"])
        equal(studio.call("GET", f"/api/v1/assets/{held['id']}/content").status, 403)
    # The earlier verdicts stay; whoever could see a picture again was told once.
    equal(rows(data, "SELECT judged_by, COUNT(*), MIN(judged_at) > 5 FROM checks GROUP BY judged_by"),
          [(0, more + 2, 0), (1, more + 2, 1)])
    equal(rows(data, "SELECT COUNT(*), COUNT(DISTINCT subject_id) FROM events WHERE subject_id LIKE 'ast_more_%'"), [(more, more)])


def test_files_on_another_disk_than_the_folder(folder):
    data = folder / "data"
    with SmallDisk(folder / "disk", "64m") as disk:
        (data / "files").mkdir(parents=True)
        (data / "files" / "objects").symlink_to(disk.folder)
        make_pictures(data, 1)
        assert len(objects(data)[0]) >= 2
        with Studio(PROGRAM, data=str(data), node=False) as studio:
            pictures_are_whole(studio, 1)
            disk.fill()
            assert "disk is full" in until_answer(studio, "/api/v1/ready", 503).json["detail"]
        subprocess.run(["mount", "-o", "remount,ro", str(disk.folder)], check=True)
        does_not_start(data, "Read-only")


def test_a_bucket_belongs_to_one_studio(folder):
    bucket, settings = on_services()
    make_pictures(folder / "a", 2, **settings)
    files = in_bucket(bucket)[0]
    assert len(files) >= 4, files
    other = settings | new_database()[1]
    # Another, or a new, database: the second studio does not start.
    does_not_start(folder / "b", "does not know it", "admin adopt", **other)
    equal(in_bucket(bucket), (files, set()))
    elsewhere = on_services()[1]
    with Studio(PROGRAM, data=str(folder / "c"), node=False, **elsewhere):
        pass
    does_not_start(folder / "c", "belong to another studio", **elsewhere | {"s3_url": settings["s3_url"]})
    # A second server of the same studio does.
    with Studio(PROGRAM, data=str(folder / "a"), node=False, **settings), \
            Studio(PROGRAM, data=str(folder / "d"), node=False, **settings) as second:
        pictures_are_whole(second, 2)
    # Whoever adopts takes the bucket away from the other, who finds out.
    equal(admin(folder / "b", "adopt", "--yes", **other)[0], 0)
    does_not_start(folder / "a", "belong to another studio", **settings)
    equal(admin(folder / "a", "adopt", "--yes", **settings)[0], 0)
    orphans = {f"{seed:032x}" for seed in range(3)}
    for key in orphans:
        (bucket / key).write_bytes(b"belongs to nothing")
        os.utime(bucket / key, (time.time() - 7200,) * 2)
    status, said = admin(folder / "a", "sweep", "--yes", **settings)
    assert status == 0 and "3 files moved into the trash" in said, said
    equal(in_bucket(bucket), (files, orphans))
    # What the database names comes back out of the trash.
    lost = min(files)
    (bucket / lost).rename(bucket / "trash" / lost)
    with Studio(PROGRAM, data=str(folder / "a"), node=False, **settings) as studio:
        pictures_are_whole(studio, 2)
    equal(in_bucket(bucket), (files, orphans))


def restored_to_before(settings, folder, between):
    """PostgreSQL as its dump had it, which was made before `between` ran."""
    postgres, database = pathlib.Path(PSQL).parent, settings["database_server_url"].rpartition("/")[2]
    subprocess.run([postgres / "pg_dump", "--format=custom", f"--file={folder / 'dump'}", settings["database_server_url"]],
                   check=True)
    between()
    query("postgres", f"DROP DATABASE {database} WITH (FORCE)")
    query("postgres", f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    subprocess.run([postgres / "pg_restore", "--exit-on-error", f"--dbname={settings['database_server_url']}", folder / "dump"],
                   check=True)


def test_a_bucket_newer_than_a_restored_dump_is_told(folder):
    bucket, settings = on_services()
    studio = Studio(PROGRAM, data=str(folder / "a"), **settings)
    studio.start()
    draw(studio, 1)
    old = in_bucket(bucket)[0]
    restored_to_before(settings, folder, lambda: (draw(studio, 1), studio.stop()))
    newer = in_bucket(bucket)[0] - old
    with studio.spawn() as process:
        said = next(line for line in process.stdout if "older copy" in line)
        process.terminate()
    assert f"{len(newer)} files are newer" in said, said
    equal(in_bucket(bucket), (old | newer, set()))


def test_a_disk_that_hangs_holds_nobody_up(folder):
    """As one of a network does whose server has gone: whoever asks it how much is free gets no answer."""
    environment, hangs = hanging_disk(folder)
    with Studio(PROGRAM, str(folder / "data"), node=False) as studio:
        studio.stop()
        studio.environment.update(environment)
        studio.start()
        free = re.compile(r'ourvidz_server{value="files_bytes_free"} (\S+)')
        hangs.touch()
        answers = []
        scrape = threading.Thread(target=lambda: answers.append(studio.call("GET", "/metrics").body.decode()))
        scrape.start()
        try:
            for _ in range(20):
                began = time.monotonic()
                equal(studio.call("GET", "/api/v1/generations").status, 200)
                assert time.monotonic() - began < 1, "the loop waits for the disk"
            scrape.join(30)
            equal(free.search(answers[0]).group(1).lower(), "nan")
        finally:
            hangs.unlink()
        assert float(free.search(studio.call("GET", "/metrics").body.decode()).group(1)) > 0


TESTS = [test_a_lost_database_costs_no_file, test_lost_files_are_told, test_a_failed_start_says_where_and_leaves_nothing,
         test_a_wrong_database_that_was_adopted_sweeps_nothing, test_a_sweep_takes_little_and_into_the_trash,
         test_a_database_that_fails_its_audit_is_not_believed, test_the_version_before_is_taken_over,
         test_an_older_database_is_told_at_once, test_a_database_that_names_all_is_believed_when_the_operator_says_so,
         test_files_newer_than_an_older_database_survive, test_a_restore_elsewhere_is_one_store,
         test_two_studios_on_one_folder_of_files, test_what_is_on_its_way_in_is_another_servers_own,
         test_a_folder_of_somebody_elses_is_no_unfinished_backup, test_a_full_disk_is_not_ready_and_says_so,
         test_what_earlier_rules_judged_is_judged_again,
         test_files_on_another_disk_than_the_folder, test_a_disk_that_hangs_holds_nobody_up, *database_tests.TESTS]
ON_SERVICES = [test_a_bucket_belongs_to_one_studio, test_a_bucket_newer_than_a_restored_dump_is_told]


def main():
    outcomes = Outcomes(timed=True)
    for test in ON_SERVICES if "--on-services" in sys.argv[2:] else TESTS:
        with tempfile.TemporaryDirectory(prefix="ourvidz-store-") as folder:
            outcomes.run(test, pathlib.Path(folder))
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
