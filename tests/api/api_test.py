#!/usr/bin/env python3
"""The HTTP API of the real program: what it takes, what it refuses and how it says so, and what it never loses.

    api_test.py PROGRAM [--on-postgres]

On PostgreSQL (beside tests/services/services.py) only what needs no node and no data folder: it must be the same there.
Prints a line for each test and closes with "N passed, N failed, N skipped".
"""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

from descriptor_tests import test_programs_inherit_nothing_at_the_first_start_and_after
from name_tests import NAME_TESTS
from hostile_tests import HOSTILE_TESTS
from disk_tests import test_a_full_disk_loses_nothing_and_says_so
from chat_tests import CHAT_TESTS, CHAT_TESTS_WITH_NODE
from kind_tests import KIND_TESTS, KIND_TESTS_WITH_NODE
from node_tests import NODE_TESTS
from number_tests import NUMBER_TESTS, NUMBER_TESTS_WITH_NODE
from outcomes import Outcomes
from queue_tests import QUEUE_TESTS
from run_tests import RUN_TESTS, RUN_TESTS_WITH_NODE
from stream_tests import STREAM_TESTS
from text_tests import TEXT_TESTS
from studio import Studio, equal, is_problem, new_database
from wire_tests import JSON_TYPE, WIRE_TESTS

PROMPT_MAX = 4096
STOP_SECONDS_MAX = 3


REFUSED_FIELDS = [
    # (field named in the problem, request)
    ("prompt", {"prompt": ""}),
    ("prompt", {"prompt": "  \n "}),
    ("prompt", {"prompt": "x" * (PROMPT_MAX + 1)}),
    ("prompt", {"prompt": 7}),
    ("negative_prompt", {"negative_prompt": "x" * (PROMPT_MAX + 1)}),
    ("kind", {"kind": "oil_painting"}),
    ("kind", {"kind": None}),
    ("batch", {"batch": 2}),
    ("batch", {"batch": 0}),
    ("width", {"width": 513, "height": 512}),
    ("width", {"width": 512}),
    ("height", {"height": 512}),
    ("steps", {"steps": 0}),
    ("steps", {"steps": 10_000}),
    ("steps", {"steps": 8.5}),
    ("guidance", {"guidance": -1}),
    ("guidance", {"guidance": "much"}),
    ("sampler", {"sampler": "magic"}),
    ("seed", {"seed": -1}),
    ("seed", {"seed": 2**63}),
    ("strength", {"strength": 0.5}),
    ("strength", {"strength": 1.5, "source_asset_id": "ast_x"}),
    ("source_asset_id", {"source_asset_id": "ast_00000000000000000000000000"}),
    ("messages", {"messages": [{"role": "user", "text": "hello"}]}),
    ("messages", {"kind": "chat_conversation", "prompt": None}),
    ("messages", {"kind": "chat_conversation", "prompt": None, "messages": [{"role": "assistant", "text": "hello"}]}),
    ("messages[0].role", {"kind": "chat_conversation", "prompt": None, "messages": [{"role": "bot", "text": "x"}]}),
    ("messages[0].text", {"kind": "chat_conversation", "prompt": None, "messages": [{"role": "user", "text": "x" * 4097}]}),
    ("prompt", {"kind": "chat_conversation", "messages": [{"role": "user", "text": "Hello"}]}),
    ("prompt", {"kind": "chat_scene", "messages": [{"role": "user", "text": "Hello"}]}),
    ("messages", {"kind": "chat_scenes", "messages": [{"role": "user", "text": "Hello"}]}),
    ("steps", {"kind": "chat_enhance", "steps": 8}),
    ("fps", {"fps": 12}),
    ("for_kind", {"for_kind": "video_fast"}),
    ("for_kind", {"kind": "chat_enhance", "for_kind": "chat_enhance"}),
    ("purpose", {"purpose": "scene"}),
    ("purpose", {"kind": "chat_enhance", "purpose": "poem"}),
    ("batch", {"kind": "chat_enhance", "batch": 3}),
    ("promt", {"promt": "a fox"}),
    ("prompt", {"prompt": "a fox, __no-such-list__"}),
    ("prompt", {"prompt": "a (fox:9)"}),
    ("prompt", {"prompt": "a fox <lora:ink"}),
    ("prompt", {"prompt": "<lora:ink:1>"}),
    ("negative_prompt", {"negative_prompt": "<lora:>"}),
]


