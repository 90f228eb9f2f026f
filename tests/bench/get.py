#!/usr/bin/env python3
"""P8: what reading one generation costs. `GET /api/v1/generations/{id}` of a finished picture, by 64 kept connections, and
nginx with one process serving the same bytes from a file, in turn. Compared is the processor time of the servers alone, so
that neither the client nor a busy machine counts.

Ratios: requests a second of the server's processor time, ours to nginx's. Needs wrk and nginx."""
import argparse
import json
import time

from bench_kit import nginx, report, studio

GOAL = 0.5


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
    with studio.Studio() as server:
        identity, body = drawn(server)
        ours, theirs = nginx.in_turn(server, f"/api/v1/generations/{identity}", body, chosen.rounds, chosen.seconds, chosen.clients)
    report.table(f"{len(body)} bytes of JSON", [("ours, requests a CPU-second", report.spread(ours, "/s", 0)),
                                                ("nginx, from a file", report.spread(theirs, "/s", 0))])
    report.ratio("requests a CPU-second, ours / nginx's", report.median(ours) / report.median(theirs), f"goal {GOAL}")
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()
