#!/usr/bin/env python3
"""P8: what reading one generation costs. `GET /api/v1/generations/{id}` of a finished picture, by 64 kept connections, and
nginx with one process serving the same bytes from a file, in turn. Compared is the processor time of the servers alone, so
that neither the client nor a busy machine counts.

Ratios: requests a second of the server's processor time, ours to nginx's. Needs wrk and nginx."""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

from bench_kit import report, studio

NGINX = pathlib.Path("/usr/sbin/nginx")
GOAL = 0.5


def wrk(url, seconds, clients):
    said = subprocess.run(["wrk", "-t", "1", "-c", str(clients), "-d", f"{seconds}s", url], check=True, capture_output=True,
                          text=True).stdout
    assert "Non-2xx" not in said, said
    return int(next(line for line in said.splitlines() if "requests in" in line).split()[0])


def requests_a_cpu_second(url, pids, seconds, clients):
    before = report.cpu_s(pids)
    made = wrk(url, seconds, clients)
    return made / (report.cpu_s(pids) - before)


def start_nginx(folder, body):
    port = studio.free_port()
    (folder / "www").mkdir()
    (folder / "www/one").write_bytes(body)
    (folder / "nginx.conf").write_text(f"""
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
{"user root;" if os.geteuid() == 0 else ""} events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000000; default_type application/json; sendfile on;
server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}""")
    process = subprocess.Popen([NGINX, "-p", str(folder), "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    studio.wait_for_answer(port, b"GET /one HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", time.perf_counter(), process)
    return process, f"http://127.0.0.1:{port}/one"


def drawn(server):
    reply = server.call("POST", "/api/v1/generations", {"kind": "sdxl_image_fast", "prompt": "a red fox", "seed": 1})
    identity = reply.body["id"]
    while True:
        reply = server.call("GET", f"/api/v1/generations/{identity}")
        if reply.body["state"] == "succeeded":
            return identity, json.dumps(reply.body, separators=(",", ":"), ensure_ascii=False).encode()
        time.sleep(0.2)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=3)
    options.add_argument("--clients", type=int, default=64)
    chosen = options.parse_args()
    print(f"P8 get: {report.load()}", flush=True)
    ours, theirs = [], []
    with studio.Studio() as server, tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as name:
        identity, body = drawn(server)
        nginx, url = start_nginx(pathlib.Path(name), body)
        try:
            for _ in range(chosen.rounds):
                ours.append(requests_a_cpu_second(f"http://127.0.0.1:{server.port}/api/v1/generations/{identity}", [server.pid],
                                                  chosen.seconds, chosen.clients))
                theirs.append(requests_a_cpu_second(url, report.children(nginx.pid), chosen.seconds, chosen.clients))
        finally:
            nginx.terminate()
            nginx.wait()
    report.table(f"{len(body)} bytes of JSON", [("ours, requests a CPU-second", report.spread(ours, "/s", 0)),
                                                ("nginx, from a file", report.spread(theirs, "/s", 0))])
    report.ratio("requests a CPU-second, ours / nginx's", report.median(ours) / report.median(theirs), f"goal {GOAL}")
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()
