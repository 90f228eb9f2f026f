#!/usr/bin/env python3
"""P8, lists: what reading many costs. `GET /api/v1/generations?limit=200` where each of 200 has six pictures, on SQLite: one real
batch of six, and 199 copies of its rows. Compared is the server's processor time with 10 ms, and with what nginx takes for the same
bytes from a file, in turn. Needs wrk and nginx."""
import argparse
import json
import pathlib
import sqlite3
import tempfile

from bench_kit import nginx, report, studio

COUNT, PICTURES, CLIENTS = 200, 6, 2
PATH = f"/api/v1/generations?limit={COUNT}"
# Each table with its columns that name rows or files of ours. A copy has its own number in the middle of each such name.
TABLES = {"generations": ["id"], "jobs": ["id", "subject_id"], "holds": ["id", "job_id"], "assets": ["id", "generation_id"],
          "asset_files": ["asset_id", "file_key"], "checks": ["asset_id"]}
BEGIN, END = 25, 28  # of that number


def copied(name, number):
    return f"{name[:BEGIN]}{number:03d}{name[END:]}"


def draw_six(server):
    reply = server.call("POST", "/api/v1/generations", {"kind": "sdxl_image_fast", "prompt": "a red fox in the snow", "seed": 1,
                                                        "steps": 4, "batch": PICTURES})
    server.wait_for_state(reply.body["id"], "succeeded")


def copy_rows(folder):
    database = sqlite3.connect(f"{folder}/studio.sqlite")
    database.execute("PRAGMA foreign_keys = OFF")
    for table, names in TABLES.items():
        cursor = database.execute(f"SELECT * FROM {table}")
        columns = [column[0] for column in cursor.description]
        copies = [[copied(value, number) if column in names else value for column, value in zip(columns, row)]
                  for row in cursor.fetchall() for number in range(1, COUNT)]
        database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", copies)
    database.commit()
    database.close()


def link_files(folder):
    """The server refuses a database whose files are not there."""
    for path in [one for one in pathlib.Path(folder, "files").rglob("*") if one.is_file() and len(one.name) == 32]:
        for number in range(1, COUNT):
            path.with_name(copied(path.name, number)).hardlink_to(path)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=3)
    chosen = options.parse_args()
    print(f"P8 lists: {report.load()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as name:
        folder = f"{name}/studio"
        pathlib.Path(folder).mkdir()
        with studio.Studio(folder=folder) as server:
            draw_six(server)
        copy_rows(folder)
        link_files(folder)
        with studio.Studio(folder=folder) as server:
            items = server.call("GET", PATH).body["items"]
            assert [len(one["assets"]) for one in items] == [PICTURES] * COUNT, len(items)
            body = json.dumps(items, separators=(",", ":"), ensure_ascii=False).encode()
            rates = nginx.in_turn(server, PATH, body, chosen.rounds, chosen.seconds, CLIENTS)
    ours, theirs = ([1e3 / rate for rate in side] for side in rates)
    report.table(f"{COUNT} with {PICTURES} pictures each, {len(body) / 1e6:.2f} MB of JSON", [
        ("ours, processor time of a list", report.spread(ours, "ms", 2)), ("nginx, from a file", report.spread(theirs, "ms", 2))])
    report.ratio("processor time of a list / 10 ms", report.median(ours) / 10)
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()
