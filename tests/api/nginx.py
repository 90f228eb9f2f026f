"""The real nginx on a folder and ports of its own, with a configuration that is shipped."""
import os
import pathlib
import shutil
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOST = "studio.example"
USER, PASSWORD = "ada", "lovelace"
TIMEOUT_S = 30


def nginx_path():
    """Where it is on this machine, or None."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    return found if pathlib.Path(found).exists() else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shipped(folder, name, *changes):
    """The text of deploy/NAME with these changes, (old, new), and a password file of our own."""
    hashed = subprocess.run(["openssl", "passwd", "-apr1", PASSWORD], check=True, capture_output=True, text=True).stdout
    (folder / "users").write_text(f"{USER}:{hashed}")
    text = (ROOT / "deploy" / name).read_text()
    for old, new in (*changes, ("/etc/nginx/ourvidz.users", str(folder / "users"))):
        assert old in text, f"deploy/{name} has no {old!r} any more"
        text = text.replace(old, new)
    return text


class Nginx:
    """Runs with `text` as what is in its block "http", and is there when it answers at `port`."""

    def __init__(self, folder, port, text):
        os.chmod(folder, 0o755)
        places = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        log = folder / "error.log"
        (folder / "nginx.conf").write_text(f"""
daemon off; pid {folder}/pid; error_log {log}; worker_processes 1; {user}
worker_rlimit_nofile 8192; events {{ worker_connections 4096; }}
http {{ {places}
{text} }}""")
        self.process = subprocess.Popen([nginx_path(), "-p", str(folder), "-e", str(log), "-c", str(folder / "nginx.conf")])
        end = time.monotonic() + TIMEOUT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(log.read_text()) from None
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(TIMEOUT_S)
