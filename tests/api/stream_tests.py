"""What many event streams, and readers who do not read them, cost the server."""
import signal
import socket
import time

from studio import equal


def resident_mib(studio):
    with open(f"/proc/{studio.process.pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def make_and_read(studio, first_seed):
    """200 generations with long prompts, and a reader who is told of each."""
    start = next(studio.events())[1]["last_event_id"]
    prompt = "a red fox " + "on a green background " * 180
    made = {studio.submit(prompt=prompt, seed=first_seed + number).json["id"] for number in range(200)}
    seen = set()
    for name, data, _ in studio.events(after=start):
        if name == "generation":
            seen.add(data["id"])
        if made <= seen:
            break


def test_readers_that_do_not_read_cost_little_and_harm_nobody(studio):
    # 60 readers, each of whom would be sent 200 events of about 5 KB: 60 MB, if it were kept for them. The same work before
    # them, so that what it leaves in caches does not count.
    make_and_read(studio, 1000)
    slow = []
    try:
        for _ in range(60):
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(("127.0.0.1", studio.port))
            reader.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            reader.recv(1)
            slow.append(reader)
        before = resident_mib(studio)
        make_and_read(studio, 2000)
        grown = resident_mib(studio) - before
        assert grown < 30, f"{grown:.0f} MiB were kept for readers who do not read"
    finally:
        for reader in slow:
            reader.close()


def test_a_stream_with_nothing_to_tell_shows_that_it_is_there(studio):
    with socket.create_connection(("127.0.0.1", studio.port), timeout=30) as reader:
        reader.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        seen = b""
        while b"event: hello" not in seen:
            seen += reader.recv(1 << 16)
        start = time.monotonic()
        for _ in range(2):
            said = reader.recv(1 << 16)
            assert b"\r\n:" in said, f"not a comment, but {said}"
        took = time.monotonic() - start
    assert 7 < took < 11, f"twice in {took:.1f} s, and the contract says every four"


def test_a_server_with_open_streams_stops(studio):
    readers = [studio.events() for _ in range(50)]
    for reader in readers:
        equal(next(reader)[0], "hello")
    studio.submit()
    studio.process.send_signal(signal.SIGTERM)
    equal(studio.process.wait(15), 0)
    for reader in readers:
        reader.close()
    studio.start()


def test_a_poll_that_waits_is_answered_when_the_server_stops(studio):
    """A node that has gone may have left one behind, and the server would wait for its end."""
    with open(f"{studio.data}/node.token", encoding="utf-8") as file:
        token = file.read().strip()
    body = b'{"node_id":"a","wait_ms":20000,"want":[],"running":[]}'
    with socket.create_connection(("127.0.0.1", studio.port), timeout=60) as poll:
        poll.sendall(b"POST /api/v1/node/poll HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Authorization: Bearer " + token.encode() + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
        while b'value="connections"} 2' not in studio.call("GET", "/metrics").body:
            pass  # until the server has taken the poll, beside this very question
        studio.process.send_signal(signal.SIGTERM)
        assert poll.recv(1 << 16).startswith(b"HTTP/1.1 200 "), "the poll was cut"
    equal(studio.process.wait(30), 0)
    studio.start()


def test_memory_is_given_back_when_a_crowd_has_gone(studio):
    studio.call("GET", "/api/v1/ready")
    before, crowd = resident_mib(studio), []
    try:
        for _ in range(800):
            crowd.append(socket.create_connection(("127.0.0.1", studio.port)))
            crowd[-1].sendall(b"GET /api/v1/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for one in crowd:
            one.recv(1)
        grown = resident_mib(studio) - before
    finally:
        for one in crowd:
            one.close()
    end = time.monotonic() + 60
    while resident_mib(studio) - before > grown / 2:
        assert time.monotonic() < end, f"{resident_mib(studio) - before:.1f} of {grown:.1f} MiB are kept"
        time.sleep(0.1)


STREAM_TESTS = [test_readers_that_do_not_read_cost_little_and_harm_nobody,
                test_a_stream_with_nothing_to_tell_shows_that_it_is_there, test_a_server_with_open_streams_stops,
                test_a_poll_that_waits_is_answered_when_the_server_stops, test_memory_is_given_back_when_a_crowd_has_gone]
