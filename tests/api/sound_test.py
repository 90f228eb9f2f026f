#!/usr/bin/env python3
"""A sound is an asset like any other: kept, listed, served in parts, downloaded under its name, and played in a real browser.
No kind makes sounds yet, so the test puts a finished one where a kind would have put it.

    sound_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import io
import json
import math
import os
import pathlib
import secrets
import sqlite3
import struct
import subprocess
import sys
import tempfile
import wave

from outcomes import Outcomes
from studio import Studio, equal
from stores import PROGRAM

ROOT = pathlib.Path(__file__).resolve().parents[2]
RATE = 8_000
ASSET = "ast_sound"
RECIPE = {"settings": {"prompt": "a bell in the fog"}}
FACTS = {"sample_rate": RATE, "channels": 1}


def bell():
    """A second of a tone that dies away, as a WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        for at in range(RATE):
            sound.writeframes(struct.pack("<h", int(12_000 * math.exp(-3 * at / RATE) * math.sin(2 * math.pi * 440 * at / RATE))))
    return out.getvalue()


def put(data, sound):
    key = secrets.token_hex(16)
    (data / "files" / "objects" / key[:2] / key).write_bytes(sound)
    with sqlite3.connect(data / "studio.sqlite") as database:
        database.execute("INSERT INTO assets (id, workspace_id, position, medium, state, content_type, width, height, duration_ms, bytes,"
                         " sha256, recipe, facts, people_free, policy, created_at)"
                         " VALUES (?, 'wsp_local', 0, 'audio', 'kept', 'audio/wav', 0, 0, 1000, ?, 'bell', ?, ?, 1, 1, 1700000000000)", (ASSET, len(sound), json.dumps(RECIPE), json.dumps(FACTS)))
        database.execute("INSERT INTO checks (asset_id, judged_by, verdict, reason, sentence, judged_at)"
                         " VALUES (?, 1, 'allow', '', '', 1700000000000)", (ASSET,))
        database.execute("INSERT INTO asset_files (asset_id, variant, file_key, content_type, bytes, sha256)"
                         " VALUES (?, 'original', ?, 'audio/wav', ?, 'bell')", (ASSET, key, len(sound)))
    database.close()


def test_it_is_listed_with_its_facts(studio, sound):
    [asset] = studio.call("GET", "/api/v1/assets?state=kept").json["items"]
    equal((asset["medium"], asset["content_type"], asset["duration_ms"], asset["bytes"], asset["facts"]),
          ("audio", "audio/wav", 1000, len(sound), FACTS))
    equal(set(asset["links"]), {"original", "download"})


def test_its_file_is_served_in_parts_and_downloads_under_its_words(studio, sound):
    content = f"/api/v1/assets/{ASSET}/content"
    whole = studio.call("GET", content)
    equal((whole.status, whole.headers["content-type"], whole.body), (200, "audio/wav", sound))
    part = studio.call("GET", content, headers={"Range": "bytes=44-143"})
    equal((part.status, part.body), (206, sound[44:144]))
    name = studio.call("GET", content + "?download=true").headers["content-disposition"]
    assert "ourvidz-a-bell-in-the-fog" in name and '.wav"' in name, name
    equal(studio.call("GET", content + "?variant=thumbnail").status, 404)


def test_a_browser_shows_and_plays_it(studio, _sound):
    run = subprocess.run(["node", ROOT / "tests/e2e/sound.e2e.mjs"], stdout=subprocess.PIPE, text=True, check=False, env={
        **os.environ, "BASE_URL": f"http://127.0.0.1:{studio.port}", "ASSET": ASSET, "LENGTH": "0:01"})
    assert run.returncode == 0, run.stdout


def main():
    outcomes = Outcomes()
    with tempfile.TemporaryDirectory(prefix="ourvidz-sound-") as folder:
        data = pathlib.Path(folder)
        with Studio(PROGRAM, data=folder, node=False):
            pass
        sound = bell()
        put(data, sound)
        with Studio(PROGRAM, data=folder, node=False) as studio:
            for test in [test_it_is_listed_with_its_facts, test_its_file_is_served_in_parts_and_downloads_under_its_words,
                         test_a_browser_shows_and_plays_it]:
                outcomes.run(test, studio, sound)
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
