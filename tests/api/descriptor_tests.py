"""What the programs that are started inherit: nothing but what is meant for them."""
import ctypes
import os
import pathlib
import signal
import socket
import time

from outcomes import Skip
from studio import equal

TIMEOUT_S = 120
SYS_KCMP = {"x86_64": 312, "aarch64": 272}.get(os.uname().machine)
CLOSE_ON_EXEC = 0o2000000
WORKERS = {"diffusion_worker", "chat_worker", "media_worker"}


def name_of(pid):
    return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode().rsplit("/", 1)[-1]


def children(pid):
    """Process numbers by program; of several with one name the newest."""
    found = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found[name_of(stat.parent.name)] = int(stat.parent.name)
        except OSError:
            pass  # it has ended meanwhile
    return found


def descriptors(pid):
    found = {}
    try:
        for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            try:
                found[int(link.name)] = os.readlink(link)
            except FileNotFoundError:
                pass  # closed meanwhile
    except PermissionError as reason:
        raise Skip("only root may look into workers") from reason
    return found


def is_same(one, descriptor, other, its):
    """Whether both are the very same open file, socket or timer."""
    return SYS_KCMP is not None and ctypes.CDLL(None).syscall(SYS_KCMP, one, other, 0, descriptor, its) == 0


def shared(child, parent):
    theirs = {number: link for number, link in descriptors(parent).items() if number > 2}
    return [(number, link) for number, link in descriptors(child).items() if number > 2
            for its, its_link in theirs.items()
            if link == its_link and (not link.startswith("anon_inode:") or is_same(child, number, parent, its))]


def left_open(pid):
    """Descriptors that a program started now would inherit if nothing closed them."""
    found = []
    for number, link in descriptors(pid).items():
        try:
            flags = pathlib.Path(f"/proc/{pid}/fdinfo/{number}").read_text().split("flags:")[1].split()[0]
        except FileNotFoundError:
            continue
        if number > 2 and not int(flags, 8) & CLOSE_ON_EXEC:
            found.append((number, link))
    return found


def wait_for(what, found):
    end = time.monotonic() + TIMEOUT_S
    while not (result := found()):
        assert time.monotonic() < end, f"there is no {what}"
        time.sleep(0.02)
    return result


def look_at_all(studio, node):
    """Every worker has done something, so that everything is open that it opens."""
    made = [studio.submit(seed=1, steps=4).json["id"],
            studio.submit(kind="chat_conversation", prompt=None, seed=1, messages=[{"role": "user", "text": "Hello"}]).json["id"]]
    for one in made:
        studio.until(one, "succeeded")
    # The server has a worker of its own for uploads, whatever they are.
    equal(studio.call("POST", "/api/v1/assets", b"no picture", {"Content-Type": "image/png"}).status, 422)
    server, workers = studio.process.pid, children(node)
    equal(set(workers), WORKERS)
    workers["the server's media_worker"] = children(server)["media_worker"]
    equal(shared(node, server), [])
    # Of the node's, libcurl's own pairs cannot be marked: that its workers share nothing with it is all that can be asked.
    equal(left_open(server), [])
    for name, pid in workers.items():
        opened = descriptors(pid)
        equal((name, opened[0], opened[1][:5], opened[2][:5], opened[3][:7]), (name, "/dev/null", "pipe:", "pipe:", "socket:"))
        equal((name, [link for number, link in opened.items() if number > 3 and link.startswith(("socket:", "pipe:"))]), (name, []))
        equal((name, shared(pid, server), shared(pid, node)), (name, [], []))


def test_programs_inherit_nothing_at_the_first_start_and_after(studio):
    def node():
        return children(studio.process.pid).get("ourvidz")

    readers = []
    try:
        first = wait_for("node", node)
        look_at_all(studio, first)
        for _ in range(25):
            for path in ("/api/v1/events", "/api/v1/ready"):
                readers.append(socket.create_connection(("127.0.0.1", studio.port)))
                readers[-1].sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                readers[-1].recv(1)
        os.kill(first, signal.SIGKILL)
        second = wait_for("second node", lambda: (pid := node()) != first and pid)
        look_at_all(studio, second)
    finally:
        for reader in readers:
            reader.close()