def test_bad_fields_are_named(studio):
    for field, fields in REFUSED_FIELDS:
        reply = studio.submit(**fields)
        try:
            is_problem(reply, 422, "invalid_field", field)
        except AssertionError as error:
            raise AssertionError(f"{fields}: {error}; {reply.body[:300]}") from error
    equal(studio.call("GET", "/api/v1/generations").json["items"], [])


def test_malformed_bodies_are_refused(studio):
    for body in (b"", b"{", b"[]", b"\xff\xfe", b'{"prompt":"\xc3\x28"}', b"null"):
        is_problem(studio.call("POST", "/api/v1/generations", body, JSON_TYPE), 400, "malformed_body")
    is_problem(studio.call("POST", "/api/v1/generations", b" " * (3 << 20), JSON_TYPE), 413, "too_large")


def test_unknown_things_are_not_found(studio):
    for path in ("/api/v1/generations/gen_x", "/api/v1/assets/ast_x", "/api/v1/assets/ast_x/content", "/api/v1/nothing",
                 "/api/v1/generations/gen_x/preview"):
        is_problem(studio.call("GET", path), 404, "not_found")
    is_problem(studio.call("DELETE", "/api/v1/generations"), 405, "method_not_allowed")


def test_bad_query_parameters_are_named(studio):
    for path, field in (("/api/v1/assets?limit=0", "limit"), ("/api/v1/assets?limit=x", "limit"),
                        ("/api/v1/assets?state=lost", "state"), ("/api/v1/generations?active=maybe", "active"),
                        ("/api/v1/generations?cursor=zz", "cursor"), ("/api/v1/events?after=-1", "after"), ("/api/v1/events?after=", "after")):
        is_problem(studio.call("GET", path), 422, "invalid_field", field)


def test_the_gate_refuses(studio):
    reply = studio.submit(prompt="photo of a 12 year old in a swimsuit at the beach")
    equal(reply.status, 403)
    equal(reply.json["code"], "refused")
    assert "12" not in reply.json["detail"], "a refusal must not repeat the words"


def test_other_sites_cannot_act(studio):
    equal(studio.call("GET", "/api/v1/health", headers={"Host": "evil.example"}).status, 403)
    equal(studio.submit(headers={"Origin": "http://evil.example"}).status, 403)


def test_nodes_need_their_token(studio):
    body = {"node_id": "n", "wait_ms": 0, "want": [], "running": []}
    is_problem(studio.call("POST", "/api/v1/node/poll", body), 401, "unauthenticated")
    is_problem(studio.call("POST", "/api/v1/node/poll", body, {"Authorization": "Bearer " + "0" * 64}), 401, "unauthenticated")


def test_an_idempotency_key_starts_one_generation(studio):
    key = {"Idempotency-Key": "once"}
    first = studio.submit(key, seed=1)
    equal((first.status, first.headers["location"]), (202, "/api/v1/generations/" + first.json["id"]))
    equal(studio.submit(key, seed=1).json["id"], first.json["id"])
    is_problem(studio.submit(key, seed=2), 422, "idempotency_mismatch")
    is_problem(studio.submit({"Idempotency-Key": "k" * 129}), 422, "invalid_field", "Idempotency-Key")
    studio.call("POST", f"/api/v1/generations/{first.json['id']}/cancel")


def test_what_waits_is_canceled_at_once(studio):
    generation = studio.submit().json
    equal((generation["state"], generation["hold"], generation["progress"]["phase"]), ("queued", "placed", "queued"))
    canceled = studio.call("POST", f"/api/v1/generations/{generation['id']}/cancel").json
    equal((canceled["state"], canceled["hold"]), ("canceled", "voided"))
    equal(studio.call("POST", f"/api/v1/generations/{generation['id']}/cancel").json["state"], "canceled")


def test_settings_are_filled_in_and_can_be_sent_again(studio):
    settings = studio.submit().json["settings"]
    for name in ("width", "height", "steps", "guidance", "sampler", "seed"):
        assert name in settings, settings
    again = studio.submit(**settings).json
    equal(again["settings"], settings)


