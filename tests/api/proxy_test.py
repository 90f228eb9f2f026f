#!/usr/bin/env python3
"""deploy/nginx.conf with the real nginx before the real program: TLS 1.3 alone, sign-in, events as they happen, ranges,
uploads that pass as they come.

    proxy_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import base64
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import smuggling
from nginx import HOST, PASSWORD, TIMEOUT_S, USER, Nginx, free_port, nginx_path, shipped
from outcomes import Outcomes
from studio import Studio, equal

SIGNED_IN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class Proxy:
    """nginx with the shipped file, of which only ports, places and the password file's are changed."""

    def __init__(self, folder, studio_port):
        self.folder, self.port, plain = folder, free_port(), free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2", "-keyout",
                        folder / "key.pem", "-out", folder / "fullchain.pem"], check=True, capture_output=True)
        self.nginx = Nginx(folder, self.port, shipped(
            folder, "nginx.conf", ("listen [::]:80;", ""), ("listen [::]:443 ssl http2;", ""), ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"), ("127.0.0.1:8787", f"127.0.0.1:{studio_port}"),
            ("/etc/ssl/ourvidz", str(folder))))

    def connect(self, newest=ssl.TLSVersion.TLSv1_3, protocol=None):
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.maximum_version = newest
        if protocol:
            context.set_alpn_protocols([protocol])
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S)
        return context.wrap_socket(plain, server_hostname=HOST)

    def head(self, method, path, headers=None, length=None):
        lines = {"Host": f"{HOST}:{self.port}", "Connection": "close", "Authorization": SIGNED_IN, **(headers or {})}
        if length is not None:
            lines["Content-Length"] = length
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
        return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode()

    def call(self, method, path, body=b"", headers=None):
        """(status, headers, body)"""
        with self.connect() as connection:
            connection.sendall(self.head(method, path, headers, len(body)) + body)
            answer = b""
            while piece := connection.recv(1 << 16):
                answer += piece
        head, _, rest = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        return int(head.split()[1]), {name.lower(): value for name, value in fields.items()}, rest



def more(stream, seen):
    piece = stream.recv(1 << 16)
    assert piece, f"the stream has ended after {seen[-500:]}"
    return piece


def test_only_tls_1_3_is_spoken(proxy, _studio):
    with proxy.connect() as connection:
        equal(connection.version(), "TLSv1.3")
    try:
        proxy.connect(ssl.TLSVersion.TLSv1_2)
    except ssl.SSLError as refused:
        assert "protocol version" in str(refused), refused
    else:
        raise AssertionError("TLS 1.2 was spoken")


def test_everybody_signs_in(proxy, _studio):
    equal(proxy.call("GET", "/api/v1/ready", headers={"Authorization": None})[0], 401)
    equal(proxy.call("GET", "/api/v1/ready")[0], 200)
    equal(proxy.call("GET", "/", headers={"Authorization": "Basic eDp5"})[0], 401)
    # Nodes come with their own token, operators not at all.
    status, headers, _ = proxy.call("POST", "/api/v1/node/poll", b"{}",
                                    {"Authorization": "Bearer x", "Content-Type": "application/json"})
    equal((status, headers["content-type"]), (401, "application/problem+json"))
    equal([proxy.call("GET", path)[0] for path in ("/api/v1/operator/jobs", "/metrics")], [404, 404])


def test_pages_of_the_public_name_may_act_and_others_may_not(proxy, _studio):
    body = json.dumps({"kind": "sdxl_image_fast", "prompt": "a red fox"}).encode()
    own = {"Origin": f"https://{HOST}:{proxy.port}", "Content-Type": "application/json"}
    equal(proxy.call("POST", "/api/v1/generations", body, own)[0], 202)
    equal(proxy.call("POST", "/api/v1/generations", body, {**own, "Origin": "https://evil.example"})[0], 403)
    equal(proxy.call("GET", "/api/v1/ready", headers={"Host": "evil.example"})[0], 403)


