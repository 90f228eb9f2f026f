#!/usr/bin/env python3
"""Models that come and go while the server runs: the command line beside it, and what it then offers and draws with.

    models_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped".
"""
import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time

from outcomes import Outcomes
from studio import Studio, equal, is_problem

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))


def ourvidz(studio, *words):
    """The command line on the studio's data folder, beside its server."""
    done = subprocess.run([studio.program, "models", *words], env={**studio.environment, "OURVIDZ_DATA_DIR": studio.data},
                          capture_output=True, text=True, check=False)
    equal((words, done.returncode, done.stderr), (words, 0, ""))
    return done.stdout


def sdxl_checkpoint():
    """A safetensors file by whose header an SDXL checkpoint is known."""
    return safetensors({"model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
              "model.diffusion_model.input_blocks.1.0.in_layers.0.weight": [320],
              "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": [2, 2048],
              "conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight": [2, 768],
              "first_stage_model.decoder.conv_in.weight": [8, 4, 3, 3]})


def add_sdxl(studio):
    """What the command line says of it. It is a header without weights, so that no engine can load it."""
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        file.write(sdxl_checkpoint())
        file.flush()
        return ourvidz(studio, "add", file.name, "--as", "sdxl-base-1.0")


def sdxl_lora():
    """The same for a LoRA."""
    return safetensors({"lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight": [4, 2048]})


def safetensors(shapes):
    header, at = {}, 0
    for name, shape in shapes.items():
        header[name] = {"dtype": "U8", "shape": shape, "data_offsets": [at, at + math.prod(shape)]}
        at += math.prod(shape)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(at)


def wait_for(what, looked_for):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, f"{looked_for} did not come"
        time.sleep(0.1)


def test_loras_put_into_the_folder_by_hand_are_known_at_once(studio):
    add_sdxl(studio)
    names = ["paper__cut__v1", "v1.0 (final) [x]", "füchse"]

    def asked_for(name):
        made = studio.submit(prompt=f"a fox <lora:{name}:0.8>").json
        studio.call("POST", f"/api/v1/generations/{made['id']}/cancel")
        return made["settings"].get("loras", []), [warning["detail"] for warning in made["warnings"]]

    elsewhere = os.path.join(studio.data, "elsewhere")
    os.makedirs(elsewhere)
    for name in names:
        equal(asked_for(name), ([], [f'There is no LoRA "{name}"; it is left out.']))
    os.symlink(elsewhere, os.path.join(studio.data, "models", "loras"))
    for name in names:
        with open(os.path.join(elsewhere, name + ".safetensors"), "wb") as file:
            file.write(sdxl_lora())
        equal(asked_for(name), ([{"name": name, "weight": 0.8}], []))
        assert f"<lora:{name}:0.8>" in ourvidz(studio, "list")
    os.remove(os.path.join(elsewhere, names[0] + ".safetensors"))
    equal(asked_for(names[0])[0], [])
    with open(os.path.join(elsewhere, "cut.safetensors"), "wb") as file:
        file.write(sdxl_lora()[:100])
    loras, warnings = asked_for("cut")
    assert loras == [] and warnings[0].startswith('The LoRA "cut" cannot be used and is left out.'), warnings
    ourvidz(studio, "remove", "sdxl-base-1.0")


def test_an_operators_retry_asks_for_the_same_loras_once(studio):
    operator = studio.credentials("studio.operate")

    def retried(failed):
        """What an operator's retry asks for, once this has failed."""
        studio.until(failed["id"], "failed")
        jobs = studio.call("GET", "/api/v1/operator/jobs", headers=operator).json["items"]
        job = next(one["id"] for one in jobs if one["generation_id"] == failed["id"])
        reply = studio.call("POST", f"/api/v1/operator/jobs/{job}/retry", headers=operator)
        equal(reply.status, 202)
        return studio.call("GET", f"/api/v1/generations/{reply.json['generation_id']}").json

    add_sdxl(studio)
    loras = pathlib.Path(studio.data) / "models" / "loras"
    loras.mkdir(exist_ok=True)
    (loras / "ink.safetensors").write_bytes(sdxl_lora())
    made = studio.submit(prompt="a fox <lora:ink:0.8>", seed=7).json
    equal(made["settings"]["loras"], [{"name": "ink", "weight": 0.8}])
    again = retried(made)
    equal(again["settings"], made["settings"])
    # As if it were asked for today: what has gone meanwhile is left out.
    (loras / "ink.safetensors").unlink()
    assert "loras" not in retried(again)["settings"]
    ourvidz(studio, "remove", "sdxl-base-1.0")