def test_prompts_have_a_language(studio):
    plain = studio.submit(prompt="a red fox", seed=1).json
    equal((plain["warnings"], "resolved" in plain["settings"]), ([], False))
    made = studio.submit(prompt="a (red:1.3) {fox|owl} <lora:ink:0.8>, __season__ :)", negative_prompt="[fog]", seed=5,
                         batch=3).json
    settings = made["settings"]
    equal(settings["prompt"], "a (red:1.3) {fox|owl} <lora:ink:0.8>, __season__ :)")
    equal(len(settings["resolved"]), 3)
    for one in settings["resolved"]:
        # The built-in model cannot weigh words, so it gets none.
        assert re.fullmatch(r"a red (fox|owl) , (spring|summer|autumn|winter) :\)", one["prompt"]), one
        equal(one["negative_prompt"], "fog")
    assert "loras" not in settings
    equal([(warning["field"], warning["at"]) for warning in made["warnings"]],
          [("prompt", None), ("prompt", 23), ("prompt", 51), ("negative_prompt", None), ("negative_prompt", None)])
    assert "takes no weights" in made["warnings"][0]["detail"], made["warnings"]
    assert "There is no LoRA" in made["warnings"][1]["detail"], made["warnings"]
    long = studio.submit(prompt="a red fox on a light blue background" + " and a red fox" * 200).json
    assert "has learned to follow 512" in long["warnings"][1]["detail"], long["warnings"]
    equal(long["warnings"][0]["detail"], "A scene has at most 5 things.")
    # A picture's words follow from its own seed, so a later picture of a batch can be made again alone.
    alone = studio.submit(**{**settings, "seed": 6, "batch": 1}).json["settings"]
    equal(alone["resolved"], settings["resolved"][1:2])
    again = studio.call("GET", f"/api/v1/generations/{made['id']}").json
    equal((again["settings"], again["warnings"]), (settings, made["warnings"]))


def test_the_gate_reads_what_the_engine_gets(studio):
    # In one piece only once the choice is made, the weights are read, or both.
    for prompt in ("photo of a 1{2|2} year old in a swim{suit|suit} at the beach",
                   "photo of a (1:1.1)(2:1.2) year old in a (swim:1.1)(suit:1.2) at the beach",
                   "photo of a 1(2:{1|1}.2) year old in a swimsuit at the beach"):
        reply = studio.submit(prompt=prompt)
        equal((prompt, reply.status, reply.json["code"]), (prompt, 403, "refused"))
    folder = os.path.join(studio.data, "word-lists")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "wish.txt"), "w", encoding="utf-8") as file:
        file.write("a 12 year old in a swimsuit\n")
    equal(studio.submit(prompt="photo of __wish__ at the beach").status, 403)


