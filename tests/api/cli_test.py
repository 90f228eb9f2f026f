#!/usr/bin/env python3
"""The command line beside a server that runs: what it asks for, saves, says and answers.

    cli_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped".
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

from outcomes import Outcomes
from studio import Studio, equal

PNG = b"\x89PNG\r\n"
USAGE, UNAVAILABLE, CANCELED = 2, 4, 3


class CommandLine:
    """Runs the program in a folder of its own, on the studio's data folder."""

    def __init__(self, studio, folder):
        self.studio = studio
        self.folder = folder
        self.environment = {**studio.environment, "OURVIDZ_DATA_DIR": studio.data}

    def start(self, *words):
        return subprocess.Popen([self.studio.program, *words], env=self.environment, cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)

    def run(self, *words, stdin=b""):
        done = subprocess.run([self.studio.program, *words], env=self.environment, cwd=self.folder, input=stdin,
                              capture_output=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def well(self, *words, stdin=b""):
        code, out, said = self.run(*words, stdin=stdin)
        equal((words, code, said if code else ""), (words, 0, ""))
        return out, said

    def files(self):
        return sorted(os.listdir(self.folder))

    def is_png(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read(6) == PNG


def test_files_are_called_by_what_they_show(line):
    out, _ = line.well("generate", "a red fox, in the snow/..", "--seed", "3")
    name = out.decode().strip()
    assert re.fullmatch(r"ourvidz-a-red-fox-in-the-snow-[0-9A-Z]{8}\.png", name), name
    equal((line.files(), line.is_png(name)), ([name], True))
    line.well("generate", "a fox", "-o", "fox", "--batch", "3")
    assert {"fox-1.png", "fox-2.png", "fox-3.png"} < set(line.files()), line.files()


def test_a_file_has_the_name_of_what_is_in_it(line):
    for name in ("x.mp4", "d.jpg"):
        code, _, said = line.run("generate", "a fox", "-o", name)
        equal((code, "Pictures are saved as PNG" in said, line.files()), (USAGE, True, []))
    out, _ = line.well("generate", "a fox", "-o", "-")
    equal((out[:6], line.files()), (PNG, []))
    code, _, said = line.run("generate", "a fox", "-o", "-", "--json")
    equal((code, "--out" in said), (USAGE, True))


def test_what_is_worth_knowing_is_said(line):
    out, said = line.well("generate", "a {red|blue} car, <lora:none:0.8> (fox with a wizard", "--seed", "4", "-o", "c.png")
    for note in ("never closed", 'There is no LoRA "none"', "wizard"):
        assert note in said, said
    equal(out.decode(), "c.png\n")
    _, said = line.well("generate", "(a cat:1.5)", "--seed", "4", "-o", "w.png")
    assert "takes no weights" in said, said
    _, said = line.well("generate", "a {}cat", "--seed", "4", "-o", "b.png")
    assert "nothing to choose from" in said, said
    _, said = line.well("generate", "(a cat:1.5) and a wizard", "--seed", "4", "-o", "q.png", "-q")
    equal(said, "")
    out, _ = line.well("generate", "(a cat:1.5)", "--seed", "4", "-o", "j.png", "--json")
    assert "takes no weights" in json.loads(out)["warnings"][0]["detail"], out


def test_errors_are_in_words_of_the_command_line(line):
    for words, says in (
        (("--guidance", "40"), "--guidance: The guidance must be from 1 to 8 for this model."),
        (("--size", "640x480"), "--size: "),
        (("--size", "big"), "must be WIDTHxHEIGHT"),
        (("--kind", "sculpture"), "sdxl_image_fast    Picture, fast"),
        (("--source", "fox.png"), "cannot be used yet"),
        (("--source", "ast_01KDH2ZC4W4Q5R6S7T8V9WXYZ0"), "--source: "),
        (("--sampler", "none"), "--sampler: "),
    ):
        code, _, said = line.run("generate", "a fox", *words)
        equal((words, code, says in said or said), (words, USAGE, True))
    code, _, said = line.run("generate", "a fox __none__")
    equal((code, said), (USAGE, 'ourvidz: The prompt cannot be read at character 7: there is no word list "none".\n'))


def test_a_prompt_from_a_pipe_has_no_newline(line):
    out, _ = line.well("generate", "-", "--json", stdin=b"a red fox\n")
    equal(json.loads(out)["settings"]["prompt"], "a red fox")


def test_a_picture_is_enlarged_without_words(line):
    out, _ = line.well("generate", "a fox", "--seed", "4", "-o", "small.png", "--json")
    small = json.loads(out)["assets"][0]
    out, _ = line.well("generate", "--kind", "image_enlarge", "--source", small["id"], "-o", "large.png", "--json")
    large = json.loads(out)["assets"][0]
    equal((large["width"], large["height"], line.is_png("large.png")), (4 * small["width"], 4 * small["height"], True))
    code, _, said = line.run("generate", "--kind", "image_enlarge")
    assert code == USAGE and "--source" in said, (code, said)
    code, _, said = line.run("generate")
    assert code == USAGE and "prompt" in said, (code, said)


def test_what_was_left_is_fetched(line):
    made = line.studio.submit(prompt="a blue bird", seed=3, batch=3, steps=40).json["id"]
    waiting = line.start("fetch", made)
    waiting.stderr.readline()  # how far it is
    waiting.send_signal(signal.SIGINT)
    said = waiting.communicate(timeout=60)[1].decode()
    equal((waiting.returncode, f"ourvidz fetch {made}" in said), (CANCELED, True))
    out, _ = line.well("fetch", made, "-o", "bird.png")
    equal(out.decode().split(), ["bird-1.png", "bird-2.png", "bird-3.png"])
    equal((line.files(), line.is_png("bird-2.png")), (["bird-1.png", "bird-2.png", "bird-3.png"], True))
    code, _, said = line.run("fetch", "gen_01KDH2ZC4W4Q5R6S7T8V9WXYZ0")
    equal((code, said.startswith("ourvidz: ")), (USAGE, True))
    talk = line.studio.submit(kind="chat_conversation", prompt=None, seed=1, messages=[{"role": "user", "text": "Say hello."}]).json["id"]
    out, _ = line.well("fetch", talk)
    equal(out.decode().strip(), line.studio.until(talk, "succeeded")["text"].strip())


def test_help_says_what_there_is_to_choose_from(line):
    for command in ("serve", "node"):
        out, _ = line.well(command, "--help")
        assert b"--listen" in out and b"[OURVIDZ_DATA_DIR]" in out, out
    out, _ = line.well("generate", "--help")
    assert b"sdxl_image_fast" in out and b"Picture, fast" in out and b"ourvidz --help lists them" in out, out


def test_what_cannot_be_done_fails_and_says_what_to_do(line):
    code, _, said = line.run("models", "remove", "nano")
    equal((code, "can be removed" in said), (USAGE, True))
    for words in (("admin", "audit"), ("admin", "sweep")):
        code, _, said = line.run(*words)
        equal((words, code, "Stop it first" in said), (words, UNAVAILABLE, True))


TESTS = [value for name, value in list(globals().items()) if name.startswith("test_")]


def main():
    outcomes = Outcomes()
    with Studio(os.path.abspath(sys.argv[1])) as studio:
        for test in TESTS:
            with tempfile.TemporaryDirectory(prefix="ourvidz-cli-") as folder:
                outcomes.run(test, CommandLine(studio, folder))
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
