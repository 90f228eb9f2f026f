"""Writes what the studio must know about the model into its catalogue entry: catalog.py MODEL_FOLDER NANO.json [options]

File sizes and hashes, the words that the model knows (the studio names the others to the user), and the hint.

--styles           the model has learnt words for the sets of drawings: the seed chooses one
--poses STRENGTH   the model has learnt the words for poses: clips are made with them, drawn anew so far (0.13 is one step)
--shapes           the model draws portrait and landscape well enough to be offered
"""

import argparse
import hashlib
import json
import pathlib

from captions import BACKGROUNDS, COLOURS, MASS, POSES, SHAPES, STYLE_WORDS, plural, read_things
from tokenizer import SYNONYMS

SHOWN = (
    "animals (cat, dog, fox, panda, owl, whale, butterfly, ...), plants (tree, cactus, sunflower, rose, ...), food (apple, "
    "pizza, cupcake, carrot, ...), vehicles (car, bus, rocket, bicycle, ...), places and weather (house, castle, mountain, "
    "rainbow, cloud, ...), faces (smiley, robot, ghost, ...), shapes (heart, star, ...) and objects (guitar, umbrella, key, "
    "book, camera, ...)"
)
ARRANGING = "and two three small little big large tilted left right top bottom".split()
PLAIN = "light background picture drawing emoji".split()
IGNORED = "a an the of on with in at or is to by for from it its this that some very one".split()


def vocabulary() -> dict[str, list[str]]:
    things = read_things()
    known = dict.fromkeys([word for thing in things for word in thing.name.split()])
    known |= dict.fromkeys([*COLOURS, *PLAIN, *ARRANGING])
    others = [word for thing in things for name in thing.synonyms for word in name.split()]
    others += [word for thing in things if thing.name not in MASS for word in plural(thing.name).split()]
    others += SYNONYMS
    # A plural with nothing but an "s" is understood by the studio itself.
    also = [word for word in dict.fromkeys(others) if word not in known and word.removesuffix("s") not in known]
    names = [name for thing in things for name in (thing.name, *thing.synonyms, plural(thing.name))]
    heads = {name.split()[-1] for name in names} - ({*COLOURS, *PLAIN, *ARRANGING, *SYNONYMS} - {*names})
    return {
        "known": list(known),
        "also_known": also,
        "ignored": [word for word in IGNORED if word not in known],
        "things": [thing.name for thing in things],
        # Alone they are no picture: of names in two words the first, colours, ...
        "describing": [word for word in [*known, *also] if word not in heads],
    }


def size(shape: str, enlarged: int) -> dict:
    height, width = SHAPES[shape]
    delivered = {"label": shape, "width": width * enlarged, "height": height * enlarged}
    return delivered | {"render_width": width, "render_height": height}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("entry", type=pathlib.Path)
    parser.add_argument("--styles", action="store_true")
    parser.add_argument("--poses", type=float)
    parser.add_argument("--shapes", action="store_true")
    args = parser.parse_args()
    folder, path = args.folder, args.entry
    entry, count = json.loads(path.read_text()), len(read_things())
    for file in entry["files"]:
        content = (folder / pathlib.Path(file["names"][0]).name).read_bytes()
        file["bytes"], file["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    entry["description"] = (
        f"The small picture model that comes with the studio: {count} things in {len(COLOURS)} colours on "
        f"{len(BACKGROUNDS)} backgrounds, on any CPU."
    )
    entry["prompt_hint"] = (
        f"The built-in model knows {count} things: {SHOWN}, in {len(COLOURS)} colours ({', '.join(COLOURS)}), on a background "
        "of one of these colours, light blue or light green. A larger model, once added, draws far more."
    )
    entry.pop("style_words", None)
    if args.styles:
        entry["style_words"] = [*STYLE_WORDS.values()]
    entry["vocabulary"] = vocabulary()
    for kind in entry["kinds"].values():
        kind["sizes"] = [size(shape, kind["upscale"]["factor"]) for shape in (SHAPES if args.shapes else ["square"])]
        if "clip" in kind:
            kind["clip"].pop("pose_words", None)
            if args.poses:
                kind["clip"]["pose_words"] = POSES | {"not_with": ARRANGING, "strength": args.poses}
    path.write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n")
    print(f"{path.name}: {count} things, {sum(map(len, entry['vocabulary'].values()))} words")


if __name__ == "__main__":
    main()
