"""Writes what the studio needs to know to put scenes together: scenes_book.py DRAWINGS OUT.json

The words for places, times, weathers and things, where a thing stands and how large it is beside others, and what the layers'
networks are told. src/scenes reads it; models/catalog/README.md says what its fields mean.
"""

import json
import random
import statistics
import sys

from captions import BACKGROUNDS, read_things
from network import Text
from scenes.composing import COLOURS, SIZES, paintable
from place_codes import PlaceCodes
from scenes.layers import STYLE_WORDS, Things, empty_place, lights
from scenes.palette import COVER, TIMES, WEATHERS
from scenes.registry import PLACES
from scenes.sentences import MASS, ONE, PARTS, SEEN, WET, plural
from scenes.things import (
    CREATURES, GREAT, HATS, HIDDEN_LEGS, HOLLOWS, MOUNTS, ROOFS, SKY_ROOFS, SPECTACLES, THINGS, TOPS,
)  # fmt: skip
from tokenizer import SYNONYMS

LOOKED_AT = 24    # drawings of each place
SHADOWS = {"morning": 0.24, "day": 0.24, "dusk": 0.28, "night": 0.34}
# What else people say of times of day and weathers.
MORE_TIMES = {
    "morning": ("morning", "sunrise", "dawn", "early in the morning"),
    "day": ("by day", "at noon", "sunny", "daytime", "in daylight", "on a sunny day"),
    "dusk": ("sunset", "dusk", "evening", "twilight", "golden hour", "at twilight", "sundown"),
    "night": ("night", "midnight", "nighttime", "at midnight", "in the dark", "starry", "moonlight", "in the moonlight", "under the moon", "under a full moon", "moonlit"),
}  # fmt: skip
MORE_WEATHERS = {
    "rain": ("rain", "raining", "rainy day", "in a rainstorm", "drizzle", "heavy rain", "in heavy rain", "wet", "storm", "in a storm", "stormy", "thunderstorm", "in a thunderstorm"),
    "snowfall": ("snowing", "snowfall", "snowstorm", "in a snowstorm", "heavy snow", "falling snow", "snow falling", "blizzard", "in a blizzard", "while it snows"),
    "fog": ("fog", "mist", "misty", "in the mist", "hazy"),
    "clear": (),
}  # fmt: skip
# Own drawings that are in one of these colours each, which the network is always told.
OWN_COLOURS = {"dragon": ["green", "red", "blue", "purple"]}
# What else people call things.
MORE_THINGS = {"fire engine": ("fire truck",), "airplane": ("jet",), "car": ("sports car",), "ship": ("steamship",),
    "coffee": ("cup", "mug", "coffee cup", "coffee mug", "cup of coffee", "mug of coffee", "hot coffee"), "tea": ("cup of tea", "tea cup"), "rain": ("rain cloud",),
}
# What else people call the places. A name that a thing has too counts only behind "in", "on", "at" and the like.
MORE_PLACES = {
    "space": ("space", "galaxy", "cosmos", "universe", "orbit"), "moon_surface": ("lunar surface",), "underwater": ("coral reef", "seabed", "ocean floor", "under water", "deep sea"),
    "sky": ("sky", "clouds", "heaven"), "room": ("living room", "lounge", "house interior", "apartment", "at home"), "cave": ("cavern", "grotto"),
    "snow_field": ("snowy landscape", "snowy plain", "winter landscape", "winter"), "winter_forest": ("snowy woods", "winter wonderland"),
    "forest": ("woods", "wood", "woodland", "dark forest"), "autumn_forest": ("autumn", "fall forest", "autumn woods", "autumn leaves"), "jungle": ("rainforest",),
    "meadow": ("meadow", "hill", "hills", "hillside", "grassland", "countryside", "grass", "valley", "prairie", "pasture"), "mountains": ("mountain", "mountains", "alps", "cliff"),
    "desert": ("dunes", "sand dunes", "sand", "sahara"), "farm": ("farmland", "field", "barnyard", "farmyard"), "garden": ("flower garden", "backyard", "yard", "flowers"),
    "by_waterfall": ("waterfall",), "fairground": ("fair", "carnival", "amusement park", "theme park", "funfair"), "campsite": ("camp", "camping"),
    "football_field": ("soccer field", "football pitch", "stadium"), "country_road": ("highway", "country road", "road"), "railway": ("train station", "railroad", "rails", "tracks"),
    "harbor": ("harbour", "port", "dock", "marina", "pier"), "rooftop": ("roof", "roofs", "rooftops"), "kitchen": ("restaurant", "cafe", "bakery"), "library": ("bookshop", "bookstore", "study"),
    "castle_hall": ("throne room", "great hall", "palace hall"), "stage_boards": ("theater", "theatre", "concert"), "classroom": ("office", "school", "classroom"),
    "city": ("town", "street", "downtown", "skyline", "tall buildings", "skyscrapers", "new york", "tokyo", "paris", "london"), "village": ("small town", "hamlet"), "castle_hill": (),
    "calm_sea": ("sea", "ocean", "seas", "waves"), "stormy_sea": ("rough sea", "stormy ocean"), "beach": ("seaside", "shore", "coast", "sandy beach"),
    "lake": ("pond", "water", "lakeside"), "swamp": ("marsh", "bog"), "savanna": ("savannah", "africa", "serengeti"), "volcano_land": ("volcanic landscape", "lava"),
    "ice": ("arctic", "antarctica", "north pole", "south pole", "iceberg", "glacier", "frozen lake"), "island": ("tropical island", "desert island"), "river": ("stream", "riverbank", "creek"),
    "cherry_grove": ("cherry trees", "spring", "sakura", "blossoms"), "sunflower_field": ("sunflowers",), "haunted_house": ("haunted mansion",), "candy_land": ("candyland",),
    "pumpkin_patch": ("pumpkin field",), "mars": ("red planet",), "park": ("lawn",), "playground": (), "bedroom": (),
}  # fmt: skip


