#!/usr/bin/env python3
"""deploy/nginx-path.conf with the real nginx: the studio below a path, from its page to its events; and what a proxy that does
not hand on the Host header is told.

    base_path_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import bombs
from nginx import HOST, ROOT, TIMEOUT_S, Nginx, free_port, nginx_path, shipped
from outcomes import Outcomes
from proxy_test import SIGNED_IN
from studio import Reply, Studio, equal

BASE = "/studio/"
FORGETFUL = "/forgetful/"  # hands on no Host header, so nginx sends the name that it knows the studio by
LOCAL = "/local/"  # the same, with the studio's own address


class Site:
    """nginx with the shipped file as a part of a site."""

    def __init__(self, folder, studio_port):
        self.port = free_port()
        text = shipped(folder, "nginx-path.conf", ("127.0.0.1:8787", f"127.0.0.1:{studio_port}"))
        self.nginx = Nginx(folder, self.port, f"""
access_log off; upstream studio {{ server 127.0.0.1:{studio_port}; }}
server {{ listen 127.0.0.1:{self.port}; server_name {HOST};
location {FORGETFUL} {{ proxy_pass http://studio/; }}
location {LOCAL} {{ proxy_pass http://127.0.0.1:{studio_port}/; }}
{text} }}""")

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)

    @property
    def headers(self):
        return {"Host": f"{HOST}:{self.port}", "Authorization": SIGNED_IN}

    def call(self, method, path, body=None, headers=None):
        connection = self.connection()
        try:
            connection.request(method, path, body, {**self.headers, **(headers or {})})
            return Reply(connection.getresponse())
        finally:
            connection.close()


def test_the_path_without_its_slash_leads_to_it(site, _studio):
    reply = site.call("GET", BASE[:-1])
    equal(reply.status, 308)
    assert reply.headers["location"].endswith(BASE), reply.headers


def test_the_page_and_all_that_it_names_lie_below_the_path(site, _studio):
    for path in ("", "chat", "library", "no/such/page"):
        page = site.call("GET", BASE + path)
        equal((page.status, page.headers["content-type"]), (200, "text/html; charset=utf-8"))
        named = re.findall(r'(?:href|src)="([^"#]+)"', page.body.decode())
        named += re.findall(r"url\((/[^)]+)\)", page.body.decode())
        assert any("/assets/" in one for one in named), named
        for one in named:
            assert one.startswith(BASE), one
            equal((one, site.call("GET", one).status), (one, 200))


def test_styles_find_their_fonts(site, studio):
    page = site.call("GET", BASE).body.decode()
    styles = page + "".join(site.call("GET", one).body.decode() for one in re.findall(r'href="([^"]+\.css)"', page))
    fonts = re.findall(r"url\(([^)]+\.woff2)\)", styles)
    assert fonts, "no fonts are named"
    for font in fonts:
        assert font.startswith(BASE), font
        equal(site.call("GET", font).status, 200)
    equal(studio.call("GET", "/").status, 200)


def test_scripts_name_nothing_from_the_root(_site, _studio):
    for script in (ROOT / "web/dist/assets").glob("*.js"):
        for quote in "\"'`":
            assert quote + "/assets/" not in script.read_text(), script


def test_the_manifest_is_about_the_path(site, _studio):
    manifest = site.call("GET", BASE + "manifest.webmanifest").json
    places = [manifest["start_url"], manifest["scope"], *(icon["src"] for icon in manifest["icons"])]
    assert not any(place.startswith("/") for place in places), places


def test_the_api_answers_below_the_path(site, _studio):
    made = site.call("POST", BASE + "api/v1/assets", bombs.png(),
                     {"Content-Type": "image/png", "Origin": f"http://{HOST}:{site.port}"})
    equal(made.status, 201)
    assert made.headers["location"].endswith(f"{BASE}api/v1/assets/{made.json['id']}"), made.headers
    assert "set-cookie" not in made.headers, made.headers
    equal(site.call("GET", f"{BASE}api/v1/assets/{made.json['id']}").status, 200)
    equal([site.call("GET", BASE + path).status for path in ("api/v1/operator/jobs", "metrics")], [404, 404])


def test_events_come_below_the_path(site, studio):
    connection = site.connection()
    connection.request("GET", BASE + "api/v1/events", headers=site.headers)
    stream = connection.getresponse()
    made = None
    while line := stream.readline().decode():
        if line.startswith("event: hello"):
            made = studio.submit(seed=5).json["id"]
        if made and made in line:
            break
    connection.close()
    assert made and line, "the stream ended"


def test_the_app_works_below_the_path_without_a_connection(site, _studio):
    run = subprocess.run(["node", ROOT / "tests/e2e/below.e2e.mjs"], stdout=subprocess.PIPE, text=True, check=False, env={
        **os.environ, "BASE_URL": f"http://127.0.0.1:{site.port}", "BASE_PATH": BASE, "USER_NAME": "ada", "PASSWORD": "lovelace"})
    assert run.returncode == 0, run.stdout


def test_a_proxy_that_keeps_the_host_to_itself_is_told_what_to_do(site, _studio):
    reply = site.call("GET", FORGETFUL + "api/v1/health")
    equal((reply.status, reply.json["code"]), (403, "forbidden"))
    for words in ("Host", '"studio"', "public_hosts", "proxy_set_header Host $http_host;"):
        assert words in reply.json["detail"], reply.json
    body = json.dumps({"kind": "sdxl_image_fast", "prompt": "a red fox"})
    reply = site.call("POST", LOCAL + "api/v1/generations", body,
                      {"Content-Type": "application/json", "Origin": f"https://{HOST}"})
    equal((reply.status, reply.json["code"]), (403, "forbidden"))
    for words in (f"https://{HOST}", "Host", "proxy_set_header Host $http_host;"):
        assert words in reply.json["detail"], reply.json


TESTS = [test_the_path_without_its_slash_leads_to_it, test_the_page_and_all_that_it_names_lie_below_the_path,
         test_styles_find_their_fonts, test_scripts_name_nothing_from_the_root, test_the_manifest_is_about_the_path,
         test_the_api_answers_below_the_path, test_events_come_below_the_path,
         test_the_app_works_below_the_path_without_a_connection,
         test_a_proxy_that_keeps_the_host_to_itself_is_told_what_to_do]


def main():
    if not nginx_path():
        print("skipped no nginx on this machine\n0 passed, 0 failed, 1 skipped")
        return 0
    outcomes = Outcomes()
    with tempfile.TemporaryDirectory(prefix="ourvidz-path-") as folder, \
            Studio(os.path.abspath(sys.argv[1]), node=False, public_hosts=HOST, base_path=BASE) as studio:
        site = Site(pathlib.Path(folder), studio.port)
        try:
            for test in TESTS:
                outcomes.run(test, site, studio)
        finally:
            site.nginx.stop()
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