def test_events_come_as_they_happen(proxy, studio):
    with proxy.connect() as stream:
        stream.sendall(proxy.head("GET", "/api/v1/events"))
        seen = b""
        while b"event: hello" not in seen:
            seen += more(stream, seen)
        made = studio.submit(seed=5).json["id"].encode()
        start = time.monotonic()
        while made not in seen:
            seen += more(stream, seen)
        took = time.monotonic() - start
    assert took < TIMEOUT_S / 2, f"held back for {took:.1f} s"


def test_ranges_pass(proxy, studio):
    asset = studio.until(studio.submit(seed=1, steps=4).json["id"], "succeeded")["assets"][0]
    status, headers, body = proxy.call("GET", asset["links"]["original"], headers={"Range": "bytes=1-3"})
    equal((status, body, headers["content-range"]), (206, b"PNG", f"bytes 1-3/{asset['bytes']}"))
    etag = proxy.call("GET", asset["links"]["original"])[1]["etag"]
    equal(proxy.call("GET", asset["links"]["original"], headers={"If-None-Match": etag})[0], 304)


def test_an_upload_reaches_the_studio_as_it_comes(proxy, studio):
    """The studio has a part of it in its own folder while the rest has not been sent."""
    token = (pathlib.Path(studio.data) / "node.token").read_text().strip()
    incoming = pathlib.Path(studio.data) / "files/objects/incoming"
    headers = {"Authorization": f"Bearer {token}"}
    with proxy.connect() as upload:
        upload.sendall(proxy.head("POST", "/api/v1/node/attempts/att_x/files?fence=1", headers, 8 << 20) + bytes(4 << 20))
        end = time.monotonic() + TIMEOUT_S
        while not any(path.stat().st_size > 1 << 20 for path in incoming.glob("*/*")):
            assert time.monotonic() < end, "nothing arrives before the upload is whole"
            time.sleep(0.02)
        upload.sendall(bytes(4 << 20))
        assert b" 409 " in upload.recv(1 << 16).split(b"\r\n")[0], "an attempt that is none was believed"


def test_no_request_is_taken_for_two(proxy, studio):
    """Whatever nginx makes of it, what it hands on is one request, and the next reader behind it gets their own answer."""
    host, sign_in = f"{HOST}:{proxy.port}".encode(), f"Authorization: {SIGNED_IN}\r\n".encode()

    def others_are_served(name):
        for _ in range(2):
            status, _, body = proxy.call("GET", "/api/v1/ready")
            equal((name, status, body), (name, 200, b'{"ready":true}'))

    for name, row in {**smuggling.REFUSED, **smuggling.ONE}.items():
        with proxy.connect() as connection:
            got = smuggling.answers(connection, smuggling.filled(row, host, sign_in))
        assert all(status < 500 or status == 501 or status == 505 for status in got), (name, got)
        others_are_served(name)
    for name, (headers, body) in smuggling.downgraded(host.decode()).items():
        with proxy.connect(protocol="h2") as connection:
            equal(connection.selected_alpn_protocol(), "h2")
            smuggling.speak_http_2(connection, [*headers, ("authorization", SIGNED_IN)], body)
        others_are_served(name)
    made = [one["settings"].get("prompt") for one in studio.call("GET", "/api/v1/generations?limit=200").json["items"]]
    assert smuggling.MARK not in made, made


TESTS = [test_only_tls_1_3_is_spoken, test_everybody_signs_in, test_pages_of_the_public_name_may_act_and_others_may_not,
         test_events_come_as_they_happen, test_ranges_pass, test_an_upload_reaches_the_studio_as_it_comes,
         test_no_request_is_taken_for_two]


def main():
    if not nginx_path():
        print("skipped no nginx on this machine\n0 passed, 0 failed, 1 skipped")
        return 0
    outcomes = Outcomes()
    with tempfile.TemporaryDirectory(prefix="ourvidz-proxy-") as folder, \
            Studio(os.path.abspath(sys.argv[1]), public_hosts=HOST) as studio:
        proxy = Proxy(pathlib.Path(folder), studio.port)
        try:
            for test in TESTS:
                outcomes.run(test, proxy, studio)
        finally:
            proxy.nginx.stop()
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