def test_a_running_server_sees_models_come_and_go(studio):
    def serving():
        kinds = {kind["name"]: kind["model"] for kind in studio.call("GET", "/api/v1/kinds").json["items"]}
        return kinds["sdxl_image_fast"], studio.submit().json["model"]

    equal(serving(), ("nano-scenes", "nano-scenes"))
    told = add_sdxl(studio)
    assert f"The server at http://127.0.0.1:{studio.port} knows of it" in told, told
    equal(serving(), ("sdxl-base-1.0", "sdxl-base-1.0"))
    shown = {model["name"]: model for model in studio.call("GET", "/api/v1/models").json["items"]}
    assert shown["sdxl-base-1.0"]["installed"]
    ourvidz(studio, "default", "sdxl_image_fast", "nano")
    equal(serving(), ("nano", "nano"))
    ourvidz(studio, "default", "sdxl_image_fast", "auto")
    equal(serving(), ("sdxl-base-1.0", "sdxl-base-1.0"))
    ourvidz(studio, "profile", "8gb")
    memory = {model["name"]: model["memory_mb"] for model in studio.call("GET", "/api/v1/models").json["items"]}
    assert memory["sdxl-base-1.0"] != shown["sdxl-base-1.0"]["memory_mb"], memory
    ourvidz(studio, "profile", "auto")
    ourvidz(studio, "remove", "sdxl-base-1.0")
    equal(serving(), ("nano-scenes", "nano-scenes"))
    # What cannot be read changes nothing.
    with open(os.path.join(studio.data, "models.json"), "w", encoding="utf-8") as file:
        file.write("{")
    equal(serving(), ("nano-scenes", "nano-scenes"))


def test_a_running_node_draws_with_a_model_that_has_just_been_added(studio):
    """Before, there was none for its kind, and no worker either."""
    refused = studio.submit()
    is_problem(refused, 503, "unavailable")
    for name in ("dit", "te", "tae"):
        ourvidz(studio, "add", os.path.join(ROOT, "models/nano", f"{name}.gguf"))
    equal(studio.until(studio.submit().json["id"], "succeeded", "failed")["state"], "succeeded")
    ourvidz(studio, "remove", "nano", "--anyway")
    is_problem(studio.submit(), 503, "unavailable")


def test_files_that_come_shrink_and_go_by_hand_are_noticed(studio):
    folder = pathlib.Path(studio.data) / "models" / "nano"

    def until_offered(offered):
        """What /kinds says of it, once it is offered or no longer."""
        for _ in range(300):
            kinds = studio.call("GET", "/api/v1/kinds").json["items"]
            kind = next(one for one in kinds if one["name"] == "sdxl_image_fast")
            if kind["available"] == offered:
                return kind["unavailable_reason"]
            time.sleep(0.1)
        raise AssertionError(f"never {'offered' if offered else 'taken back'}")

    until_offered(False)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("dit", "te", "tae"):
        shutil.copy(os.path.join(ROOT, "models/nano", f"{name}.gguf"), folder)
    until_offered(True)
    equal(studio.until(studio.submit().json["id"], "succeeded", "failed")["state"], "succeeded")
    with open(folder / "dit.gguf", "r+b") as file:
        file.truncate(1_000_000)
    assert "is incomplete" in until_offered(False)
    is_problem(studio.submit(), 503, "unavailable")
    (folder / "dit.gguf").unlink()
    assert "is incomplete" in until_offered(False)


def test_who_waits_for_a_model_that_has_gone_is_told_and_served_when_it_returns(studio):
    folder, away = pathlib.Path(studio.data) / "models" / "nano", pathlib.Path(studio.data) / "away"
    for name in ("dit", "te", "tae"):
        shutil.copy(os.path.join(ROOT, "models/nano", f"{name}.gguf"), folder)
    wait_for(lambda: studio.submit(steps=4).status == 202, "the model")
    before = [studio.submit(seed=number, steps=40, batch=6).json["id"] for number in range(4)]
    waiting = studio.submit(seed=8).json["id"]
    equal(studio.call("POST", f"/api/v1/generations/{waiting}/pause").status, 200)
    for one in before:
        studio.call("POST", f"/api/v1/generations/{one}/cancel")
        studio.until(one, "canceled", "succeeded")

    def progress():
        return studio.call("GET", f"/api/v1/generations/{waiting}").json["progress"]

    news, told = studio.events(), []
    next(news)
    shutil.move(folder, away)
    wait_for(lambda: progress()["trouble"] == "no_model", "the word that its model has gone")
    studio.call("POST", f"/api/v1/generations/{waiting}/resume")
    equal((progress()["phase"], progress()["trouble"], progress()["eta_ms"]), ("queued", "no_model", None))
    shutil.move(away, folder)
    equal(studio.until(waiting, "succeeded", "failed")["state"], "succeeded")
    for name, body, _ in news:
        if name == "progress" and body["generation_id"] == waiting:
            told.append(body["trouble"])
        if name == "generation" and body["id"] == waiting and body["state"] == "succeeded":
            break
    assert "no_model" in told and told[-1] is None, told


def main():
    program = os.path.abspath(sys.argv[1])
    outcomes = Outcomes()
    with Studio(program, node=False, memory_budget_mb=20_000) as studio:
        outcomes.run(test_loras_put_into_the_folder_by_hand_are_known_at_once, studio)
        outcomes.run(test_a_running_server_sees_models_come_and_go, studio)
    with Studio(program, memory_budget_mb=20_000, attempts_max=1) as studio:
        outcomes.run(test_an_operators_retry_asks_for_the_same_loras_once, studio)
    with tempfile.TemporaryDirectory() as nothing:
        # The catalogue comes with the program; the models that do are not there.
        with Studio(program, models_folder=nothing, models_cache=nothing) as studio:
            outcomes.run(test_a_running_node_draws_with_a_model_that_has_just_been_added, studio)
            outcomes.run(test_files_that_come_shrink_and_go_by_hand_are_noticed, studio)
            outcomes.run(test_who_waits_for_a_model_that_has_gone_is_told_and_served_when_it_returns, studio)
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
