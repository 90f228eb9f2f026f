"""One scene from one number: place, light, weather, things, picture and caption."""

import random
import typing

import numpy as np

from scenes import own_creatures, own_great, own_small, own_vehicles    # noqa: F401: they enter their drawings
from scenes import places_beyond, places_inside, places_land, places_play    # noqa: F401: and their places
from scenes import places_rooms, places_town, places_water, places_wild    # noqa: F401
from scenes.composing import SIZES, STYLES, Asked, Composer
from scenes.held_out import held_out
from scenes.palette import TIMES
from scenes.placing import Placing, Put
from scenes.registry import PLACES, Place
from scenes.sentences import MASS, ONE, OPENINGS, PARTS, SEEN, VERBS, WET, as_typed, sentence, when
from scenes.sprites import Sprites
from scenes.things import (
    CREATURES, GREAT, HATS, HATTED, HELD, HOLDERS, HOLLOWS, MOUNTS, ROOFS, SKY_ROOFS, SPECTACLES, THINGS, TOPS, Thing,
)  # fmt: skip

NOTHING = 0.05    # scenes without a thing
ANYWHERE = 0.22    # of what walks or stands on the ground
# How often things come alone, in numbers, side by side, or in a relation.
KINDS = {
    "alone": 0.42, "two": 0.07, "three": 0.04, "pair": 0.14, "on": 0.05, "riding": 0.06, "inside": 0.045, "under": 0.04,
    "behind": 0.035, "holding": 0.06, "wearing": 0.03, "over": 0.03,
}  # fmt: skip
FAVOURED = 0.4    # of the things: from what people ask for most
SHAPES = {"square": (128, 128), "portrait": (128, 171), "landscape": (171, 128)}    # width, height in units


class Scene(typing.NamedTuple):
    caption: str
    picture: np.ndarray    # height x width x 3, bytes
    style: str    # the set of drawings that all are from, or nothing
    place: str
    names: list[str]
    kind: str
    puts: list[Put]    # what stands where, in units
    said: list[Asked]    # of what was put, once for each that is named


def ground_place(place: str) -> bool:
    return place not in ("calm_sea", "stormy_sea", "lake", "harbor", "space", "underwater", "sky")


def fitting(thing: Thing, place: str) -> bool:
    return bool(set(thing.habitats) & set(PLACES[place].habitats))


def place_for(rnd: random.Random, thing: Thing) -> str:
    places = [name for name in PLACES if fitting(thing, name)]
    if thing.where == "g":
        if thing.name in CREATURES and rnd.random() < 0.05:
            return "space"
        if not places or rnd.random() < ANYWHERE:
            places = [name for name in PLACES if ground_place(name)]
    return rnd.choice(places)


FAVOURITES = sorted(
    CREATURES
    | {name for name, thing in THINGS.items() if thing.where in "fbswc" or any(d.startswith("own:") for d in thing.drawings)}
    | {"car", "bicycle", "train", "castle", "house", "tree", "snowman", "rainbow"}
)
FIRST = {
    "on": [n for n in CREATURES if THINGS[n].size <= 1.1], "riding": sorted(CREATURES), "inside": sorted(CREATURES),
    "under": sorted(CREATURES), "behind": sorted(CREATURES),
    "holding": [n for n in CREATURES if THINGS[n].head or n in HOLDERS],
    "wearing": [n for n in CREATURES if THINGS[n].head or n in HATTED],
    "over": [n for n, thing in THINGS.items() if thing.where == "f" and "space" not in thing.habitats and n not in ("cable car", "bubbles", "fly") or n in ("rocket", "ufo")],
}  # fmt: skip
FIRST = {kind: sorted(names) for kind, names in FIRST.items()}
SECOND = {
    "on": list(TOPS), "riding": list(MOUNTS), "inside": list(HOLLOWS), "under": [*ROOFS] * 2 + SKY_ROOFS, "holding": HELD,
    "wearing": [*HATS, *SPECTACLES], "over": sorted(GREAT) + ["train", "car", "bus"],
    "behind": [n for n in THINGS if THINGS[n].where == "g" and THINGS[n].size >= 0.9],
}  # fmt: skip


class Plan(typing.NamedTuple):
    kind: str
    names: list[str]
    place: str


def plan(rnd: random.Random) -> Plan:
    """What is to be drawn, none of what is held out for the evaluation."""
    while True:
        kind = rnd.choices(list(KINDS), list(KINDS.values()))[0]
        if rnd.random() < NOTHING:
            return Plan("nothing", [], rnd.choice(list(PLACES)))
        if kind in FIRST:
            first, second = rnd.choice(FIRST[kind]), rnd.choice(SECOND[kind])
            names = [first, second]
        else:
            first = rnd.choice(FAVOURITES if rnd.random() < FAVOURED else list(THINGS))
            names = [first]
        place = place_for(rnd, THINGS[second if kind in ("over", "inside") else first])
        if kind == "pair":
            others = [n for n, t in THINGS.items() if fitting(t, place) and t.where not in "ck"]
            if rnd.random() < 0.4 and ground_place(place):
                others = [n for n, t in THINGS.items() if t.where == "g" and n not in GREAT]
            names.append(rnd.choice(others or [first]))
        if possible(kind, names, place) and not held_out(kind, names, place):
            return Plan(kind, names, place)


