"""Thousands of event streams in one thread, each of which knows what it has seen."""
import errno
import select
import socket
import time
from collections import deque

READ_BYTES = 1 << 16
CONNECT_AT_ONCE = 256  # so that the server's backlog is not what is measured


class Reader:
    """One stream. After a cut it goes on after the last event that it has had in full, as browsers do."""

    def __init__(self, after):
        self.after = after
        self.seen = []
        self.resets = self.hellos = self.cuts = 0
        self.connection = None
        self.text = b""

    def take(self, piece):
        self.text += piece
        *events, self.text = self.text.split(b"\n\n")
        for event in events:
            if event.startswith(b"id: "):
                number = int(event[4:event.index(b"\n")])
                self.seen.append(number)
                self.after = number
            elif b"event: hello" in event:
                self.hellos += 1
            elif b"event: reset" in event:
                self.resets += 1


class Herd:
    """`ports`: of the servers; a reader that comes back goes to the next. `life_s`: so long a stream lives until it is
    cut in the middle of whatever comes; None: it is left alone."""

    def __init__(self, ports, count, after=None, life_s=None):
        self.ports, self.life_s = ports, life_s
        self.readers = [Reader(after) for _ in range(count)]
        self.poll = select.epoll()
        self.by_number = {}
        self.waiting = deque(self.readers)  # for a connection
        self.lives = deque()  # (end, reader, connection), oldest first
        self.turn = self.refused = self.connects = 0

    def connect(self, reader):
        self.turn += 1
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = self.ports[self.turn % len(self.ports)]
        failure = connection.connect_ex(("127.0.0.1", port))
        if failure not in (0, errno.EINPROGRESS):
            connection.close()
            return self.again(reader)
        reader.connection, reader.text = connection, b""
        self.by_number[connection.fileno()] = reader
        self.poll.register(connection.fileno(), select.EPOLLOUT)
        self.connects += 1
        return None

    def again(self, reader):
        self.refused += 1
        self.waiting.append(reader)

    def drop(self, reader):
        number = reader.connection.fileno()
        self.poll.unregister(number)
        del self.by_number[number]
        reader.connection.close()
        reader.connection = None

    def run(self, until, pause_s=0.02):
        """Serves all streams until `until()` is true; it is asked after every round."""
        connecting = 0
        while not until():
            now = time.monotonic()
            while self.lives and self.lives[0][0] <= now:
                _, reader, connection = self.lives.popleft()
                if reader.connection is connection:
                    reader.cuts += 1
                    self.drop(reader)
                    self.waiting.append(reader)
            connecting = sum(1 for reader in self.by_number.values() if reader.hellos == 0) if self.life_s is None else 0
            for _ in range(min(len(self.waiting), max(0, CONNECT_AT_ONCE - connecting))):
                self.connect(self.waiting.popleft())
            for number, event in self.poll.poll(pause_s):
                reader = self.by_number.get(number)
                if reader is not None:
                    self.serve(reader, event)

    def serve(self, reader, event):
        try:
            if event & select.EPOLLOUT:
                query = "" if reader.after is None else f"?after={reader.after}"
                reader.connection.send(f"GET /api/v1/events{query} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                self.poll.modify(reader.connection.fileno(), select.EPOLLIN)
                if self.life_s is not None:
                    self.lives.append((time.monotonic() + self.life_s, reader, reader.connection))
                return
            piece = reader.connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if piece:
            reader.take(piece)
        else:
            self.drop(reader)
            self.again(reader)

    def close(self):
        for reader in list(self.by_number.values()):
            self.drop(reader)
        self.poll.close()
