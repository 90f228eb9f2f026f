"""What many event streams, and readers who do not read them, cost the server."""
import signal
import socket

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


STREAM_TESTS = [test_readers_that_do_not_read_cost_little_and_harm_nobody, test_a_server_with_open_streams_stops]