def possible(kind: str, names: list[str], place: str) -> bool:
    first = THINGS[names[0]]
    if len(names) == 2 and names[0] == names[1]:
        return False
    if kind in ("two", "three"):
        return first.where not in "ck" and first.name not in MASS and first.name not in GREAT
    if kind == "pair":
        return first.where not in "ck" and not (THINGS[names[1]].where in "bs") != (first.where in "bsf" and not ground_place(place)) or (
            first.where in "bs" and THINGS[names[1]].where in "bsf"
        )
    if kind in ("on", "riding", "under", "behind", "holding", "wearing"):
        return ground_place(place) and not (kind == "under" and names[1] in SKY_ROOFS and PLACES[place].indoor)
    if kind == "over":
        return ground_place(place) and not PLACES[place].indoor and place not in ("moon_surface", "mars")
    return True


def fill(composer: Composer, asked: Plan):
    things = [THINGS[name] for name in asked.names]
    if asked.kind == "alone":
        return composer.alone(*things)
    if asked.kind in ("two", "three"):
        return composer.several(things[0], 2 if asked.kind == "two" else 3)
    if asked.kind == "pair":
        return composer.side_by_side(*things)
    if asked.kind == "on":
        return composer.on(*things, TOPS, composer.r.choice(("{0} on {1}", "{0} on {1}", "{0} sitting on {1}", "{0} on top of {1}")))
    if asked.kind == "riding":
        return composer.on(*things, MOUNTS, composer.r.choice(("{0} riding {1}", "{0} riding {1}", "{0} on {1}")))
    return getattr(composer, asked.kind)(*things)


def light(rnd: random.Random, place: Place) -> tuple[str, str]:
    if not place.timed:
        return "day", "clear"
    time = rnd.choices(list(TIMES), (2, 4, 2, 3))[0]
    weather = rnd.choice(place.weathers) if rnd.random() < 0.42 else place.weathers[0]
    return time, "clear" if (time, weather) == ("night", "fog") and rnd.random() < 0.6 else weather


def make(seed: int, sprites: Sprites, zoom: float = 1.5, shape: str = "square", asked: Plan | None = None, lit: tuple[str, str] | None = None) -> Scene:
    rnd = random.Random(seed * 7919 + 13)
    asked = asked or plan(rnd)
    place = PLACES[asked.place]
    time, weather = lit or light(rnd, place)
    style = rnd.choices(list(STYLES), list(STYLES.values()))[0]
    stage = Placing(seed, asked.place, time, weather, sprites, *SHAPES[shape], zoom)
    place.draw(stage)
    stage.veil_back()
    puts, said, pattern = fill(Composer(stage, rnd, style), asked) if asked.names else ([], [], "")
    for put in puts if any(put.loose for put in puts) or asked.kind in ("under", "over", "behind") else sorted(puts, key=lambda put: put.y):
        stage.put(put)
    stage.weather_front()
    for item in said:
        drawn = item.drawing.removeprefix("own:")
        if drawn in stage.said and rnd.random() < 0.5:
            item.words = f"{stage.said[drawn]} {item.words}"
    where = [put.where for put in puts]
    moves = bool(said) and (said[0].thing.name in CREATURES or where[0] != "g")
    text = sentence(rnd, pattern, [item.words for item in said], place, where, moves) if said else place.noun
    timed = when(rnd, time, weather, place.indoor, stage.sun_x is not None) if place.timed else ""
    text = as_typed(rnd, f"{text} {timed}".strip())
    styles = {item.style for item in said} - {""}
    if not styles and said:
        styles = {style}
    return Scene(text, stage.p.array(), styles.pop() if len(styles) == 1 else "", asked.place, asked.names, asked.kind, puts, said)


def vocabulary() -> set[str]:
    """Every word that a caption may have beside the names of things."""
    said = [*PARTS["morning"], *PARTS["day"], *PARTS["dusk"], *PARTS["night"], *SEEN.values(), *OPENINGS, *SIZES, *ONE.values()]
    said += [word for pair in WET.values() for word in pair] + [verb for verbs in VERBS.values() for verb in verbs]
    said += [phrase for place in PLACES.values() for phrase in (*place.phrases, place.noun)]
    said += "a an the and two three next to with beside on in riding sitting top of under below behind front holding wearing".split()
    said += "flying over above on an".split()
    return {word for text in said for word in text.lower().split()}
