#!/usr/bin/env python3
"""Runs a checkpoint with the shape of SDXL and random weights through the whole studio: what it draws is noise, but
every tensor has its real name and size, so loading, one picture, a batch, image to image, VAE tiling, previews and
cancel take the very path that the real model takes.

    ./dev bench sdxl_shaped

The file (6.9 GB) is made once, under the models cache, and needs about 12 GB of memory and minutes on two cores. It is
no test of speed or quality: sizes are 256 pixels, steps are one or two.
"""
import argparse
import json
import os
import pathlib
import random
import struct
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/api"))
from studio import Studio  # noqa: E402

PROGRAM = ROOT / "build/release/bin/ourvidz"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "ourvidz/shaped"
BLOCK_BYTES = 16 << 20
WAIT_S = 1800  # of one job, on a machine that does other things too
CONTEXT, EMBEDDING, LABEL = 2048, 1280, 2816


def linear(name, out, into, bias=True):
    yield name + ".weight", [out, into]
    if bias:
        yield name + ".bias", [out]


def conv(name, out, into, side=3):
    yield name + ".weight", [out, into, side, side]
    yield name + ".bias", [out]


def norm(name, width):
    yield name + ".weight", [width]
    yield name + ".bias", [width]


def res_block(name, into, out):
    yield from norm(name + ".in_layers.0", into)
    yield from conv(name + ".in_layers.2", out, into)
    yield from linear(name + ".emb_layers.1", out, EMBEDDING)
    yield from norm(name + ".out_layers.0", out)
    yield from conv(name + ".out_layers.3", out, out)
    if into != out:
        yield from conv(name + ".skip_connection", out, into, 1)


def transformer(name, width, depth):
    yield from norm(name + ".norm", width)
    yield from linear(name + ".proj_in", width, width)
    for i in range(depth):
        block = f"{name}.transformer_blocks.{i}"
        for attention, source in (("attn1", width), ("attn2", CONTEXT)):
            yield from linear(f"{block}.{attention}.to_q", width, width, bias=False)
            yield from linear(f"{block}.{attention}.to_k", width, source, bias=False)
            yield from linear(f"{block}.{attention}.to_v", width, source, bias=False)
            yield from linear(f"{block}.{attention}.to_out.0", width, width)
        yield from linear(block + ".ff.net.0.proj", 8 * width, width)
        yield from linear(block + ".ff.net.2", width, 4 * width)
        for number in (1, 2, 3):
            yield from norm(f"{block}.norm{number}", width)
    yield from linear(name + ".proj_out", width, width)


def unet(name="model.diffusion_model"):
    yield from linear(name + ".time_embed.0", EMBEDDING, 320)
    yield from linear(name + ".time_embed.2", EMBEDDING, EMBEDDING)
    yield from linear(name + ".label_emb.0.0", EMBEDDING, LABEL)
    yield from linear(name + ".label_emb.0.2", EMBEDDING, EMBEDDING)
    yield from conv(name + ".input_blocks.0.0", 320, 4)
    # (block, channels in, channels out, depth of its transformer)
    for number, into, out, depth in ((1, 320, 320, 0), (2, 320, 320, 0), (4, 320, 640, 2), (5, 640, 640, 2),
                                     (7, 640, 1280, 10), (8, 1280, 1280, 10)):
        yield from res_block(f"{name}.input_blocks.{number}.0", into, out)
        if depth:
            yield from transformer(f"{name}.input_blocks.{number}.1", out, depth)
    for number, width in ((3, 320), (6, 640)):
        yield from conv(f"{name}.input_blocks.{number}.0.op", width, width)
    yield from res_block(name + ".middle_block.0", 1280, 1280)
    yield from transformer(name + ".middle_block.1", 1280, 10)
    yield from res_block(name + ".middle_block.2", 1280, 1280)
    for number, into, out, depth in ((0, 2560, 1280, 10), (1, 2560, 1280, 10), (2, 1920, 1280, 10), (3, 1920, 640, 2),
                                     (4, 1280, 640, 2), (5, 960, 640, 2), (6, 960, 320, 0), (7, 640, 320, 0),
                                     (8, 640, 320, 0)):
        yield from res_block(f"{name}.output_blocks.{number}.0", into, out)
        if depth:
            yield from transformer(f"{name}.output_blocks.{number}.1", out, depth)
    for number, width in ((2, 1280), (5, 640)):
        yield from conv(f"{name}.output_blocks.{number}.2.conv", width, width)
    yield from norm(name + ".out.0", 320)
    yield from conv(name + ".out.2", 4, 320)


