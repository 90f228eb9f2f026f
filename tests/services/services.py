#!/usr/bin/env python3
"""Runs a command beside servers of its own: PostgreSQL, Redis and an S3 server, on loopback, in a temporary folder,
stopped by pid when the command ends.

    services.py [postgres] [redis] [s3] -- COMMAND [ARGUMENT...]

The command finds them by environment:
    OURVIDZ_TEST_POSTGRES        host:port, with the logins and the database of deploy/postgres.sql
    OURVIDZ_TEST_POSTGRES_CRASH  a program that kills PostgreSQL the hard way and starts it again
    OURVIDZ_TEST_REDIS           host:port, and OURVIDZ_TEST_REDIS_PID for stopping and continuing it
    OURVIDZ_TEST_S3              http://host:port, with OURVIDZ_TEST_S3_ACCESS_KEY, _SECRET_KEY and _BUCKET, and the
                                 folder in which that server keeps buckets as OURVIDZ_TEST_S3_FOLDER
A server that this machine has no program for is left out, and its tests skip themselves."""

import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
READY_SECONDS_MAX = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"services: {process.args[0]} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit(f"services: {process.args[0]} was not ready in {READY_SECONDS_MAX} s")


class Services:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.environment = dict(os.environ)
        self.endings: list = []

    def stop(self) -> None:
        for end in reversed(self.endings):
            end()

    def spawn(self, name: str, command: list, port: int) -> subprocess.Popen:
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.endings.append(lambda: (process.terminate(), process.send_signal(signal.SIGCONT), process.wait()))
        wait_for_port(port, process)
        return process

    def postgres(self) -> None:
        """As an unprivileged user: PostgreSQL does not run as root."""
        if not (POSTGRES / "initdb").exists():
            return
        data, port = self.folder / "postgres", free_port()
        data.mkdir()
        prefix = []
        if os.getuid() == 0:
            shutil.chown(data, "nobody", "nogroup")
            prefix = ["runuser", "-u", "nobody", "--"]

        def run(*command: str, **options) -> None:
            with open(self.folder / "postgres.log", "ab") as log:
                subprocess.run([*prefix, *command], check=True, cwd="/", stdout=log, stderr=log, **options)

        run(str(POSTGRES / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8",
            "--no-sync")
        # Nothing here outlives the run, so nothing waits for the disk.
        options = (f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data} -c fsync=off"
                   " -c max_connections=300 -c shared_buffers=64MB -c logging_collector=off")
        pg_ctl = [str(POSTGRES / "pg_ctl"), "-D", str(data), "-w", "-t", str(READY_SECONDS_MAX)]
        start = [*pg_ctl, "-o", options, "-l", str(data / "server.log"), "start"]
        run(*start)
        self.endings.append(lambda: run(*pg_ctl, "-m", "immediate", "stop"))
        run(str(POSTGRES / "psql"), "-h", str(data), "-p", str(port), "-U", "postgres", "-v", "ON_ERROR_STOP=1",
            "-v", "server_password=server", "-v", "tenant_password=tenant", "-f", "-",
            stdin=open(ROOT / "deploy/postgres.sql", "rb"))
        run(str(POSTGRES / "psql"), "-h", str(data), "-p", str(port), "-U", "postgres", "-c",
            "ALTER ROLE ourvidz_server CREATEDB; GRANT pg_signal_backend TO ourvidz_server")
        crash = self.folder / "crash-postgres"
        quoted = [" ".join(f"'{word}'" for word in [*prefix, *command])
                  for command in ([*pg_ctl, "-m", "immediate", "stop"], start)]
        crash.write_text("#!/bin/sh\ncd /\n" + " >/dev/null && ".join(quoted) + " >/dev/null\n")
        crash.chmod(crash.stat().st_mode | stat.S_IXUSR)
        self.environment |= {"OURVIDZ_TEST_POSTGRES": f"127.0.0.1:{port}", "OURVIDZ_TEST_POSTGRES_CRASH": str(crash)}

    def redis(self) -> None:
        if not shutil.which("redis-server"):
            return
        port = free_port()
        process = self.spawn("redis", ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                             "no", "--dir", str(self.folder)], port)
        self.environment |= {"OURVIDZ_TEST_REDIS": f"127.0.0.1:{port}", "OURVIDZ_TEST_REDIS_PID": str(process.pid)}

    def s3(self) -> None:
        program = os.environ.get("OURVIDZ_VERSITYGW", "")
        if not program:
            return
        data, port, secret = self.folder / "s3", free_port(), secrets.token_hex(16)
        (data / "ourvidz-test").mkdir(parents=True)
        self.spawn("s3", [program, "--access", "ourvidz", "--secret", secret, "--port", f"127.0.0.1:{port}", "posix",
                          str(data)], port)
        self.environment |= {"OURVIDZ_TEST_S3": f"http://127.0.0.1:{port}", "OURVIDZ_TEST_S3_ACCESS_KEY": "ourvidz",
                             "OURVIDZ_TEST_S3_SECRET_KEY": secret, "OURVIDZ_TEST_S3_BUCKET": "ourvidz-test",
                             "OURVIDZ_TEST_S3_FOLDER": str(data)}


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__, file=sys.stderr)
        return 2
    split = sys.argv.index("--")
    with tempfile.TemporaryDirectory(prefix="ourvidz-services-") as folder:
        os.chmod(folder, 0o755)  # PostgreSQL is another user
        services = Services(pathlib.Path(folder))
        try:
            for name in sys.argv[1:split]:
                getattr(services, name)()
            return subprocess.run(sys.argv[split + 1:], env=services.environment, check=False).returncode
        except subprocess.CalledProcessError as failure:
            print((services.folder / "postgres.log").read_text(errors="replace")[-4000:], file=sys.stderr)
            print(f"services: {failure}", file=sys.stderr)
            return 1
        finally:
            services.stop()


if __name__ == "__main__":
    sys.exit(main())
