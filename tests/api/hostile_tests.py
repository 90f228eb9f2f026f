"""No request keeps the I/O thread to itself: while it computes, nobody is answered and nodes lose their leases.

What is measured is the processor time of that thread (loop_busy in /metrics), which a slow or busy machine hardly changes.
"""
import concurrent.futures
import functools
import json
import re
import socket
import tempfile
import time

from queue_tests import Node
from studio import Studio, equal, preloaded
from text_tests import calls_of, read_contract

BUSY_MAX_S = 0.05
MIB = 1 << 20
PROMPT_BYTES = 4096

# Texts that some part once took the square of their length for, or could.
PATTERNS = ["b c d ", "a-b-c-", "a.", "{", "{a|", "[", "(", "(a:", ")", "__", "__a_", "<lora:", "\\", "a:1", "boy bed ",
            "make him into a boy ", "\u0301\u0316", "\u5973", "6368696c64 ", "%63", "&#99;", "zoom in pan left ", "1"]


def busy_s(studio):
    text = studio.call("GET", "/metrics").body.decode()
    return float(re.search(r'ourvidz_server\{value="loop_busy"\} (\S+)', text).group(1))


def expect_free(studio, what):
    busy = busy_s(studio)
    assert busy < BUSY_MAX_S, f"{what}: the I/O thread computed for {busy * 1000:.0f} ms"


def long_texts():
    for pattern in PATTERNS:
        count = PROMPT_BYTES // len(pattern.encode())
        yield pattern * count