def clip_l(name="conditioner.embedders.0.transformer.text_model"):
    yield name + ".embeddings.token_embedding.weight", [49408, 768]
    yield name + ".embeddings.position_embedding.weight", [77, 768]
    for i in range(12):
        layer = f"{name}.encoder.layers.{i}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield from linear(f"{layer}.self_attn.{part}", 768, 768)
        yield from norm(layer + ".layer_norm1", 768)
        yield from norm(layer + ".layer_norm2", 768)
        yield from linear(layer + ".mlp.fc1", 3072, 768)
        yield from linear(layer + ".mlp.fc2", 768, 3072)
    yield from norm(name + ".final_layer_norm", 768)


def clip_g(name="conditioner.embedders.1.model"):
    yield name + ".token_embedding.weight", [49408, 1280]
    yield name + ".positional_embedding", [77, 1280]
    yield name + ".text_projection", [1280, 1280]
    for i in range(32):
        layer = f"{name}.transformer.resblocks.{i}"
        yield layer + ".attn.in_proj_weight", [3840, 1280]
        yield layer + ".attn.in_proj_bias", [3840]
        yield from linear(layer + ".attn.out_proj", 1280, 1280)
        yield from norm(layer + ".ln_1", 1280)
        yield from norm(layer + ".ln_2", 1280)
        yield from linear(layer + ".mlp.c_fc", 5120, 1280)
        yield from linear(layer + ".mlp.c_proj", 1280, 5120)
    yield from norm(name + ".ln_final", 1280)


def vae_block(name, into, out):
    yield from norm(name + ".norm1", into)
    yield from conv(name + ".conv1", out, into)
    yield from norm(name + ".norm2", out)
    yield from conv(name + ".conv2", out, out)
    if into != out:
        yield from conv(name + ".nin_shortcut", out, into, 1)


def vae_middle(name):
    yield from vae_block(name + ".block_1", 512, 512)
    yield from norm(name + ".attn_1.norm", 512)
    for part in ("q", "k", "v", "proj_out"):
        yield from conv(f"{name}.attn_1.{part}", 512, 512, 1)
    yield from vae_block(name + ".block_2", 512, 512)


def vae(name="first_stage_model"):
    yield from conv(name + ".encoder.conv_in", 128, 3)
    for level, (into, out) in enumerate(((128, 128), (128, 256), (256, 512), (512, 512))):
        yield from vae_block(f"{name}.encoder.down.{level}.block.0", into, out)
        yield from vae_block(f"{name}.encoder.down.{level}.block.1", out, out)
        if level < 3:
            yield from conv(f"{name}.encoder.down.{level}.downsample.conv", out, out)
    yield from vae_middle(name + ".encoder.mid")
    yield from norm(name + ".encoder.norm_out", 512)
    yield from conv(name + ".encoder.conv_out", 8, 512)
    yield from conv(name + ".decoder.conv_in", 512, 4)
    yield from vae_middle(name + ".decoder.mid")
    for level, (into, out) in enumerate(((256, 128), (512, 256), (512, 512), (512, 512))):
        yield from vae_block(f"{name}.decoder.up.{level}.block.0", into, out)
        for number in (1, 2):
            yield from vae_block(f"{name}.decoder.up.{level}.block.{number}", out, out)
        if level > 0:
            yield from conv(f"{name}.decoder.up.{level}.upsample.conv", out, out)
    yield from norm(name + ".decoder.norm_out", 128)
    yield from conv(name + ".decoder.conv_out", 3, 128)
    yield from conv(name + ".quant_conv", 8, 8, 1)
    yield from conv(name + ".post_quant_conv", 4, 4, 1)


def is_norm_weight(name, shape):
    return len(shape) == 1 and name.endswith(".weight")


