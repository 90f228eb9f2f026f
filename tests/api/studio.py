"""A real studio for the API tests: the built program on a folder and port of its own."""
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time


PSQL = "/usr/lib/postgresql/15/bin/psql"


def query(database, statement, login="ourvidz_server"):
    """The lines of PostgreSQL's answer to a login, the server's unless named; see tests/services/services.py."""
    url = f"postgresql://{login}@{os.environ['OURVIDZ_TEST_POSTGRES']}/{database}"
    done = subprocess.run([PSQL, url, "-v", "ON_ERROR_STOP=1", "-At", "-c", statement], check=True, capture_output=True,
                          text=True)
    return done.stdout.split()


def new_database():
    """An empty database of PostgreSQL, and the settings with which a server uses it."""
    name = "test_" + secrets.token_hex(8)
    query("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    place = f"{os.environ['OURVIDZ_TEST_POSTGRES']}/{name}"
    return name, {"database_url": f"postgresql://ourvidz_tenant@{place}",
                  "database_server_url": f"postgresql://ourvidz_server@{place}"}


def equal(left, right):
    assert left == right, f"{left!r} is not {right!r}"


def is_problem(reply, status, code, field=None):
    equal((reply.status, reply.headers.get("content-type")), (status, "application/problem+json"))
    body = reply.json
    equal((body["status"], body["code"]), (status, code))
    assert body["detail"] and body["title"] and body["type"], body
    if field is not None:
        equal(body.get("field"), field)


def preloaded(name, folder):
    """What a process's environment must have for it to run with a library of ours beside these tests."""
    library = pathlib.Path(folder) / f"{name}.so"
    if not library.exists():
        source = pathlib.Path(__file__).with_name(f"{name}.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    return {"LD_PRELOAD": str(library)}


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Studio:
    def __init__(self, program, data=None, node=True, **settings):
        self.program = program
        self.data = data or tempfile.mkdtemp(prefix="ourvidz-api-")
        self.owns_data = data is None
        self.environment = {**os.environ, "OURVIDZ_START_NODE": str(node).lower(),
                            **{f"OURVIDZ_{name.upper()}": str(value) for name, value in settings.items()}}
        self.process = None
        self.port = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.owns_data:
            shutil.rmtree(self.data, ignore_errors=True)

    def spawn(self, listen="127.0.0.1:0"):
        return subprocess.Popen([self.program, "serve", "--listen", listen, "--data-dir", self.data],
                                env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def start(self):
        self.process = self.spawn()
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                return
        raise RuntimeError("the studio did not start")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.stdout.read()
        self.process.wait(30)

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
                headers = {"Content-Type": "application/json", **(headers or {})}
            try:
                connection.request(method, path, body, headers or {})
            except (BrokenPipeError, ConnectionResetError):
                pass  # the server has answered before it was told everything
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def credentials(self, permission):
        """The headers of somebody who has this permission of the contract (x-permission)."""
        token = {"node.work": "node.token", "studio.operate": "operator.token"}.get(permission)
        if token is None:
            return {}
        with open(os.path.join(self.data, token), encoding="utf-8") as file:
            return {"Authorization": "Bearer " + file.read().strip()}

    def submit(self, headers=None, **fields):
        return self.call("POST", "/api/v1/generations", {"kind": "sdxl_image_fast", "prompt": "a red fox", **fields}, headers)

    def until(self, generation, *states):
        """The generation once it is in one of these states."""
        end = time.monotonic() + 180
        while time.monotonic() < end:
            now = self.call("GET", f"/api/v1/generations/{generation}").json
            if now["state"] in states:
                return now
            time.sleep(0.05)
        raise AssertionError(f"never became {' or '.join(states)}: {now}")

    def events(self, after=None, timeout=60):
        """Yields (event, data, id) from the event stream."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        connection.request("GET", "/api/v1/events" + (f"?after={after}" if after is not None else ""))
        response = connection.getresponse()
        name, data, number = "message", [], None
        while line := response.readline().decode():
            line = line.rstrip("\n")
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].strip())
            elif line.startswith("id:"):
                number = int(line[3:])
            elif not line and data:
                yield name, json.loads("\n".join(data)), number
                name, data, number = "message", [], None
