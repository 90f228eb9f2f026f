"""Database files that are damaged, taken away or replaced, logs of other files, and two servers on one studio."""
import shutil
import signal
import sqlite3

from stores import (PROGRAM, Hurried, add_orphan, admin, copy_database, does_not_start, draw, make_pictures, objects, part,
                    pictures_are_whole, statements, until_answer)
from studio import Studio, equal


def test_a_damaged_page_is_noticed(folder):
    data = folder / "data"
    make_pictures(data, 1)
    database = data / "studio.sqlite"
    statements(data, "PRAGMA wal_checkpoint(TRUNCATE)")
    connection = sqlite3.connect(database)
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'durations'").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with open(database, "r+b") as out:
        out.seek((page - 1) * size)
        out.write(b"\xff" * size)
    orphan = add_orphan(data)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        said = until_answer(studio, "/api/v1/ready", 503).json["detail"]
        assert "database is damaged" in said, said
        assert not part(studio, "database")["ok"]
    with Hurried(data, folder) as server:
        server.until("nothing is swept before")
    assert orphan in objects(data)[0]


def saved_files(data):
    return list(data.glob("studio.sqlite.saved-*"))


def test_a_database_that_is_taken_away_is_noticed_and_saved(folder):
    for how in ("removed", "replaced", "without its log"):
        data = folder / how
        make_pictures(data, 1)
        copy_database(data / "studio.sqlite", folder / "older")
        with Studio(PROGRAM, data=str(data)) as studio:
            draw(studio, 1)
            if how == "replaced":
                shutil.copy(folder / "older", data / "x")
                (data / "x").rename(data / "studio.sqlite")
            else:
                (data / ("studio.sqlite" if how == "removed" else "studio.sqlite-wal")).unlink()
            equal(studio.submit().status, 503)
            said = until_answer(studio, "/api/v1/ready", 503).json["detail"]
            saved, = saved_files(data)
            assert str(saved) in said and "put that file into the place of" in said, said
            equal(part(studio, "database")["detail"], said)
            pictures_are_whole(studio, 2)
        left = {path.name for path in data.glob("studio.sqlite*")} - {"studio.sqlite.lock", saved.name}
        equal(left, {"studio.sqlite"} if how != "removed" else set())
        if how == "removed":
            does_not_start(data, "is missing")
        saved.rename(data / "studio.sqlite")
        with Studio(PROGRAM, data=str(data), node=False) as studio:
            pictures_are_whole(studio, 2)


def test_a_log_of_another_file_is_not_taken(folder):
    data = folder / "data"
    make_pictures(data, 1)
    copy_database(data / "studio.sqlite", folder / "older")
    make_pictures(data, 1)
    with Studio(PROGRAM, data=str(data)) as studio:
        draw(studio, 1)
        studio.process.kill()
        studio.process.wait()
        assert (data / "studio.sqlite-wal").stat().st_size > 0
        copy_database(data / "studio.sqlite", folder / "killed")
        # As an operator who forgets the log does it.
        shutil.copy(folder / "older", data / "studio.sqlite")
        log = (data / "studio.sqlite-wal").read_bytes()
        does_not_start(data, "is not the one that", "studio.sqlite-wal", "Nothing was changed")
        status, said = admin(data, "backup", folder / "backup")
        assert status != 0 and "is not the one that" in said, said
        equal(((data / "studio.sqlite").read_bytes(), (data / "studio.sqlite-wal").read_bytes()),
              ((folder / "older").read_bytes(), log))
        # Of the right file it is taken.
        copy_database(folder / "killed", data / "studio.sqlite")
        studio.start()
        pictures_are_whole(studio, 3)


def test_a_log_is_known_however_often_it_was_written_back(folder):
    data = folder / "data"
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        before = None
        for _ in range(3):
            # More than the log holds, so that it begins anew.
            for _ in range(500):
                equal(studio.submit(prompt="a red fox " * 350).status in (202, 429), True)
            studio.stop(signal.SIGKILL)
            head = (data / "studio.sqlite").read_bytes()[60:64]
            assert head != before, "the log was never written back"
            before = head
            studio.start()


def test_one_studio_has_one_server_however_it_is_reached(folder):
    data, links = folder / "data", folder / "links"
    links.mkdir()
    with Studio(PROGRAM, data=str(data), node=False):
        (links / "studio.sqlite").symlink_to(data / "studio.sqlite")
        (links / "files").symlink_to(data / "files")
        does_not_start(links, "already uses")
        (links / "studio.sqlite").unlink()
        copy_database(data / "studio.sqlite", links / "studio.sqlite")
        does_not_start(links, "already uses the files")
        (links / "files").unlink()
        (links / "files").mkdir()
        (links / "files" / "store.json").symlink_to(data / "files" / "store.json")
        (links / "files" / "objects").symlink_to(data / "files" / "objects")
        does_not_start(links, "already uses the files")


def test_a_database_that_becomes_older_meanwhile_is_told(folder):
    data = folder / "data"
    with Hurried(data, folder) as server:
        server.until("is ready")
        statements(data, "UPDATE store SET beat = beat - 1000")
        server.until("later state of the database")
        said = until_answer(server.studio, "/api/v1/ready", 503).json["detail"]
        assert "put the right database back" in said, said


TESTS = [test_a_damaged_page_is_noticed,
         test_a_database_that_is_taken_away_is_noticed_and_saved,
         test_a_log_of_another_file_is_not_taken,
         test_a_log_is_known_however_often_it_was_written_back,
         test_one_studio_has_one_server_however_it_is_reached,
         test_a_database_that_becomes_older_meanwhile_is_told]