def bodies(size):
    """Bodies of about so many bytes that are slow to read, if any are."""
    yield b"[" * size
    yield b'{"a":' * (size // 5)
    yield b'{"prompt":"' + b"\\u0061" * (size // 6) + b'"}'
    yield b'{"prompt":"' + b"a" * size + b'"}'
    yield b"{" + b",".join(b'"%d":0' % number for number in range(size // 10)) + b"}"
    yield b"{" + b",".join(b'"a":0' for _ in range(size // 6)) + b"}"
    yield b'{"messages":[' + b",".join([b"{}"] * (size // 3)) + b"]}"
    yield b'{"a":[' + b",".join([b"1e300"] * (size // 6)) + b"]}"
    yield b"\xff" * size


def routes():
    for method, path, call in calls_of(read_contract()):
        in_query = [one for one in call.get("parameters", []) if one.get("in") == "query" or "$ref" in one]
        yield method, path, call["x-permission"], "requestBody" in call, bool(in_query)


def send_raw(studio, text):
    with socket.create_connection(("127.0.0.1", studio.port), timeout=60) as link:
        link.sendall(text)
        link.settimeout(60)
        link.recv(65536)


def test_no_body_keeps_the_loop_busy(studio):
    generation = studio.submit().json["id"]
    for method, path, permission, has_body, _ in routes():
        if not has_body:
            continue
        address = path.replace("{id}", generation) + ("?fence=1&position=0" if "attempts" in path else "")
        # Just below and just above what a call takes: 64 KiB, 1 MiB, 2 MiB.
        for size in (60_000, MIB - 4096, 2 * MIB - 4096):
            for number, body in enumerate(bodies(size)):
                studio.call(method, address, body, {**studio.credentials(permission), "Content-Type": "application/json"})
                expect_free(studio, f"{method} {path}, body {number} of {size} bytes")


def test_no_prompt_keeps_the_loop_busy(studio):
    generation = studio.submit().json["id"]
    for text in long_texts():
        for fields in ({"prompt": text}, {"negative_prompt": text, "batch": 6}, {"kind": "chat_enhance", "prompt": text},
                       {"kind": "chat_conversation", "prompt": None, "messages": [{"role": "user", "text": text}] * 60}):
            studio.submit(**fields)
            expect_free(studio, f"{fields.keys()} of {text[:20]!r}")
        studio.call("PATCH", f"/api/v1/generations/{generation}", {"prompt": text})
        expect_free(studio, f"an edit to {text[:20]!r}")


def test_no_address_keeps_the_loop_busy(studio):
    """16 KiB of header is all that a request may have."""
    queries = ["a=b&" * 3800, "&" * 15000, "a=" + "%41" * 5000, "cursor=" + "A" * 15000, "limit=" + "9" * 15000, "%" * 15000]
    for method, path, permission, _, has_query in routes():
        for query in queries if has_query else queries[:1]:
            if path == "/api/v1/events":
                send_raw(studio, f"GET {path}?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            else:
                studio.call(method, path.replace("{id}", "x") + "?" + query, headers=studio.credentials(permission))
            expect_free(studio, f"{method} {path}?{query[:10]}")
    for path in ("/" * 15000, "/a" * 7000, "/api/v1/generations/" + "%41" * 5000):
        studio.call("GET", path)
        expect_free(studio, f"GET {path[:30]}")


def test_long_lists_keep_nobody_waiting(studio):
    """200 generations with all that one can hold, listed at once and told one after the other."""
    text = "(red:1.2) {fox|cat} in the snow, " * 50 + "and a lighthouse " * 100
    for number in range(200):
        reply = studio.submit(prompt=text, negative_prompt=text, batch=6, seed=number)
        if reply.status == 429:
            break
        equal(reply.status, 202)
    listed = studio.call("GET", "/api/v1/generations?limit=200")
    equal(listed.status, 200)
    expect_free(studio, f"a list of {len(listed.body) >> 10} KiB")
    events = studio.events(after=0)
    for _ in range(len(json.loads(listed.body)["items"])):
        next(events)
    expect_free(studio, "the replay of their events")


def test_the_server_answers_while_it_judges(studio):
    """The request that once stopped everything for 93 s is accepted or held at once."""
    start = time.monotonic()
    reply = studio.submit(kind="chat_conversation", prompt=None,
                          messages=[{"role": "user", "text": "b c d " * 660 + "e"}] * 60)
    assert reply.status in (202, 403), reply.body
    assert time.monotonic() - start < 10, "it is quadratic again"
    expect_free(studio, "a conversation of 252 KB")


def test_lists_do_not_wait_for_judgements(studio):
    """Whoever only looks is answered while as much is judged as may wait: before the last of it, and not behind it."""
    equal(studio.submit().status, 202)
    turns = [{"role": "user", "text": "make him into a boy " * 200}] * 60
    ask = functools.partial(studio.submit, kind="chat_conversation", prompt=None, messages=turns)
    with concurrent.futures.ThreadPoolExecutor(30) as people:
        asked = [people.submit(ask) for _ in range(30)]
        concurrent.futures.wait(asked, return_when=concurrent.futures.FIRST_COMPLETED)
        judged_before = sum(one.done() for one in asked)
        equal(studio.call("GET", "/api/v1/generations?limit=1").status, 200)
        judged_meanwhile = sum(one.done() for one in asked) - judged_before
        for one in asked:
            assert one.result().status in (202, 403), one.result().body
    assert judged_meanwhile < 15, f"the list came after {judged_meanwhile} judgements"


def test_no_look_at_the_model_folders_keeps_the_loop_busy(studio):
    """Each takes 100 ms here, as on a disk that sleeps or a network that is slow."""
    with tempfile.TemporaryDirectory() as folder:
        slow = Studio(studio.program, node=False)
        slow.environment |= preloaded("slow_look", folder)
        with slow:
            began = time.monotonic()
            slow.call("GET", "/api/v1/models")
            assert time.monotonic() - began > 2 * BUSY_MAX_S, "the look was not slow"
            for path in ("kinds", "models", "health", "ready"):
                equal(slow.call("GET", f"/api/v1/{path}").status, 200)
            equal(slow.submit().status, 202)
            equal(slow.call("POST", "/api/v1/conversations", {"kind": "chat_conversation"}).status, 201)
            conversation = slow.call("GET", "/api/v1/conversations").json["items"][0]["id"]
            said = slow.call("POST", f"/api/v1/conversations/{conversation}/messages", {"text": "Hello."})
            equal(said.status, 202)
            Node(slow).take()
            expect_free(slow, "looks at the model folders")


HOSTILE_TESTS = [test_no_body_keeps_the_loop_busy, test_no_prompt_keeps_the_loop_busy, test_no_address_keeps_the_loop_busy,
                 test_long_lists_keep_nobody_waiting, test_the_server_answers_while_it_judges,
                 test_lists_do_not_wait_for_judgements, test_no_look_at_the_model_folders_keeps_the_loop_busy]
for _test in HOSTILE_TESTS:
    _test.settings = {"queue_max": 10_000, "queue_workspace_max": 10_000, "queue_kind_max": 10_000}