def write_checkpoint(path):
    """Half-precision noise, streamed: norms are one, biases zero, everything else small."""
    tensors = [*unet(), *clip_l(), *clip_g(), *vae()]
    header, at = {}, 0
    for name, shape in tensors:
        count = 1
        for length in shape:
            count *= length
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + 2 * count]}
        at += 2 * count
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    source = random.Random(7)
    block = struct.pack(f"<{BLOCK_BYTES // 2}e", *(source.gauss(0, 0.02) for _ in range(BLOCK_BYTES // 2)))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(part, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in tensors:
            begin, end = header[name]["data_offsets"]
            left = end - begin
            if is_norm_weight(name, shape):
                file.write(struct.pack("<e", 1) * (left // 2))
            elif name.endswith("bias"):
                file.write(bytes(left))
            else:
                while left > 0:
                    file.write(block[:left])
                    left -= min(left, len(block))
    part.rename(path)
    return len(tensors)


def write_catalog(folder, tiling):
    """The catalogue's own entry, with sizes and steps that two cores carry."""
    entry = json.loads((ROOT / "models/catalog/sdxl-base-1.0.json").read_text())
    entry["options"]["vae_tiling"] = tiling
    entry["configurations"] = []
    entry["domain"] = "people_free"  # it is noise; the gate holds what a real model of this family draws
    for kind in entry["kinds"].values():
        kind["sizes"] = [{"label": "square", "width": 256, "height": 256}]
        kind["steps"] = {"min": 1, "max": 30, "default": 1}
    folder.mkdir()
    (folder / "sdxl-base-1.0.json").write_text(json.dumps(entry))


def ended(studio, generation):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        now = studio.call("GET", f"/api/v1/generations/{generation}").json
        if now["state"] in ("succeeded", "failed", "canceled"):
            return now
        time.sleep(0.1)
    raise AssertionError(f"it never ended: {now}")


def make(studio, what, **fields):
    begun = time.monotonic()
    made = studio.submit(kind="sdxl_image_fast", prompt="a (red:1.2) fox", seed=1, **fields)
    assert made.status == 202, made.body
    done = ended(studio, made.json["id"])
    assert done["state"] == "succeeded", done["error"]
    statistics = [asset["recipe"]["statistics"] for asset in done["assets"]]
    print(f"{what:44} {time.monotonic() - begun:6.1f} s  {len(done['assets'])} picture(s), "
          f"{statistics[-1]['steps']} step(s), peak {statistics[-1]['peak_bytes'] / 2**30:.1f} GiB", flush=True)
    return done


def cancel(studio):
    made = studio.submit(kind="sdxl_image_fast", prompt="a red fox", seed=1, steps=30).json
    path = f"/api/v1/generations/{made['id']}"
    while (studio.call("GET", path).json["progress"] or {}).get("step") is None:
        time.sleep(0.1)
    begun = time.monotonic()
    studio.call("POST", path + "/cancel")
    done = ended(studio, made["id"])
    assert done["state"] == "canceled", done["state"]
    print(f"{'cancel in the middle of 30 steps':44} {time.monotonic() - begun:6.1f} s", flush=True)


def previews(studio):
    seen = threading.Event()

    def listen():
        for name, data, _ in studio.events(timeout=WAIT_S):
            if name == "progress" and data.get("preview_url"):
                seen.set()
                return

    threading.Thread(target=listen, daemon=True).start()
    make(studio, "4 steps with previews", steps=4)
    assert seen.wait(5), "no preview was shown"


def run(program, model):
    for tiling in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            catalog = pathlib.Path(folder) / "catalog"
            write_catalog(catalog, tiling)
            with Studio(str(program), catalog_folder=catalog, model_folders=model.parent, image_workers=1,
                        memory_budget_mb=16000, models_folder=folder) as studio:
                words = ", VAE in tiles" if tiling else ""
                first = make(studio, "load, then one picture" + words)
                if tiling:
                    continue
                make(studio, "one picture more")
                make(studio, "a batch of 3", batch=3)
                make(studio, "image to image", steps=2, strength=0.6, source_asset_id=first["assets"][0]["id"])
                previews(studio)
                cancel(studio)
                make(studio, "one picture after the cancel")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM)
    options = parser.parse_args()
    model = CACHE / "sd_xl_base_1.0.safetensors"
    if not model.exists():
        begun = time.monotonic()
        count = write_checkpoint(model)
        print(f"wrote {count} tensors, {model.stat().st_size / 1e9:.2f} GB, in {time.monotonic() - begun:.0f} s")
    run(options.program, model)


if __name__ == "__main__":
    main()
