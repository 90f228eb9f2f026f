#!/usr/bin/env python3
"""Uploads to the real program that are made to keep it busy: each is refused with its reason, soon, and delays nobody.

    upload_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import concurrent.futures
import http.client
import os
import pathlib
import random
import socket
import sys
import tempfile
import time
import zlib

import bombs
from outcomes import Outcomes
from studio import Studio, equal, is_problem

HUGE = 31 << 30
MEMORY_MB = 3000
# A bomb may use its decoder for a second of processor time; a machine that does much else takes longer for that.
BOMB_SECONDS_MAX = 60
GIVEN_BACK_SECONDS_MAX = 20

BOMBS = [
    ("pixels that unpack to 31 GB", lambda: bombs.surplus_png(HUGE), "unpacks to much more than a picture of its size"),
    ("a profile of ten thousand curves", lambda: bombs.slow_profile_png(10_000), "takes much longer to read"),
]


def upload(studio, picture):
    began = time.monotonic()
    return studio.call("POST", "/api/v1/assets", picture, {"Content-Type": "image/png"}), time.monotonic() - began


def workers(studio):
    """Process ids of the server's media workers."""
    children = pathlib.Path(f"/proc/{studio.process.pid}/task").glob("*/children")
    pids = [int(pid) for each in children for pid in each.read_text().split()]
    return [pid for pid in pids if "media_worker" in pathlib.Path(f"/proc/{pid}/cmdline").read_text()]


def test_bombs_are_refused_with_their_reason(studio):
    for name, make, words in BOMBS:
        reply, took = upload(studio, make())
        is_problem(reply, 422, "invalid_field", "file")
        assert words in reply.json["detail"], f"{name}: {reply.json}"
        assert took < BOMB_SECONDS_MAX, f"{name}: {took:.1f} s"
        equal(upload(studio, bombs.png())[0].status, 201)


def test_a_bomb_delays_no_other_upload(studio):
    """What is sent after the bomb is answered before it."""
    with concurrent.futures.ThreadPoolExecutor(2) as people:
        # Both lanes have a worker from here on.
        for reply, _ in people.map(lambda _: upload(studio, bombs.png()), range(2)):
            equal(reply.status, 201)
        hostile = people.submit(upload, studio, bombs.slow_profile_png(10_000))
        answered = 0
        while True:
            equal(upload(studio, bombs.png())[0].status, 201)
            if hostile.done():
                break
            answered += 1
        equal(hostile.result()[0].status, 422)
    assert answered, "everybody waited until the bomb was refused"


def test_large_pictures_delay_no_small_one(studio):
    """However many large ones wait: no small one waits for more of them than are at work."""
    large = bombs.png(size=(8000, 5000), pixels=zlib.compress(bytes(5000 * (1 + 3 * 8000)), 9))
    with concurrent.futures.ThreadPoolExecutor(8) as people:
        waiting = [people.submit(upload, studio, large) for _ in range(8)]
        overtaken, longest = 0, 0
        while not all(one.done() for one in waiting):
            before = sum(one.done() for one in waiting)
            reply, took = upload(studio, bombs.png())
            equal(reply.status, 201)
            overtaken = max(overtaken, sum(one.done() for one in waiting) - before)
            longest = max(longest, took)
        for one in waiting:
            equal(one.result()[0].status, 201)
    print(f"  the longest of the small ones took {longest:.2f} s beside eight large ones")
    assert overtaken <= 3, f"a small one came after {overtaken} large ones"


def resident_mb(studio):
    status = pathlib.Path(f"/proc/{studio.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) >> 10


def test_the_memory_of_large_uploads_is_given_back(studio):
    """Of files of many megabytes that were read, checked and stored, nothing stays."""
    equal(upload(studio, bombs.png())[0].status, 201)
    before = resident_mb(studio)
    noise = random.Random(1).randbytes(2000 * 7500)
    rows = b"".join(b"\0" + noise[row * 7500:(row + 1) * 7500] for row in range(2000))
    large = bombs.png(size=(2500, 2000), pixels=zlib.compress(rows, 1))
    with concurrent.futures.ThreadPoolExecutor(4) as people:
        for reply, _ in people.map(lambda _: upload(studio, large), range(8)):
            equal(reply.status, 201)
    # The allocator's own thread gives it back, within a second or two (apps/ourvidz/main.cpp).
    end = time.monotonic() + GIVEN_BACK_SECONDS_MAX
    while (after := resident_mb(studio)) >= before + 15 and time.monotonic() < end:
        time.sleep(0.1)
    print(f"  resident: {before} MB before, {after} MB after eight files of {len(large) >> 20} MB")
    assert after < before + 15, (before, after)


def test_the_setting_for_memory_reaches_the_upload_worker(studio):
    equal(upload(studio, bombs.png())[0].status, 201)
    limits = pathlib.Path(f"/proc/{workers(studio)[0]}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max address space"))
    equal(int(line.split()[3]), MEMORY_MB << 20)


