#!/usr/bin/env python3
"""`ourvidz models pull` against a server on this machine that stalls, lies, cuts, corrupts and changes its mind.

    pull_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped".
"""
import hashlib
import http.server
import json
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

KILLS = 10
BYTES = 4 << 20
PIECE = 32 << 10
WAIT_S = 60


def equal(left, right):
    assert left == right, f"{left!r} is not {right!r}"


def model_file():
    """A safetensors file of the SDXL family with noise for weights."""
    shapes = {
        "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
        "model.diffusion_model.input_blocks.1.0.in_layers.0.weight": [320],
        "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": [1280, 2048],
        "conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight": [2048, 768],
        "first_stage_model.decoder.conv_in.weight": [8, 4, 3, 3],
    }
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 1
        for length in shape:
            size *= length
        header[name] = {"dtype": "U8", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + random.Random(4).randbytes(at)


MODEL = model_file()
HASH = hashlib.sha256(MODEL).hexdigest()


class Behaviour:
    """How the server treats the file: what a test sets, and what it has seen."""

    def __init__(self, **how):
        self.requests = []      # (first byte asked for, status)
        self.sent = 0
        self.__dict__.update(how)

    def __getattr__(self, name):
        return None             # whatever a test has not set


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_HEAD(self):
        self.answer(head_only=True)

    def do_GET(self):
        self.answer(head_only=False)

    def answer(self, head_only):
        how = self.server.how
        asked = self.headers.get("Range")
        first = int(asked[len("bytes="):-1]) if asked else 0
        number = len(how.requests)
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", self.path.replace("/moved/", "/files/"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = how.body if how.body is not None else MODEL
        tag = '"v%d"' % (number if how.tag_changes else 1)
        if how.statuses and number < len(how.statuses) and how.statuses[number] != 200:
            how.requests.append((first, how.statuses[number]))
            self.send_response(how.statuses[number])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        fits = asked and not how.ignores_range and self.headers.get("If-Range") == tag
        if fits and first >= len(body):
            how.requests.append((first, 416))
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(body)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        how.requests.append((first, 206 if fits else 200))
        begin = first if fits else 0
        self.send_response(206 if fits else 200)
        if fits:
            shown = begin + (how.range_lies_by or 0)
            self.send_header("Content-Range", f"bytes {shown}-{len(body) - 1}/{len(body)}")
        if not how.no_tag:
            self.send_header("ETag", tag)
        if how.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        if not how.chunked or how.says_length_too:
            self.send_header("Content-Length", str(len(body) - begin + (how.length_lies_by or 0)))
        self.end_headers()
        if not head_only:
            self.send_body(how, body, begin, number)
        self.close_connection = True

    def send_body(self, how, body, begin, number):
        sent_here = 0
        at = begin
        while at < len(body) or how.endless:
            if how.cut_after is not None and sent_here >= how.cut_after:
                return
            if how.stalls is not None and number < how.stalls and sent_here >= len(body) // 3:
                how.stalled = True
                self.server.stop.wait(WAIT_S)
                return
            piece = body[at:at + PIECE] or bytes(PIECE)
            try:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if how.chunked else piece)
            except OSError:
                return
            at += len(piece)
            sent_here += len(piece)
            how.sent += len(piece)
            if how.pause_s:
                time.sleep(how.pause_s)
        if how.chunked:
            self.wfile.write(b"0\r\n\r\n")


class World:
    """A data folder, a catalogue of one model, and the server."""

    def __init__(self, program, **how):
        self.program = program
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.how = self.how = Behaviour(**how)
        self.server.stop = threading.Event()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.write_manifest(bytes=len(MODEL), sha256=HASH)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()

    def write_manifest(self, memory_mb=100, **known):
        size = {"label": "square", "width": 1024, "height": 1024}
        kind = {"sizes": [size], "steps": {"min": 1, "max": 50, "default": 20},
                "guidance": {"min": 1, "max": 10, "default": 5}, "samplers": ["euler"]}
        manifest = {
            "schema": 1, "name": "big", "title": "Big", "family": "sdxl", "engine": "diffusion", "domain": "mixed",
            "licence": "MIT", "memory_mb": memory_mb, "kinds": {"sdxl_image_fast": kind},
            "files": [{"role": "model", "names": ["big.safetensors"], "content": "sdxl/checkpoint",
                       "pull": [{"path": "some/place/big.safetensors", **known}]}],
        }
        (self.path / "catalog").mkdir(exist_ok=True)
        (self.path / "catalog/big.json").write_text(json.dumps(manifest))

    @property
    def file(self):
        return self.path / "data/models/big/big.safetensors"

    @property
    def part(self):
        return self.path / "data/models/big/big.safetensors.part"

    def start(self, *words, under="files"):
        environment = {"HOME": str(self.path), "PATH": "/usr/bin:/bin", "OURVIDZ_DATA_DIR": str(self.path / "data"),
                       "OURVIDZ_CATALOG_FOLDER": str(self.path / "catalog"),
                       "OURVIDZ_MODELS_FOLDER": str(self.path / "none"), "OURVIDZ_MEMORY_BUDGET_MB": "8000",
                       "OURVIDZ_MODEL_SOURCE": f"http://127.0.0.1:{self.server.server_port}/{under}"}
        command = [self.program, "models", "pull", "big", "--silence-ms", "400", "--attempts", "3", *words]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def pull(self, *words, under="files"):
        process = self.start(*words, under=under)
        try:
            process.out, process.err = process.communicate(timeout=WAIT_S)
        finally:
            process.kill()
        return process

    def is_whole(self):
        return self.file.exists() and hashlib.sha256(self.file.read_bytes()).hexdigest() == HASH

    def wait_for(self, condition):
        end = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < end, "it never happened"
            time.sleep(0.005)

    def nothing_is_left(self):
        folder = self.path / "data/models/big"
        equal(sorted(path.name for path in folder.glob("*")) if folder.exists() else [], [])


