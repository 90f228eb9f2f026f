"""The other end of the engine worker's protocol (docs/worker-protocol.md), as short as can be."""

import json
import os
import pathlib
import socket
import struct
import subprocess
import sys

HEADER = struct.Struct("<4sHHIII")
OUTPUT, RESULT, LOADED, FAILED, LOAD, RUN = 6, 8, 2, 9, 32, 34
FILES = {"diffusion": "dit.gguf", "llm": "te.gguf", "taesd": "tae.gguf"}
STEPS = 8
GUIDANCE = 2.5
THREADS = 2


class Worker:
    def __init__(self, program: str):
        ours, theirs = socket.socketpair()
        start = f'exec 3<&{theirs.fileno()}; exec "$0"'
        self.process = subprocess.Popen(
            ["bash", "-c", start, program],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"OMP_WAIT_POLICY": "passive"},
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self.stream = ours.makefile("rwb")
        self.read()

    def read(self) -> tuple[int, dict, bytes]:
        _, kind, _, _, text, binary = HEADER.unpack(self.stream.read(HEADER.size))
        body = json.loads(self.stream.read(text) or b"{}")
        return kind, body, self.stream.read(binary)

    def ask(self, kind: int, body: dict) -> bytes:
        """Returns the binary part of the output, if there was one."""
        text = json.dumps(body).encode()
        self.stream.write(HEADER.pack(b"OVW1", kind, 0, 1, len(text), 0) + text)
        self.stream.flush()
        made = b""
        while True:
            answer, body, binary = self.read()
            if answer == OUTPUT:
                made = binary
            if answer in (RESULT, LOADED):
                return made
            if answer == FAILED:
                sys.exit(body["message"])

    def load_nano(self, folder: pathlib.Path, network: str = FILES["diffusion"]) -> None:
        files = {role: str(folder / name) for role, name in (FILES | {"diffusion": network}).items()}
        options = {"threads": THREADS}
        self.ask(LOAD, {"model": "nano", "family": "z_image", "files": files, "options": options})

    def draw(self, prompt: str, seed: int, width: int, height: int) -> bytes:
        """RGB bytes."""
        request = {"prompt": prompt, "width": width, "height": height, "steps": STEPS, "guidance": GUIDANCE, "seed": seed}
        return self.ask(RUN, {"task": "image", "request": request | {"preview": False}})

    def cpu_s(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self) -> int:
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