def test_pages_follow_each_other(studio):
    made = [studio.submit(seed=i).json["id"] for i in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = studio.call("GET", f"/api/v1/generations?limit=2{cursor and '&cursor=' + cursor}").json
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    equal(seen[:5], made[::-1])
    equal(len(seen), len(set(seen)))


def png(width, height, rows=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_uploads_are_decoded_and_held(studio):
    picture = png(16, 8, b"".join(b"\0" + b"\x20\x40\x80" * 16 for _ in range(8)))
    reply = studio.call("POST", "/api/v1/assets", picture, {"Content-Type": "image/png"})
    equal(reply.status, 201)
    asset = reply.json
    equal((asset["width"], asset["height"], asset["verdict"]["decision"], asset["links"]), (16, 8, "hold", {}))
    is_problem(studio.call("GET", f"/api/v1/assets/{asset['id']}/content"), 403, "held")
    equal(studio.submit(source_asset_id=asset["id"]).json["code"], "held")


def test_bad_uploads_are_refused(studio):
    for name, data, status in (("empty", b"", 400), ("text", b"hello", 422), ("truncated", png(64, 64)[:60], 422),
                               ("100 megapixels", png(10_000, 10_000), 413), ("svg", b"<svg xmlns='x'/>", 422),
                               ("33 MiB", b"\x89PNG\r\n\x1a\n" + bytes(33 << 20), 413)):
        reply = studio.call("POST", "/api/v1/assets", data, {"Content-Type": "image/png"})
        assert reply.status == status, f"{name}: {reply.status} {reply.body[:200]}"
        assert reply.json["detail"], name


def test_events_are_replayed_from_any_number(studio):
    start = next(studio.events())[1]["last_event_id"]
    ids = [studio.submit(seed=i).json["id"] for i in range(3)]
    stream = studio.events(after=start)
    equal(next(stream)[0], "hello")
    seen = []
    for name, data, number in stream:
        if name == "generation":
            seen.append((data["id"], number))
        if len(seen) == 3:
            break
    equal([one for one, _ in seen], ids)
    equal([number for _, number in seen], [start + 1, start + 2, start + 3])
    stale = studio.events(after=10**9)
    equal([next(stale)[0], next(stale)[0]], ["hello", "reset"])


def test_a_second_server_and_a_taken_port_are_refused(studio):
    second = studio.spawn()
    said = second.stdout.read()
    equal((second.wait(20), "already uses this data folder. Stop it first" in said), (1, True))
    with tempfile.TemporaryDirectory() as other:
        taken = subprocess.run([studio.program, "serve", "--listen", f"127.0.0.1:{studio.port}", "--data-dir", other],
                               capture_output=True, text=True, timeout=20)
        assert taken.returncode == 1 and "another program already does" in taken.stderr, taken
        new = os.path.join(other, "new")
        taken = subprocess.run([studio.program, "serve", "--listen", f"127.0.0.1:{studio.port}", "--data-dir", new],
                               capture_output=True, text=True, timeout=20)
        assert taken.returncode == 1 and "--listen 127.0.0.1:PORT" in taken.stderr, taken
        assert not os.path.exists(new), "a start that failed leaves nothing behind"
    everywhere = subprocess.run([studio.program, "serve", "--listen", "0.0.0.0:0"], capture_output=True, text=True, timeout=20)
    assert everywhere.returncode != 0 and "accounts" in everywhere.stderr, everywhere


def test_accepted_work_survives_a_kill(studio):
    accepted = [studio.submit(seed=i, headers={"Idempotency-Key": f"kill-{i}"}).json["id"] for i in range(20)]
    studio.stop(signal.SIGKILL)
    studio.start()
    for one in accepted:
        equal(studio.call("GET", f"/api/v1/generations/{one}").json["state"], "queued")


def test_credits_are_held_given_back_and_run_out(studio):
    with Studio(studio.program, node=False, starting_credits=4) as poor:
        def books():
            now = poor.call("GET", "/api/v1/ledger").json
            equal(now["available"] + now["held"] + now["spent"], now["granted"])
            return now["available"], now["held"], now["spent"], now["granted"]
        equal(books(), (4, 0, 0, 4))
        batch = poor.submit(batch=3, headers={"Idempotency-Key": "three"}).json
        equal((batch["credits"], batch["hold"]), (3, "placed"))
        equal(poor.submit(batch=3, headers={"Idempotency-Key": "three"}).json["id"], batch["id"])
        equal(books(), (1, 3, 0, 4))
        is_problem(poor.submit(batch=3), 402, "not_enough_credits")
        # Talking costs nothing.
        equal(poor.submit(kind="chat_conversation", prompt=None, messages=[{"role": "user", "text": "Hello"}]).status, 202)
        for _ in range(2):
            equal(poor.call("POST", f"/api/v1/generations/{batch['id']}/cancel").json["hold"], "voided")
            equal(books(), (4, 0, 0, 4))
        page = poor.call("GET", "/api/v1/ledger?limit=2").json
        equal([(one["kind"], one["debit"], one["credit"], one["credits"], one["generation_id"]) for one in page["items"]],
              [("void", "held", "available", 3, batch["id"]), ("hold", "available", "held", 3, batch["id"])])
        rest = poor.call("GET", f"/api/v1/ledger?cursor={page['next_cursor']}").json
        equal([(one["kind"], one["credits"]) for one in rest["items"]], [("grant", 4)])
        equal(rest["next_cursor"], None)
        poor.stop()
        audit = subprocess.run([poor.program, "admin", "audit", "--data-dir", poor.data], capture_output=True, text=True,
                               check=False)
        equal((audit.returncode, audit.stdout), (0, "ledger: 3 transfers and 2 holds, drift 0: everything balances\n"
                                                    "queue: every kept count of what waits is right\n"))
        poor.start()
        equal(books(), (4, 0, 0, 4))  # what is given at the start is given once


def test_a_picture_is_made_seen_and_kept(studio):
    events, seen = [], threading.Event()

    def listen():
        for event in studio.events():
            events.append(event)
            if event[0] == "generation" and event[1]["state"] == "succeeded":
                seen.set()
                return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    made = studio.submit(prompt="a red fox", seed=42, batch=3).json
    done = studio.until(made["id"], "succeeded", "failed")
    equal((done["state"], done["hold"], len(done["assets"])), ("succeeded", "settled", 3))
    equal([asset["seed"] for asset in done["assets"]], [42, 43, 44])
    assert seen.wait(30), "the event stream never said so"
    progress = [data for name, data, _ in events if name == "progress" and data["generation_id"] == made["id"]]
    assert any(one["preview_url"] for one in progress), "no preview was shown"
    equal(sum(name == "asset" for name, _, _ in events), 3)
    asset = done["assets"][0]
    whole = studio.call("GET", asset["links"]["original"])
    equal((whole.status, whole.headers["content-type"], len(whole.body)), (200, "image/png", asset["bytes"]))
    part = studio.call("GET", asset["links"]["original"], headers={"Range": "bytes=1-3"})
    equal((part.status, part.body, part.headers["content-range"]), (206, b"PNG", f"bytes 1-3/{asset['bytes']}"))
    equal(studio.call("GET", asset["links"]["original"], headers={"If-None-Match": whole.headers["etag"]}).status, 304)
    equal(studio.call("GET", asset["links"]["original"], headers={"Range": f"bytes={asset['bytes']}-"}).status, 416)
    equal(studio.call("GET", asset["links"]["thumbnail"]).headers["content-type"], "image/webp")
    named = studio.call("GET", asset["links"]["download"]).headers["content-disposition"]
    equal(named, f'attachment; filename="ourvidz-a-red-fox-{asset["id"][-8:]}.png"')
    for move, state in (("keep", "kept"), ("keep", "kept"), ("restore", "staging"), ("discard", "discarded")):
        equal(studio.call("POST", f"/api/v1/assets/{asset['id']}/{move}").json["state"], state)
    equal([one["id"] for one in studio.call("GET", "/api/v1/assets?state=discarded").json["items"]], [asset["id"]])


def test_a_reader_that_leaves_costs_nothing(studio):
    asset = studio.until(studio.submit(seed=3).json["id"], "succeeded")["assets"][0]
    request = f"GET {asset['links']['original']} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", studio.port)) as reader:
            # Leaves with a reset, while answers to many requests are still being written.
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            reader.sendall(request * 50)
            reader.recv(1)
    equal(studio.call("GET", "/api/v1/ready").status, 200)
    assert studio.process.poll() is None, "the server is gone"