def measured(name: str, sprites) -> dict:
    horizons, floors, feet, water = [], [], [], []
    place, rnd = PLACES[name], random.Random(1)
    for seed in range(LOOKED_AT):
        time, weather = rnd.choice(lights(name))
        stage = empty_place(seed, name, time, weather, sprites, 128, 128, 0.5)
        horizons.append(stage.horizon / stage.h)
        floors.append(stage.floor[0] if stage.floor else "")
        feet.append(stage.feet / stage.h if stage.feet else 0)
        water.append(bool(stage.water))
        rough = bool(stage.water) and stage.water[2]
        closed = stage.closed
    floor = max(set(floors), key=floors.count)
    found = {"horizon": round(statistics.mean(horizons), 3)}
    if floor:
        found["floor"] = floor
    if sum(map(bool, feet)) > LOOKED_AT / 2:
        found["feet"] = round(statistics.mean(y for y in feet if y), 3)
    for flag, value in (("water", water[0]), ("rough", rough), ("closed", closed), ("indoor", place.indoor), ("timed", place.timed)):
        if value:
            found[flag] = True
    return found


def thing_entry(name: str, styles: list[str], taken: set[str]) -> dict:
    thing = THINGS[name]
    others = [other for other in dict.fromkeys((*thing.synonyms, *EARLIER.get(name, ()), *MORE_THINGS.get(name, ()))) if other not in taken]
    called = [name, *others]
    if name not in MASS:
        called += [plural(word) for word in (name, *others)]
    entry = {"called": list(dict.fromkeys(called)), "size": thing.size, "where": thing.where, "habitats": sorted(set(thing.habitats))}
    if styles:
        entry["styles"] = styles
    if name in OWN_COLOURS:
        entry["colours"] = OWN_COLOURS[name]
    for flag, value in (
        ("paintable", bool(styles) and paintable(name)), ("creature", name in CREATURES), ("great", name in GREAT),
        ("sky_roof", name in SKY_ROOFS), ("hides_legs", name in HIDDEN_LEGS), ("floats", name in ("balloon", "balloons", "umbrella", "fishing rod", "broom")),
        ("head", thing.head), ("spectacles", name in SPECTACLES),
    ):  # fmt: skip
        if value:
            entry[flag] = True
    for key, table in (("top", TOPS), ("saddle", MOUNTS), ("hollow", HOLLOWS), ("roof", ROOFS)):
        if name in table:
            entry[key] = table[name]
    if name in HATS:
        entry["hat"] = list(HATS[name])
    return entry


EARLIER = {}    # synonyms of concepts.txt


def main() -> None:
    things = Things(sys.argv[1])
    spoken = PlaceCodes(Text())
    for concept in read_things():
        EARLIER[concept.name] = concept.synonyms
    styles = {}
    for thing, drawing in things.all:
        styles.setdefault(thing.name, []).append(drawing.style)
    names = {*THINGS, *(plural(name) for name in THINGS)}
    book = {
        "schema": 1,
        "colours": list(COLOURS),
        "grounds": {name: list(colour) for name, colour in BACKGROUNDS.items()},
        "colour_synonyms": {other: colour for other, colour in SYNONYMS.items() if colour in COLOURS},
        "sizes": SIZES,
        "styles": list(STYLE_WORDS.values()),
        "times": {
            name: {
                "phrases": list(dict.fromkeys((*PARTS[name], *MORE_TIMES[name], *((SEEN[name],) if name in SEEN else ()), f"on a {ONE[name]}"))),
                "multiply": light[4][0], "towards": light[4][1], "share": light[4][2], "haze": light[2], "shadow": SHADOWS[name],
            }
            for name, light in TIMES.items()
        },
        "weathers": {
            name: {
                "cover": COVER[name],
                "phrases": list(dict.fromkeys((*WET.get(name, ()), *MORE_WEATHERS[name]))),
            }
            for name in WEATHERS
        },
        "when": {
            side: {f"{time} {weather}": spoken.light(time, weather, side == "indoor") for time in TIMES for weather in WEATHERS}
            for side in ("outdoor", "indoor")
        },
        "places": {
            name: {
                "code": spoken.place(name), "noun": place.noun, "phrases": list(place.phrases), "names": list(MORE_PLACES[name]),
                "habitats": sorted(set(place.habitats)), "weathers": sorted({"clear", *place.weathers} if place.timed else {"clear"}),
                **measured(name, things.sprites),
            }
            for name, place in PLACES.items()
        },
        "things": {name: thing_entry(name, [style for style in styles[name] if style], names - {name}) for name in THINGS},
    }  # fmt: skip
    with open(sys.argv[2], "w") as file:
        json.dump(book, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