def test_fetches_verifies_and_tells(program):
    with World(program) as world:
        done = world.pull()
        equal((done.returncode, done.err.count("%")), (0, done.err.count("%")))
        assert world.is_whole()
        for words in ("Disk:", "it fits", "Memory:", "100 MB needed", "hash verified", "Serves:   sdxl_image_fast"):
            assert words in done.out, (words, done.out)
        equal(world.how.requests, [(0, 200)])
        again = world.pull()
        assert "Everything of Big is here" in again.out, again.out
        equal(len(world.how.requests), 1)


def test_follows_a_redirect(program):
    with World(program) as world:
        equal(world.pull(under="moved").returncode, 0)
        assert world.is_whole()


def test_killed_ten_times_it_resumes_and_verifies(program):
    with World(program, pause_s=0.02) as world:
        kept = 0
        for _ in range(KILLS):
            process = world.start()
            world.wait_for(lambda: world.part.exists() and world.part.stat().st_size > kept + 2 * PIECE)
            process.kill()
            process.communicate()
            kept = world.part.stat().st_size
        world.how.pause_s = 0
        equal(world.pull().returncode, 0)
        assert world.is_whole()
        equal(len(world.how.requests), KILLS + 1)
        assert all(status == 206 for first, status in world.how.requests[1:]), world.how.requests
        # What was here is not fetched again; only what was under way at each kill.
        assert world.how.sent < len(MODEL) + (KILLS + 1) * (4 << 20), world.how.sent
        firsts = [first for first, _ in world.how.requests]
        equal(firsts, sorted(firsts))