def test_the_recipe_has_the_prompt_as_written_and_as_it_was_made(studio):
    made = studio.submit(prompt="a (red:1.2) {fox|cat}", seed=3, batch=3).json
    done = studio.until(made["id"], "succeeded", "failed")
    equal(done["state"], "succeeded")
    for asset, resolved in zip(done["assets"], made["settings"]["resolved"]):
        settings = asset["recipe"]["settings"]
        equal((settings["prompt"], settings["resolved_prompt"]), ("a (red:1.2) {fox|cat}", resolved["prompt"]))
    equal(len({one["prompt"] for one in made["settings"]["resolved"]}), 2)


def test_the_same_seed_makes_the_same_picture(studio):
    # The thumbnail has the same pixels every time; the original also says when and how it was made.
    def thumbnail(seed):
        made = studio.until(studio.submit(seed=seed).json["id"], "succeeded", "failed")
        return studio.call("GET", made["assets"][0]["links"]["thumbnail"]).body

    first = thumbnail(7)
    equal(thumbnail(7), first)
    assert thumbnail(8) != first, "the seed does nothing"


def test_a_picture_starts_from_another(studio):
    source = studio.until(studio.submit(seed=5).json["id"], "succeeded")["assets"][0]
    again = studio.until(studio.submit(prompt="a blue fox", source_asset_id=source["id"], strength=0.3).json["id"], "succeeded", "failed")
    equal(again["state"], "succeeded")
    equal(again["settings"]["source_asset_id"], source["id"])


