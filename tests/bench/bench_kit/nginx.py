"""Reading over HTTP, ours beside nginx with one process and the same bytes in a file. Needs wrk and nginx."""
import os
import pathlib
import subprocess
import tempfile
import time

from bench_kit import report, studio

NGINX = pathlib.Path("/usr/sbin/nginx")


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


def in_turn(server, path, body, rounds, seconds, clients):
    """Requests a second of the servers' processor time: of our path in each round, and of nginx for the same body."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as folder:
        process, url = start_nginx(pathlib.Path(folder), body)
        try:
            for _ in range(rounds):
                ours.append(requests_a_cpu_second(f"http://127.0.0.1:{server.port}{path}", [server.pid], seconds, clients))
                theirs.append(requests_a_cpu_second(url, report.children(process.pid), seconds, clients))
        finally:
            process.terminate()
            process.wait()
    return ours, theirs
