#!/usr/bin/env python3
"""The trash: what is deleted for good, when, and what is left of it. With the real program.

    trash_test.py PROGRAM [--on-services] [--many=N]

With --on-services (beside tests/services/services.py postgres redis s3) two servers on PostgreSQL, Redis and a bucket.
Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import json
import os
import pathlib
import re
import secrets
import sqlite3
import sys
import tempfile
import threading
import time

import bombs
from outcomes import Outcomes
from stores import FEW_STEPS, PROGRAM, SECONDS_MAX, Hurried, admin, copy_database, draw, in_bucket, make_pictures, objects, \
    on_services, part, rows, statements
from studio import Studio, equal, is_problem, query

MANY = next((int(word[7:]) for word in sys.argv if word.startswith("--many=")), 3_000)
DAY_MS = 24 * 3_600_000
BYTES = b"a file of a picture that somebody has discarded"


def until(what, condition, seconds=SECONDS_MAX):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never: {what}"
        threading.Event().wait(0.02)


def assets_of(studio, state=""):
    return studio.call("GET", "/api/v1/assets?limit=200" + (f"&state={state}" if state else "")).json["items"]


def trash_of(studio):
    reply = studio.call("GET", "/api/v1/trash")
    equal(reply.status, 200)
    return reply.json


def discard_all(studio):
    for asset in assets_of(studio):
        equal(studio.call("POST", f"/api/v1/assets/{asset['id']}/discard").status, 200)


def nothing_left_of_purged(data):
    return rows(data, "SELECT (SELECT COUNT(*) FROM purged_files), (SELECT COUNT(*) FROM assets WHERE state = 'discarded')") == \
        [(0, 0)]


def named(data):
    return {key for (key,) in rows(data, "SELECT file_key FROM asset_files")}


def balances(data, **settings):
    status, said = admin(data, "audit", **settings)
    assert status == 0 and "everything balances" in said, said


def age_trash(data, days):
    statements(data, f"UPDATE assets SET discarded_at = discarded_at - {days * DAY_MS} WHERE state = 'discarded'")


def test_deleting_is_told_everywhere_and_gives_the_storage_back(folder):
    data = folder / "data"
    make_pictures(data, 3)
    with Hurried(data, folder) as server:
        studio = server.studio
        server.until("http://")
        gone, kept, staying = assets_of(studio)
        call = studio.call
        for one in (gone, staying):
            discarded = call("POST", f"/api/v1/assets/{one['id']}/discard").json
            assert discarded["discarded_at"] and discarded["state"] == "discarded", discarded
        equal(call("POST", f"/api/v1/assets/{kept['id']}/keep").json["discarded_at"], None)
        files = {row for row in rows(data, f"SELECT file_key, bytes FROM asset_files WHERE asset_id = '{gone['id']}'")}
        before = trash_of(studio)
        equal((before["assets"], before["kept_days"]), (2, 30))
        is_problem(call("DELETE", f"/api/v1/assets/{kept['id']}"), 409, "conflict")
        told, listening = [], threading.Event()

        def listen():
            for name, what, _ in studio.events():
                listening.set()
                if name == "gone":
                    told.append((time.monotonic(), what))
                    return
        reader = threading.Thread(target=listen)
        reader.start()
        assert listening.wait(SECONDS_MAX)
        deleted, reply = time.monotonic(), call("DELETE", f"/api/v1/assets/{gone['id']}")
        equal((reply.status, reply.json), (200, {"assets": 1, "bytes": sum(size for _, size in files), "remaining": 0}))
        reader.join(SECONDS_MAX)
        equal(told[0][1], {"name": "asset", "id": gone["id"]})
        assert told[0][0] - deleted < 1, "other pages hear of it late"
        for path in ("", "/content"):
            is_problem(call("GET", f"/api/v1/assets/{gone['id']}{path}"), 404, "not_found")
        is_problem(call("DELETE", f"/api/v1/assets/{gone['id']}"), 404, "not_found")
        after = trash_of(studio)
        equal((after["assets"], before["bytes"] - after["bytes"]), (1, reply.json["bytes"]))
        until("its files go", lambda: not {key for key, _ in files} & objects(data)[0])
        equal(objects(data), (named(data), set()))
        emptied = call("DELETE", "/api/v1/trash").json
        equal(emptied, {"assets": 1, "bytes": after["bytes"], "remaining": 0})
        equal(call("DELETE", "/api/v1/trash").json, {"assets": 0, "bytes": 0, "remaining": 0})
        equal([one["id"] for one in assets_of(studio)], [kept["id"]])
        equal(call("GET", kept["links"]["original"]).status, 200)
        made_it = call("GET", f"/api/v1/generations/{gone['generation_id']}").json
        equal((made_it["state"], made_it["assets"], "prompt" in made_it["settings"], made_it["hold"]),
              ("succeeded", [], False, "settled"))
        until("all files go", lambda: objects(data) == (named(data), set()))
    balances(data)


def test_what_something_is_made_from_stays(folder):
    data = folder / "data"
    make_pictures(data, 1)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        discard_all(studio)
        source = assets_of(studio)[0]["id"]
        child = studio.submit(source_asset_id=source, steps=FEW_STEPS).json["id"]
        is_problem(studio.call("DELETE", f"/api/v1/assets/{source}"), 409, "conflict")
        equal(studio.call("DELETE", "/api/v1/trash").json, {"assets": 0, "bytes": 0, "remaining": 1})
        equal(studio.call("POST", f"/api/v1/generations/{child}/cancel").status, 200)
        # By itself, or by being asked again.
        equal(studio.call("DELETE", "/api/v1/trash").json["remaining"], 0)
        is_problem(studio.call("GET", f"/api/v1/assets/{source}"), 404, "not_found")
        reply = studio.submit(source_asset_id=source)
        is_problem(reply, 422, "invalid_field", "source_asset_id")
        assert "deleted" in reply.json["detail"], reply.json


def test_an_upload_that_was_held_goes_the_same_way(folder):
    data = folder / "data"
    with Hurried(data, folder) as server:
        server.until("http://")
        call = server.studio.call
        held = call("POST", "/api/v1/assets", bombs.png(), {"Content-Type": "image/png"}).json["id"]
        equal(call("POST", f"/api/v1/assets/{held}/discard").status, 200)
        equal(call("DELETE", f"/api/v1/assets/{held}").json["assets"], 1)
        until("its files go", lambda: objects(data) == (set(), set()))


def test_the_trash_is_purged_after_its_days(folder):
    data = folder / "data"
    make_pictures(data, 3)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        kept, old, young = [one["id"] for one in assets_of(studio)]
        studio.call("POST", f"/api/v1/assets/{kept}/keep")
        studio.call("POST", f"/api/v1/assets/{old}/discard")
    age_trash(data, 8)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        studio.call("POST", f"/api/v1/assets/{young}/discard")
    with Hurried(data, folder, trash_days=7) as server:
        assert "1 deleted for good" in server.until("the trash:"), server.lines
        equal({one["id"] for one in assets_of(server.studio)}, {kept, young})
        equal(trash_of(server.studio)["kept_days"], 7)
        until("its files go", lambda: objects(data) == (named(data), set()))
    balances(data)


def test_a_conversation_in_which_nothing_was_said_goes_after_a_day(folder):
    data, every = folder / "data", "/api/v1/conversations"
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        left, said, young = [studio.call("POST", every, {"kind": "chat_conversation"}).json["conversation"]["id"] for _ in range(3)]
        equal(studio.call("POST", f"{every}/{said}/messages", {"text": "Hello"}).status, 202)
    statements(data, f"UPDATE conversations SET changed_at = changed_at - {DAY_MS} WHERE id <> '{young}'")
    with Hurried(data, folder) as server:
        server.until("http://")
        until("the empty one goes", lambda: {one["id"] for one in server.studio.call("GET", every).json["items"]} == {said, young})


def test_a_database_that_is_not_believed_purges_nothing_by_itself(folder):
    data = folder / "data"
    make_pictures(data, 2)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        discard_all(studio)
        asked = assets_of(studio)[0]["id"]
    age_trash(data, 40)
    files = objects(data)
    statements(data, "INSERT INTO queue_counts (workspace_id, kind, waiting) VALUES ('wsp_local', 'sdxl_image_fast', 5)")
    with Hurried(data, folder) as server:
        server.until("nothing is swept before")
        equal(len(assets_of(server.studio)), 2)
        # Who asks for it is not made to wait, but no file goes on this database's word.
        equal(server.studio.call("DELETE", f"/api/v1/assets/{asked}").status, 200)
        server.until("nothing is swept before")
        equal(len(assets_of(server.studio)), 1)
    equal(objects(data), files)
    statements(data, "DELETE FROM queue_counts")
    with Hurried(data, folder) as server:
        until("what it could not do before", lambda: nothing_left_of_purged(data))
    equal(objects(data), (set(), set()))


def test_an_older_copy_purges_nothing_that_was_brought_back_since(folder):
    data = folder / "data"
    make_pictures(data, 1)
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        discard_all(studio)
        one = assets_of(studio)[0]["id"]
    age_trash(data, 40)
    copy_database(data / "studio.sqlite", folder / "older")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        equal(studio.call("POST", f"/api/v1/assets/{one}/restore").json["discarded_at"], None)
        equal(studio.call("POST", f"/api/v1/assets/{one}/keep").status, 200)
    files = objects(data)
    copy_database(data / "studio.sqlite", folder / "newer")
    copy_database(folder / "older", data / "studio.sqlite")
    with Hurried(data, folder) as server:
        server.until("http://")
        # By then it has been audited, and more than ten minutes have passed, as it counts.
        begin = rows(data, "SELECT beat FROM store")[0][0]
        until("it has cleaned", lambda: rows(data, "SELECT beat FROM store")[0][0] > begin + 20)
        equal([asset["state"] for asset in assets_of(server.studio)], ["discarded"])
        # Who asks for it is not made to wait, but the newer one may name its files.
        equal(server.studio.call("DELETE", f"/api/v1/assets/{one}").status, 200)
        begin = rows(data, "SELECT beat FROM store")[0][0]
        until("it has cleaned", lambda: rows(data, "SELECT beat FROM store")[0][0] > begin + 20)
    equal(objects(data), files)
    copy_database(folder / "newer", data / "studio.sqlite")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        equal(studio.call("GET", f"/api/v1/assets/{one}/content").status, 200)


def copies(statement, write, count):
    """So many more of the only asset there is, which is kept, in the trash, with files of their own."""
    columns = "medium, content_type, width, height, duration_ms, bytes, sha256, seed, recipe, facts, people_free, policy," \
        " created_at"
    keys = []
    values, files = [], []
    for number in range(count):
        keys.append(secrets.token_hex(16))
        write(keys[-1])
        values.append(f"('ast_copy_{number:08}')")
        files.append(f"('ast_copy_{number:08}', 'original', '{keys[-1]}', 'image/png', {len(BYTES)}, '')")
    for begin in range(0, count, 1_000):
        statement(f"INSERT INTO assets (id, workspace_id, position, state, discarded_at, {columns})"
                  f" SELECT n.column1, 'wsp_local', 0, 'discarded', a.created_at, {columns} FROM (VALUES "
                  + ", ".join(values[begin:begin + 1_000]) + ") AS n, assets a WHERE a.workspace_id = 'wsp_local' AND a.state = 'kept'")
        statement("INSERT INTO asset_files (asset_id, variant, file_key, content_type, bytes, sha256) VALUES "
                  + ", ".join(files[begin:begin + 1_000]))
    statement("INSERT INTO checks (asset_id, judged_by, verdict, reason, sentence, judged_at)"
              " SELECT id, policy, 'allow', '', '', created_at FROM assets WHERE id LIKE 'ast_copy_%'")
    return set(keys)


def with_many(data):
    make_pictures(data, 1)
    connection = sqlite3.connect(data / "studio.sqlite")
    root = data / "files" / "objects"
    try:
        with Studio(PROGRAM, data=str(data), node=False) as studio:
            studio.call("POST", f"/api/v1/assets/{assets_of(studio)[0]['id']}/keep")
        kept = objects(data)[0]
        copies(connection.execute, lambda key: (root / key[:2] / key).write_bytes(BYTES), MANY)
        connection.commit()
    finally:
        connection.close()
    return kept


def slowest_answer(studio, over):
    """The slowest of the writes that somebody else makes meanwhile, in seconds."""
    slowest, one = 0, assets_of(studio, "kept")[0]["id"]
    while not over():
        began = time.monotonic()
        equal(studio.call("POST", f"/api/v1/assets/{one}/keep").status, 200)
        slowest = max(slowest, time.monotonic() - began)
        threading.Event().wait(0.01)
    return slowest


def test_many_go_in_parts_and_hold_nobody_up(folder):
    data = folder / "data"
    kept = with_many(data)
    with Hurried(data, folder) as server:
        server.until("http://")
        studio, began = server.studio, time.monotonic()
        reply = studio.call("DELETE", "/api/v1/trash").json
        answered = time.monotonic() - began
        # What goes by itself meanwhile is not the answer's.
        assert 0 < reply["assets"] <= 2_000 and reply["assets"] + reply["remaining"] <= MANY, reply
        slowest = slowest_answer(studio, lambda: nothing_left_of_purged(data))
        print(f"{MANY} purged: answer after {answered:.2f} s, everything gone after {time.monotonic() - began:.1f} s,"
              f" slowest write beside it {slowest * 1000:.0f} ms", flush=True)
        assert slowest < 5, slowest
        equal(objects(data), (kept, set()))
    balances(data)


def test_a_purge_that_is_killed_anywhere_goes_on(folder):
    data = folder / "data"
    kept = with_many(data)
    counts = ("SELECT COUNT(*) FROM assets", "SELECT COUNT(*) FROM purged_files")
    with Studio(PROGRAM, data=str(data), node=False) as studio:
        asking = threading.Thread(target=killed_call, args=(studio, "DELETE", "/api/v1/trash"))
        asking.start()
        until("some are gone", lambda: rows(data, counts[0])[0][0] < MANY)
        studio.process.kill()
        asking.join()
        studio.stop()
    kills = 0
    while not nothing_left_of_purged(data):
        files, left = len(objects(data)[0]), rows(data, counts[0])[0][0]
        with Hurried(data, folder) as server:
            server.until("http://")
            # At another moment each time: while rows go, and while files do.
            until("it goes on", lambda: nothing_left_of_purged(data) or rows(data, counts[0])[0][0] < left - 300 * kills or
                  len(objects(data)[0]) < files - MANY // 10)
        missing = named(data) - objects(data)[0]
        equal(missing, set())
        kills += 1
    assert kills >= 3, f"killed {kills} times: too few to say anything"
    equal(objects(data), (kept, set()))
    balances(data)


def killed_call(studio, *words):
    try:
        studio.call(*words)
    except OSError:
        pass


def test_two_servers_purge_a_bucket_at_once(folder):
    bucket, settings = on_services()
    database = settings["database_url"].rsplit("/", 1)[1]
    settings["redis_url"] = f"redis://{os.environ['OURVIDZ_TEST_REDIS']}/{int.from_bytes(secrets.token_bytes(2))}"
    with Studio(PROGRAM, data=str(folder / "a"), **settings) as studio:
        draw(studio, 1)
        studio.call("POST", f"/api/v1/assets/{assets_of(studio)[0]['id']}/keep")
    kept = in_bucket(bucket)[0]
    added = copies(lambda statement: query(database, statement), lambda key: (bucket / key).write_bytes(BYTES),
                   min(MANY, 1_500))
    left = lambda: [int(n) for n in query(database, "SELECT COUNT(*) FROM assets WHERE state = 'discarded' UNION ALL"  # noqa: E731
                                          " SELECT COUNT(*) FROM purged_files")]
    first, second = (Hurried(folder / name, folder, **settings) for name in "ab")
    for server in (first, second):  # a bucket's server takes no request of two hours later, and PostgreSQL needs its time
        server.studio.environment |= {"FAST_CLOCK_AHEAD": "0", "FAST_CLOCK_TIMES": "15"}
    with first, second:
        for server in (first, second):
            server.until("http://")
        answers = []
        asking = [threading.Thread(target=lambda s=server: answers.append(s.studio.call("DELETE", "/api/v1/trash").status))
                  for server in (first, second)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(SECONDS_MAX)
        equal(answers, [200, 200])
        until("files go", lambda: left()[1] < len(added) - 300)
        second.process.kill()
        until("the other one goes on", lambda: left() == [0, 0])
        equal(in_bucket(bucket), (kept, set()))
        equal([one["state"] for one in assets_of(first.studio)], ["kept"])
        equal(part(first.studio, "files")["ok"], True)
    balances(folder / "a", **settings)


def test_no_file_has_the_words_of_what_was_deleted(folder):
    """The prompt stayed in the database's log until the server's end, and in what SQLite had freed."""
    data, word = folder / "data", "quillfeatherstone"

    def files_with_it():
        return [path.name for path in data.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]
    with Studio(PROGRAM, data=str(data)) as studio:
        made = studio.submit(prompt=f"a red fox, {word}", steps=FEW_STEPS).json["id"]
        studio.until(made, "succeeded")
    with Hurried(data, folder) as server:
        server.until("http://")
        studio = server.studio
        asset = assets_of(studio)[0]["id"]
        equal(studio.call("POST", f"/api/v1/assets/{asset}/discard").status, 200)
        assert {"studio.sqlite", "studio.sqlite-wal"} <= set(files_with_it()), files_with_it()
        equal(studio.call("DELETE", f"/api/v1/assets/{asset}").status, 200)
        until(f"the words go; they are in {files_with_it()}", lambda: not files_with_it())


TESTS = [test_no_file_has_the_words_of_what_was_deleted, test_deleting_is_told_everywhere_and_gives_the_storage_back, test_what_something_is_made_from_stays,
         test_an_upload_that_was_held_goes_the_same_way, test_the_trash_is_purged_after_its_days,
         test_a_conversation_in_which_nothing_was_said_goes_after_a_day, test_a_database_that_is_not_believed_purges_nothing_by_itself,
         test_an_older_copy_purges_nothing_that_was_brought_back_since, test_many_go_in_parts_and_hold_nobody_up,
         test_a_purge_that_is_killed_anywhere_goes_on]
ON_SERVICES = [test_two_servers_purge_a_bucket_at_once]


def main():
    outcomes = Outcomes(timed=True)
    only = [word for word in sys.argv[2:] if not word.startswith("--")]
    for test in ON_SERVICES if "--on-services" in sys.argv[2:] else TESTS:
        if only and not any(re.search(word, test.__name__) for word in only):
            continue
        with tempfile.TemporaryDirectory(prefix="ourvidz-trash-") as folder:
            outcomes.run(test, pathlib.Path(folder))
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
