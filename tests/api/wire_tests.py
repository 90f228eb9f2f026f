"""What is on the wire: where requests end, what answers say to browsers, and which types of bodies are taken."""
import gzip
import http.client
import json
import socket

import smuggling
from studio import equal, is_problem

JSON_TYPE = {"Content-Type": "application/json"}


def prompts(studio):
    return [one["settings"].get("prompt") for one in studio.call("GET", "/api/v1/generations?limit=200").json["items"]]


def test_no_request_is_taken_for_two(studio):
    host, wrong = f"127.0.0.1:{studio.port}".encode(), []
    for name, row in smuggling.REFUSED.items():
        got = smuggling.directly(studio.port, smuggling.filled(row, host))
        if got != [400]:
            wrong.append((name, got))
    for name, row in smuggling.ONE.items():
        got = smuggling.directly(studio.port, smuggling.filled(row, host))
        if len(got) != 1:
            wrong.append((name, got))
    equal(wrong, [])
    equal(prompts(studio), [])
    # The same second request behind one that says plainly where it ends: so a fooled reader would have been seen.
    plain = smuggling.request("Content-Length: 0", start="GET /api/v1/ready HTTP/1.1")
    equal(smuggling.directly(studio.port, smuggling.filled(plain, host)), [200, 202])
    equal(prompts(studio), [smuggling.MARK])


def test_every_answer_says_what_browsers_may_do_with_it(studio):
    asked = [("GET", "/api/v1/health", None, {}), ("GET", "/api/v1/nothing", None, {}), ("POST", "/api/v1/ready", None, {}),
             ("GET", "/api/v1/assets?limit=x", None, {}), ("GET", "/%zz", None, {}), ("GET", "/metrics", None, {}),
             ("POST", "/api/v1/generations", b"{", JSON_TYPE), ("POST", "/api/v1/generations", b"{}", {}),
             ("POST", "/api/v1/generations", b" " * (3 << 20), JSON_TYPE), ("POST", "/api/v1/node/poll", b"{}", JSON_TYPE),
             ("GET", "/api/v1/health", None, {"Host": "evil.example"}), ("HEAD", "/api/v1/ready", None, {}),
             ("GET", "/", None, {}), ("GET", "/nothing.js", None, {}), ("GET", "/x", b"", {"Transfer-Encoding": "x"})]
    for method, path, body, headers in asked:
        says_enough(studio.call(method, path, body, headers), path)
    page = studio.call("GET", "/")
    says_enough(studio.call("GET", "/", headers={"If-None-Match": page.headers.get("etag", "")}), "/ again")
    stream = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=60)
    stream.request("GET", "/api/v1/events")
    answer = stream.getresponse()
    says_enough(answer, "/api/v1/events")
    stream.close()


def says_enough(answer, path):
    fields = {name.lower(): value for name, value in answer.headers.items()}
    for name, part in (("content-security-policy", "frame-ancestors 'none'"), ("x-content-type-options", "nosniff"),
                       ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
                       ("cross-origin-resource-policy", "same-origin"), ("cache-control", "")):
        assert part in fields.get(name, "absent" if part else "") and name in fields, (path, answer.status, name, fields)
    policy = fields["content-security-policy"]
    # 304 says nothing of the type: the policy is then that of the page which the browser has.
    is_page = answer.status == 304 or fields["content-type"].startswith("text/html")
    assert policy.startswith("default-src 'none'") or is_page, (path, policy)


def test_json_is_taken_as_json_alone(studio):
    body = json.dumps({"kind": "sdxl_image_fast", "prompt": "a red fox"}).encode()
    for headers in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": ""},
                    {"Content-Type": "multipart/form-data; boundary=application/json"}):
        is_problem(studio.call("POST", "/api/v1/generations", body, headers), 415, "unsupported_media_type", "Content-Type")
    for charset in ("utf-16", '"UTF-16"', "latin1", "utf-8x", ""):
        headers = {"Content-Type": f"application/json;charset={charset}"}
        is_problem(studio.call("POST", "/api/v1/generations", body, headers), 415, "unsupported_media_type", "Content-Type")
    for coding in ("gzip", "br", "identity, gzip", "x"):
        headers = {"Content-Type": "application/json", "Content-Encoding": coding}
        is_problem(studio.call("POST", "/api/v1/generations", body, headers), 415, "unsupported_media_type", "Content-Encoding")
    equal(prompts(studio), [])
    for kind in ("application/json; charset=utf-8", 'application/json;charset="UTF-8"'):
        equal(studio.call("POST", "/api/v1/generations", body, {"Content-Type": kind, "Content-Encoding": "identity"}).status, 202)
    is_problem(studio.call("POST", "/api/v1/assets", b"GIF89a", {"Content-Type": "image/gif"}), 415, "unsupported_media_type")
    for path, method in (("/api/v1/generations/x", "PATCH"), ("/api/v1/generations/x/move", "POST"), ("/api/v1/node/poll", "POST")):
        is_problem(studio.call(method, path, b"{}", {"Content-Type": "text/plain"}), 415, "unsupported_media_type")