def test_a_running_job_is_canceled_and_frees_its_worker(studio):
    long = studio.submit(steps=40, batch=6).json["id"]
    studio.until(long, "running")
    studio.call("POST", f"/api/v1/generations/{long}/cancel")
    ended = studio.until(long, "canceled", "succeeded", "failed")
    equal((ended["state"], ended["hold"]), ("canceled", "voided"))
    equal(studio.until(studio.submit(seed=1).json["id"], "succeeded", "failed")["state"], "succeeded")


def test_chat_streams_its_words(studio):
    words = []
    stream = studio.events()
    next(stream)
    made = studio.submit(kind="chat_conversation", prompt=None, seed=3, messages=[{"role": "user", "text": "Say hello to a robot."}]).json["id"]
    for name, data, _ in stream:
        if name == "text" and data["generation_id"] == made:
            equal(data["offset"], sum(len(word.encode()) for word in words))
            words.append(data["text"])
        if name == "generation" and data["id"] == made and data["state"] in ("succeeded", "failed"):
            # The event that ends it has the whole answer, the last words included.
            equal((data["state"], data["text"][: len("".join(words))]), ("succeeded", "".join(words)))
            break
    assert len(words) > 1, words


def test_an_idle_studio_stops_at_once(studio):
    """It waited five seconds for the polls of its own node that had gone."""
    equal([one["id"] for one in studio.call("GET", "/api/v1/generations?active=true").json["items"]], [])
    began = time.monotonic()
    studio.stop()
    took = time.monotonic() - began
    studio.start()
    assert took < STOP_SECONDS_MAX, f"{took:.1f} s"


WITHOUT_NODE = [test_bad_fields_are_named, test_malformed_bodies_are_refused, test_unknown_things_are_not_found,
                test_bad_query_parameters_are_named, test_the_gate_refuses, test_other_sites_cannot_act,
                test_nodes_need_their_token, test_an_idempotency_key_starts_one_generation,
                test_what_waits_is_canceled_at_once, test_settings_are_filled_in_and_can_be_sent_again,
                test_prompts_have_a_language, *NAME_TESTS, test_the_gate_reads_what_the_engine_gets,
                test_pages_follow_each_other, test_uploads_are_decoded_and_held, test_bad_uploads_are_refused,
                test_events_are_replayed_from_any_number,
                test_a_second_server_and_a_taken_port_are_refused,
                test_accepted_work_survives_a_kill,
                test_credits_are_held_given_back_and_run_out, test_a_full_disk_loses_nothing_and_says_so,
                *STREAM_TESTS, *QUEUE_TESTS, *WIRE_TESTS, *NUMBER_TESTS, *TEXT_TESTS, *HOSTILE_TESTS,
                *CHAT_TESTS, *KIND_TESTS, *RUN_TESTS, *NODE_TESTS]
ABOUT_THE_DATA_FOLDER = {test_a_second_server_and_a_taken_port_are_refused, test_a_full_disk_loses_nothing_and_says_so,
                         test_credits_are_held_given_back_and_run_out}
WITH_NODE = [test_a_picture_is_made_seen_and_kept, test_a_reader_that_leaves_costs_nothing,
             test_the_recipe_has_the_prompt_as_written_and_as_it_was_made, test_the_same_seed_makes_the_same_picture,
             test_a_picture_starts_from_another, test_a_running_job_is_canceled_and_frees_its_worker, test_chat_streams_its_words,
             test_programs_inherit_nothing_at_the_first_start_and_after,
             *KIND_TESTS_WITH_NODE, test_an_idle_studio_stops_at_once,
             *NUMBER_TESTS_WITH_NODE, *CHAT_TESTS_WITH_NODE, *RUN_TESTS_WITH_NODE]


def main():
    program = os.path.abspath(sys.argv[1])
    on_postgres = "--on-postgres" in sys.argv[2:]
    outcomes = Outcomes()
    for test in WITHOUT_NODE:
        if on_postgres and test in ABOUT_THE_DATA_FOLDER:
            continue
        settings = {**getattr(test, "settings", {}), **(new_database()[1] if on_postgres else {})}
        with Studio(program, node=False, **settings) as studio:
            outcomes.run(test, studio)
    if not on_postgres:
        with Studio(program) as studio:
            for test in WITH_NODE:
                outcomes.run(test, studio)
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
