"""Checks what the scenes promise: check_scenes.py DRAWINGS. Needs tokens.json. Ends with what is wrong, or says that all holds.

That the same number makes the same scene; that nothing held out for the evaluation is ever planned, while everything else may be;
that every thing has drawings and a place; that captions fit into the model's text and have only words that it is taught; that
the evaluation's prompts do, too, and that those marked as unseen are held out; that no word for a person is among them.
"""

import random
import sys

from network import TEXT_TOKENS, Text
from scenes.held_out import PLACES as HELD_PLACES
from scenes.held_out import TOGETHER, held_out
from scenes.registry import PLACES
from scenes.scene import make, place_for, plan, vocabulary
from scenes.sprites import Sprites
from scenes.things import HERE, THINGS

PLANS, DRAWN = 40000, 120
PEOPLE = set(
    "man woman men women boy girl boys girls person people child children kid kids baby king queen prince princess knight wizard witch "
    "pirate soldier astronaut mermaid fairy elf nurse doctor teacher police farmer human somebody hand face body".split()
)
# "pirate ship", "police car" and "happy face" are things.
NOT_ALONE = {"pirate", "police", "face"}


def unknown_words(text: Text, caption: str) -> list[str]:
    words = [word.removesuffix(",") for word in caption.split()]
    return [word for i, word in enumerate(words) if word not in text.table["next" if i else "first"]]


def check_plans() -> list[str]:
    rnd, wrong, seen, places = random.Random(5), [], set(), set()
    for _ in range(PLANS):
        asked = plan(rnd)
        seen.update(asked.names)
        places.add(asked.place)
        if held_out(asked.kind, asked.names, asked.place):
            wrong.append(f"planned although held out: {asked}")
    wrong += [f"never planned: {name}" for name in sorted({*THINGS} - seen) + sorted({*PLACES} - places)]
    wrong += [f"held out, but not there: {pair}" for pair in HELD_PLACES if pair[0] not in THINGS or pair[1] not in PLACES]
    wrong += [f"held out, but not there: {ways}" for ways in TOGETHER if not {*ways[1:]} <= {*THINGS}]
    return wrong


def check_things(sprites: Sprites) -> list[str]:
    wrong = []
    for thing in THINGS.values():
        for drawing in thing.drawings:
            kind, _, name = drawing.rpartition(":")
            if kind != "own" and not any(sprites.exists(f"{folder}/{name}") for folder in ("fluent", "noto")):
                wrong.append(f"{thing.name}: no drawing {name}")
        try:
            place_for(random.Random(1), thing)
        except IndexError:
            wrong.append(f"{thing.name} has no place")
        for name in (thing.name, *thing.synonyms):
            if PEOPLE & set(name.split()) and not (len(name.split()) > 1 and NOT_ALONE & set(name.split())):
                wrong.append(f"a person: {name}")
    return wrong + [f"a person: {word}" for word in sorted(PEOPLE & vocabulary())]


def check_scenes(sprites: Sprites, text: Text) -> list[str]:
    wrong = []
    for seed in range(DRAWN):
        scene = make(seed, sprites)
        again = make(seed, Sprites(str(sprites.folder)))
        if (scene.caption, scene.picture.tobytes()) != (again.caption, again.picture.tobytes()):
            wrong.append(f"scene {seed} is another one the second time")
        wrong += [f"scene {seed}: not taught: {word}" for word in unknown_words(text, scene.caption)]
    return wrong


def check_evaluation(text: Text) -> list[str]:
    wrong, unseen = [], 0
    lines = [line for line in (HERE / "evaluation.txt").read_text().splitlines() if line and not line.startswith("#")]
    for line in lines:
        prompt, things, place, _, note = (part.strip() for part in line.split("|"))
        names = things.split(", ")
        if len(text.encode(prompt)) >= TEXT_TOKENS:
            wrong.append(f"too long: {prompt}")
        wrong += [f"{prompt}: not taught: {word}" for word in unknown_words(text, prompt)]
        wrong += [f"{prompt}: no such thing or place" for name in names if name not in THINGS or place and place not in PLACES]
        if note == "unseen":
            unseen += 1
            kinds = {kind for kind, *_ in TOGETHER}
            if not any(held_out(kind, names, place) for kind in kinds):
                wrong.append(f"marked as unseen, but may be trained: {prompt}")
    return wrong + ([] if len(lines) == 64 and unseen == 32 else [f"{len(lines)} prompts, {unseen} unseen: not 64 and 32"])


def main() -> None:
    sprites, text = Sprites(sys.argv[1]), Text()
    wrong = check_plans() + check_things(sprites) + check_evaluation(text) + check_scenes(sprites, text)
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(PLACES)} places and {len(THINGS)} things: all holds")


if __name__ == "__main__":
    main()