def test_a_worker_that_could_not_start_is_started_by_the_next_upload(program):
    with tempfile.TemporaryDirectory() as folder, Studio(program, node=False, worker_folder=folder) as studio:
        is_problem(upload(studio, bombs.png())[0], 503, "unavailable")
        os.symlink(pathlib.Path(program).parent / "media_worker", pathlib.Path(folder) / "media_worker")
        equal(upload(studio, bombs.png())[0].status, 201)


class Sender:
    """An upload whose body comes when it is told to."""

    def __init__(self, studio, size):
        self.socket = socket.create_connection(("127.0.0.1", studio.port), timeout=60)
        self.socket.sendall("".join([
            "POST /api/v1/assets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/png\r\n",
            f"Content-Length: {size}\r\n\r\n"]).encode())

    def send(self, content):
        self.socket.sendall(content)

    def answer(self):
        """Its status and headers."""
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        response.read()
        return response.status, {name.lower(): value for name, value in response.getheaders()}


def test_unfinished_uploads_have_a_common_limit(program):
    """Fifty of 30 MB at once took 1.5 GB."""
    size = 30 << 20
    with Studio(program, node=False, request_memory_mb=256) as studio:
        equal(upload(studio, bombs.png())[0].status, 201)
        before = resident_mb(studio)
        senders = [Sender(studio, size) for _ in range(50)]
        piece = b"\x89PNG" + bytes((1 << 20) - 4)
        taken = []
        for sender in senders:
            try:
                for _ in range((size >> 20) - 1):
                    sender.send(piece)
                taken.append(sender)
            except (BrokenPipeError, ConnectionResetError):
                continue  # answered before it had sent everything
        during = resident_mb(studio)
        print(f"  resident: {before} MB before, {during} MB with 50 uploads of 30 MB on their way")
        assert during < before + 300, (before, during)
        # What is small still has room, and what has none is told when to come again.
        equal(upload(studio, bombs.png())[0].status, 201)
        late = Sender(studio, size)
        status, headers = late.answer()
        equal((status, headers["content-type"], headers["retry-after"]), (503, "application/problem+json", "1"))
        for sender in senders:
            sender.socket.close()


def test_who_sends_slowly_keeps_nobody_out(program):
    size = 30 << 20
    with Studio(program, node=False, request_memory_mb=64) as studio:
        slow = Sender(studio, size)
        slow.send(b"\x89PNG")
        large, refused = bombs.png() + bytes(size), 0
        # It is decided in favour of who comes at once after ten seconds.
        while (reply := upload(studio, large)[0]).status == 503:
            refused += 1
            assert refused < 60, "the slow one keeps its place"
            time.sleep(int(reply.headers["retry-after"]))
        assert refused and reply.status != 503, (refused, reply.status)
        status, headers = slow.answer()
        equal((status, headers["retry-after"]), (503, "1"))


TESTS = [test_bombs_are_refused_with_their_reason, test_a_bomb_delays_no_other_upload,
         test_large_pictures_delay_no_small_one, test_the_memory_of_large_uploads_is_given_back,
         test_the_setting_for_memory_reaches_the_upload_worker]


def main():
    outcomes = Outcomes()
    with Studio(os.path.abspath(sys.argv[1]), node=False, media_memory_mb=MEMORY_MB) as studio:
        for test in TESTS:
            outcomes.run(test, studio)
    for test in (test_unfinished_uploads_have_a_common_limit, test_who_sends_slowly_keeps_nobody_out):
        outcomes.run(test, os.path.abspath(sys.argv[1]))
    outcomes.run(test_a_worker_that_could_not_start_is_started_by_the_next_upload, os.path.abspath(sys.argv[1]))
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
