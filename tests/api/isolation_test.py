#!/usr/bin/env python3
"""Nothing of one workspace is seen or changed by another: every call of the contract is tried on foreign things.

    isolation_test.py PROGRAM [--on-postgres]

A studio makes something of everything. Then all of it is given to another workspace, table by table, as the database's
own catalogue lists them, and the studio is started again: now its owner has nothing, and what there is, is foreign.

Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import json
import os
import pathlib
import sqlite3
import sys
import tempfile

from outcomes import Outcomes
from queue_tests import Node
from studio import Studio, equal, is_problem, new_database, query
from text_tests import ENTRIES, calls_of, read_contract

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
FEW_STEPS = 4
OWN, FOREIGN = "wsp_local", "wsp_foreign"
# What belongs to nobody's workspace is for nodes and the operator; their calls name a workspace's things on purpose.
ACROSS_WORKSPACES = {"node.work", "studio.operate", "studio.read", "metrics.read", "open"}
BODIES = {**ENTRIES, "sendMessage": {"text": "hello"}}  # there all texts at once, of which a turn has one
# Which of the foreign things an {id} names.
SUBJECTS = {"/api/v1/generations/": "generations", "/api/v1/assets/": "assets", "/api/v1/conversations/": "conversations",
            "/api/v1/runs/": "runs"}


def handed_over(tables_with_workspace, execute):
    execute(f"INSERT INTO workspaces (id, name, last_event, created_at) SELECT '{FOREIGN}', name, last_event, created_at"
            f" FROM workspaces WHERE id = '{OWN}'")
    for table in tables_with_workspace:
        execute(f"UPDATE {table} SET workspace_id = '{FOREIGN}' WHERE workspace_id = '{OWN}'")


def hand_over_sqlite(data):
    connection = sqlite3.connect(data / "studio.sqlite", isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
              if any(column[1] == "workspace_id" for column in connection.execute(f"PRAGMA table_info({name})"))]
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    handed_over(tables, connection.execute)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def hand_over_postgres(database):
    tables = query(database, "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t"
                             " USING (table_schema, table_name) WHERE c.column_name = 'workspace_id'"
                             " AND c.table_schema = 'public' AND t.table_type = 'BASE TABLE'")
    # As a replica would take it over: without triggers, those of references included.
    as_they_are = "SET session_replication_role = replica; "
    handed_over(tables, lambda statement: query(database, as_they_are + statement, login="postgres"))


def make_something_of_everything(data, settings):
    """The ids of what there is, by the part of the API that shows it."""
    with Studio(PROGRAM, data, **settings) as studio:
        done = studio.until(studio.submit(seed=1, steps=FEW_STEPS).json["id"], "succeeded")
        studio.call("POST", f"/api/v1/assets/{done['assets'][0]['id']}/keep")
        thrown = studio.until(studio.submit(seed=4, steps=FEW_STEPS).json["id"], "succeeded")
        studio.call("POST", f"/api/v1/assets/{thrown['assets'][0]['id']}/discard")
        studio.stop()
    with Studio(PROGRAM, data, node=False, **settings) as studio:
        waiting = studio.submit(headers={"Idempotency-Key": "a"}, seed=2).json["id"]
        running = studio.submit(seed=3).json["id"]
        studio.call("POST", f"/api/v1/generations/{waiting}/pause")
        equal(Node(studio).take(), running)
        run = studio.call("POST", "/api/v1/runs", {"workflow": "keep_the_best", "draft": {"kind": "sdxl_image_fast", "prompt": "a fox"},
                                                   "full": {"kind": "sdxl_image_high"}})
        equal(run.status, 202)
        talk = studio.call("POST", "/api/v1/conversations", {}, {"Idempotency-Key": "a"}).json["conversation"]["id"]
        said = studio.call("POST", f"/api/v1/conversations/{talk}/messages", {"text": "Hello"}, {"Idempotency-Key": "b"})
        equal(said.status, 202)
        return {"generations": [done["id"], waiting, running], "conversations": [talk], "runs": [run.json["id"]],
                "assets": [done["assets"][0]["id"], thrown["assets"][0]["id"]],
                "messages": [one["id"] for one in said.json["messages"]]}


class Foreign:
    """A studio in which everything that there is belongs to another workspace."""

    def __init__(self, folder, on_postgres):
        settings, self.database = {}, None
        if on_postgres:
            self.database, settings = new_database()
        self.ids = make_something_of_everything(folder, settings)
        if on_postgres:
            hand_over_postgres(self.database)
        else:
            hand_over_sqlite(pathlib.Path(folder))
        self.studio = Studio(PROGRAM, folder, node=False, **settings)

    def snapshot(self):
        """Of what is foreign, as the operator and nodes see it, that a call could have changed."""
        jobs = self.studio.call("GET", "/api/v1/operator/jobs?state=active",
                                headers=self.studio.credentials("studio.operate")).json["items"]
        return json.dumps([(job["id"], job["workspace_id"], job["state"]) for job in jobs])


    def discarded(self):
        """How much is in the foreign trash, by the database."""
        statement = f"SELECT COUNT(*) FROM assets WHERE workspace_id = '{FOREIGN}' AND state = 'discarded'"
        if self.database:
            return int(query(self.database, statement)[0])
        connection = sqlite3.connect(f"file:{self.studio.data}/studio.sqlite?mode=ro", uri=True)
        try:
            return connection.execute(statement).fetchone()[0]
        finally:
            connection.close()


def calls_of_a_workspace():
    for method, path, operation in calls_of(read_contract()):
        if operation["x-permission"] not in ACROSS_WORKSPACES:
            yield method, path, operation


def subject_of(path):
    return next(ids for start, ids in SUBJECTS.items() if path.startswith(start))


def test_every_call_on_a_foreign_thing_finds_nothing(foreign):
    studio, tried, before = foreign.studio, 0, foreign.snapshot()
    assert FOREIGN in before, before
    for method, path, operation in calls_of_a_workspace():
        if "{id}" not in path:
            continue
        for one in foreign.ids[subject_of(path)]:
            reply = studio.call(method, path.replace("{id}", one), BODIES.get(operation["operationId"]))
            try:
                is_problem(reply, 404, "not_found")
            except AssertionError as error:
                raise AssertionError(f"{method} {path} of {one}: {error}; {reply.body[:300]}") from error
            tried += 1
    assert tried >= 20, tried
    equal(foreign.snapshot(), before)


def test_no_list_shows_what_is_foreign(foreign):
    seen = 0
    for method, path, _ in calls_of_a_workspace():
        if method != "GET" or "{" in path or path == "/api/v1/events":
            continue
        reply = foreign.studio.call("GET", path)
        if path == "/api/v1/trash":
            equal((reply.status, reply.json["assets"], reply.json["bytes"]), (200, 0, 0))
            continue
        equal((path, reply.status, reply.json["items"]), (path, 200, []) if path != "/api/v1/ledger" else
              (path, 200, [one for one in reply.json["items"] if one["kind"] == "grant"]))
        seen += 1
    assert seen >= 3, seen


def test_emptying_the_trash_leaves_a_foreign_one_as_it_is(foreign):
    equal(foreign.studio.call("DELETE", "/api/v1/trash").json, {"assets": 0, "bytes": 0, "remaining": 0})
    equal(foreign.discarded(), 1)


def test_the_event_stream_tells_nothing_foreign(foreign):
    own = None
    # All that is still kept, and the first that is new.
    for name, data, number in foreign.studio.events(after=0):
        if name == "hello":
            own = foreign.studio.submit(seed=4).json["id"]
        elif number is not None:
            equal((name, data["id"]), ("generation", own))
            break
        else:
            assert name != "progress" or data["generation_id"] == own, (name, data)
    foreign.studio.call("POST", f"/api/v1/generations/{own}/cancel")


def test_a_foreign_picture_is_no_source(foreign):
    reply = foreign.studio.submit(source_asset_id=foreign.ids["assets"][0])
    is_problem(reply, 422, "invalid_field", "source_asset_id")


def test_a_foreign_place_in_the_line_is_none(foreign):
    own = [foreign.studio.submit(seed=seed).json["id"] for seed in (5, 6)]
    reply = foreign.studio.call("POST", f"/api/v1/generations/{own[1]}/move", {"before": foreign.ids["generations"][1]})
    assert reply.status in (404, 409, 422), reply.body


def test_a_foreign_message_is_not_answered(foreign):
    call = foreign.studio.call
    own = call("POST", "/api/v1/conversations", {}).json["conversation"]["id"]
    question, answer = foreign.ids["messages"]
    for field, body in (("parent_id", {"text": "Hello", "parent_id": answer}), ("again", {"again": answer}),
                        ("continue", {"continue": answer})):
        is_problem(call("POST", f"/api/v1/conversations/{own}/messages", body), 422, "invalid_field", field)
    is_problem(call("PATCH", f"/api/v1/conversations/{own}", {"active_message_id": question}), 422, "invalid_field")
    is_problem(call("POST", f"/api/v1/conversations/{foreign.ids['conversations'][0]}/messages", {"text": "Hello"},
                    {"Idempotency-Key": "b"}), 404, "not_found")
    again = call("POST", "/api/v1/conversations", {}, {"Idempotency-Key": "a"})
    assert again.status == 201 and again.json["conversation"]["id"] not in foreign.ids["conversations"], again.body
    for one in (own, again.json["conversation"]["id"]):
        equal(call("DELETE", f"/api/v1/conversations/{one}").status, 204)


def test_a_foreign_key_is_free(foreign):
    first = foreign.studio.submit(headers={"Idempotency-Key": "a"}, seed=7)
    equal(first.status, 202)
    assert first.json["id"] not in foreign.ids["generations"]


TESTS = [test_every_call_on_a_foreign_thing_finds_nothing, test_no_list_shows_what_is_foreign,
         test_emptying_the_trash_leaves_a_foreign_one_as_it_is, test_the_event_stream_tells_nothing_foreign,
         test_a_foreign_picture_is_no_source, test_a_foreign_place_in_the_line_is_none,
         test_a_foreign_message_is_not_answered, test_a_foreign_key_is_free]


def main():
    outcomes = Outcomes()
    with tempfile.TemporaryDirectory(prefix="ourvidz-isolation-") as folder:
        foreign = Foreign(folder, "--on-postgres" in sys.argv[2:])
        with foreign.studio:
            for test in TESTS:
                outcomes.run(test, foreign)
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