def test_a_connection_that_is_cut_goes_on_where_it_was(program):
    with World(program, cut_after=len(MODEL) // 3) as world:
        equal(world.pull().returncode, 0)
        assert world.is_whole()
        assert len(world.how.requests) >= 3


def test_a_silent_server_is_given_up_and_asked_again(program):
    with World(program, stalls=2) as world:
        begun = time.monotonic()
        equal(world.pull().returncode, 0)
        assert world.is_whole()
        assert time.monotonic() - begun < 20
        assert world.how.stalled


def test_a_server_that_stays_silent_is_an_error_and_the_part_stays(program):
    with World(program, cut_after=0) as world:
        done = world.pull()
        equal(done.returncode, 4)
        equal(len(world.how.requests), 3)
        assert not world.file.exists()


def test_a_wrong_length_is_refused_at_once(program):
    for lie in (-1000, 1000):
        with World(program, length_lies_by=lie) as world:
            done = world.pull()
            equal(done.returncode, 2)
            assert "bytes instead of" in done.err, done.err
            world.nothing_is_left()


def test_a_length_that_is_too_long_is_corrected_by_the_next_answer(program):
    with World(program, length_lies_by=1000) as world:
        world.write_manifest()
        equal(world.pull().returncode, 0)
        equal([status for _, status in world.how.requests if status != 200], [416])
        assert world.is_whole()


def test_a_length_that_is_too_short_is_seen_in_the_file_itself(program):
    with World(program, body=MODEL[:-100]) as world:
        world.write_manifest()
        done = world.pull()
        equal(done.returncode, 2)
        assert "cut off" in done.err and "not kept" in done.err, done.err
        world.nothing_is_left()


def test_more_bytes_than_the_file_has_are_refused(program):
    with World(program, chunked=True, endless=True) as world:
        done = world.pull()
        equal(done.returncode, 2)
        assert "more than" in done.err, done.err
        world.nothing_is_left()


def test_an_answer_that_could_end_in_two_places_is_not_believed(program):
    with World(program, chunked=True, says_length_too=True) as world:
        done = world.pull()
        assert done.returncode != 0, done.out
        assert "does not say where it ends" in done.err, done.err
        assert not world.is_whole()


def test_no_length_at_all_is_fine(program):
    with World(program, chunked=True) as world:
        equal(world.pull().returncode, 0)
        assert world.is_whole()


def test_corrupt_bytes_are_refused_and_not_kept(program):
    body = bytearray(MODEL)
    body[-5000] ^= 1
    with World(program, body=bytes(body)) as world:
        done = world.pull()
        equal(done.returncode, 2)
        assert "hash" in done.err and "not kept" in done.err, done.err
        world.nothing_is_left()
        world.how.body = None
        equal(world.pull().returncode, 0)
        assert world.is_whole()


def test_a_web_page_or_another_model_is_refused(program):
    page = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
    with World(program, body=page) as world:
        world.write_manifest()
        done = world.pull()
        equal(done.returncode, 2)
        assert "web page" in done.err, done.err
        world.nothing_is_left()
    other = json.dumps({"decoder.conv_in.weight": {"dtype": "U8", "shape": [8, 4, 3, 3], "data_offsets": [0, 288]}})
    with World(program, body=struct.pack("<Q", len(other)) + other.encode() + bytes(288)) as world:
        world.write_manifest()
        done = world.pull()
        equal(done.returncode, 2)
        assert "holds sd/vae instead of sdxl/checkpoint" in done.err, done.err
        world.nothing_is_left()


def test_a_pickle_is_refused(program):
    with World(program, body=b"PK\x03\x04" + bytes(500)) as world:
        world.write_manifest()
        done = world.pull()
        equal(done.returncode, 2)
        assert "Pickles can run programs" in done.err, done.err
        world.nothing_is_left()


def test_another_version_of_the_file_begins_anew(program):
    with World(program, tag_changes=True, cut_after=len(MODEL) // 2) as world:
        done = world.pull()
        equal(done.returncode, 4)
        assert all(status == 200 for _, status in world.how.requests), world.how.requests
        world.how.tag_changes, world.how.cut_after = None, None
        equal(world.pull().returncode, 0)
        assert world.is_whole()


def test_a_server_without_ranges_or_marks_begins_anew(program):
    for how in ({"ignores_range": True}, {"no_tag": True}):
        with World(program, cut_after=len(MODEL) // 2, **how) as world:
            equal(world.pull().returncode, 4)
            world.how.cut_after = None
            equal(world.pull().returncode, 0)
            assert world.is_whole()


def test_a_range_that_was_not_asked_for_is_not_taken(program):
    with World(program, cut_after=len(MODEL) // 2, range_lies_by=1000) as world:
        equal(world.pull().returncode, 4)
        world.how.cut_after = None
        equal(world.pull().returncode, 0)
        assert world.is_whole()


def test_statuses_say_what_is_wrong(program):
    for status, words in ((404, "does not have this file"), (403, "wants a sign-in")):
        with World(program, statuses=[status]) as world:
            done = world.pull()
            assert done.returncode != 0 and words in done.err, done.err
            equal(len(world.how.requests), 1)
    with World(program, statuses=[503, 429]) as world:
        equal(world.pull().returncode, 0)
        assert world.is_whole()


def test_ctrl_c_keeps_the_part(program):
    with World(program, pause_s=0.02) as world:
        process = world.start()
        world.wait_for(lambda: world.part.exists() and world.part.stat().st_size > PIECE)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=WAIT_S)
        equal(process.returncode, 3)
        assert world.part.stat().st_size > 0
        world.how.pause_s = 0
        equal(world.pull().returncode, 0)
        equal(world.how.requests[-1][1], 206)


def test_two_at_once_do_not_disturb_each_other(program):
    with World(program, pause_s=0.02) as world:
        first = world.start()
        world.wait_for(lambda: world.part.exists() and world.part.stat().st_size > PIECE)
        second = world.pull()
        equal(second.returncode, 2)
        assert "Another process is fetching" in second.err, second.err
        world.how.pause_s = 0
        first.communicate(timeout=WAIT_S)
        equal(first.returncode, 0)
        assert world.is_whole()


def test_what_does_not_fit_is_told_beforehand(program):
    with World(program) as world:
        world.write_manifest(memory_mb=9000, bytes=len(MODEL), sha256=HASH)
        done = world.pull()
        equal((done.returncode, world.how.requests), (2, []))
        assert "IT DOES NOT FIT" in done.out and "--anyway" in done.err, (done.out, done.err)
        equal(world.pull("--anyway").returncode, 0)
        assert world.is_whole()
    with World(program) as world:
        world.write_manifest(bytes=1 << 50)
        done = world.pull()
        equal((done.returncode, world.how.requests), (4, []))
        assert "not enough space" in done.err, done.err


def test_a_plan_fetches_nothing_and_asks_for_unknown_sizes(program):
    with World(program) as world:
        world.write_manifest()
        done = world.pull("--only-plan")
        equal(done.returncode, 0)
        assert "4.2 MB to fetch" in done.out, done.out
        equal(world.how.sent, 0)
        assert not world.file.exists()


def main():
    program = os.path.abspath(sys.argv[1])
    names = sys.argv[2:]
    passed = failed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_") or (names and name not in names):
            continue
        begun = time.monotonic()
        try:
            test(program)
        except Exception:  # the next test is to run too
            failed += 1
            print(f"FAILED {name}")
            traceback.print_exc()
        else:
            passed += 1
            print(f"ok {name} ({time.monotonic() - begun:.1f} s)")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