def test_long_answers_are_compressed_for_those_who_take_it(studio):
    for number in range(12):
        equal(studio.submit(prompt="a red fox in the snow, " * 20, seed=number).status, 202)
    plain = studio.call("GET", "/api/v1/generations?limit=60")
    small = studio.call("GET", "/api/v1/generations?limit=60", headers={"Accept-Encoding": "gzip"})
    equal((plain.headers.get("content-encoding"), small.headers.get("content-encoding")), (None, "gzip"))
    equal((plain.headers["vary"], small.headers["vary"]), ("Accept-Encoding", "Accept-Encoding"))
    equal([one["id"] for one in json.loads(gzip.decompress(small.body))["items"]], [one["id"] for one in plain.json["items"]])
    assert len(small.body) < len(plain.body) / 5, (len(small.body), len(plain.body))
    stream = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=30)
    stream.request("GET", "/api/v1/events", headers={"Accept-Encoding": "gzip"})
    answer = stream.getresponse()
    equal((answer.getheader("content-encoding"), answer.readline()[:6]), (None, b"retry:"))
    stream.close()


def test_nothing_is_said_twice(studio):
    """Which of the two was meant is not for us to guess, and others would guess otherwise."""
    for path, name in (("generations?limit=1&limit=2", "limit"), ("assets?state=kept&%73tate=kept", "state"), ("ready?x=1&x=1", "x")):
        is_problem(studio.call("GET", f"/api/v1/{path}"), 422, "invalid_field", name)
    equal(studio.call("GET", "/?a=1&a=2").status, studio.call("GET", "/").status)
    body = b'{"kind":"sdxl_image_fast","prompt":"a red fox","prompt":"a blue fox"}'
    is_problem(studio.call("POST", "/api/v1/generations", body, {"Content-Type": "application/json"}), 400, "malformed_body")
    equal(prompts(studio), [])


def test_a_key_that_is_none_is_refused(studio):
    body = {"kind": "sdxl_image_fast", "prompt": "a red fox"}
    for key in ("", "   ", "k" * 129, "sch\xfcssel"):
        is_problem(studio.call("POST", "/api/v1/generations", body, {"Idempotency-Key": key}), 422, "invalid_field", "Idempotency-Key")
    equal(prompts(studio), [])


def test_hosts_are_names_and_ports(studio):
    def ask(target, host):
        with socket.create_connection(("127.0.0.1", studio.port)) as connection:
            return smuggling.answers(connection, f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    here = f"127.0.0.1:{studio.port}"
    for target, host, status in (("/api/v1/ready", here, 200), ("/api/v1/ready", "localhost", 200), ("/api/v1/ready", "LOCALHOST:", 200),
                                 ("/api/v1/ready", "localhost:evil", 400), ("/api/v1/ready", "localhost:1:2", 400),
                                 ("/api/v1/ready", "evil.example", 403), ("/api/v1/ready", "", 403),
                                 (f"http://{here}/api/v1/ready", "evil.example", 200), (f"http://{here}/api/v1/ready", here, 200),
                                 ("http://evil.example/api/v1/ready", here, 403), ("http://x@localhost/api/v1/ready", here, 400)):
        equal((target, host, ask(target, host)), (target, host, [status]))


WIRE_TESTS = [test_no_request_is_taken_for_two, test_every_answer_says_what_browsers_may_do_with_it, test_json_is_taken_as_json_alone,
              test_long_answers_are_compressed_for_those_who_take_it, test_nothing_is_said_twice, test_a_key_that_is_none_is_refused,
              test_hosts_are_names_and_ports]
