"""What can be put into a scene (things.txt), and what each can do with another."""

import pathlib
import typing

HERE = pathlib.Path(__file__).parent


class Thing(typing.NamedTuple):
    name: str
    synonyms: list[str]
    size: float    # beside a fox
    where: str    # g, f, k, b, s, w or c: see things.txt
    habitats: list[str]
    drawings: list[str]

    @property
    def head(self) -> bool:
        """All its drawings are heads that get a body."""
        return all(drawing.startswith("head:") for drawing in self.drawings)


def read_things(path: pathlib.Path = HERE / "things.txt") -> dict[str, Thing]:
    things, usual = {}, []
    for line in path.read_text().splitlines():
        if line.startswith("@"):
            usual = line[1:].split()
        elif " : " in line and not line.startswith("#"):
            names, size, drawings, *own = (part.strip() for part in line.split(" : "))
            first, *synonyms = (name.strip() for name in names.split(","))
            where, *habitats = usual
            if own:
                words = own[0].lstrip("+").split()
                where, habitats = (where, habitats + words) if own[0].startswith("+") else (words[0], words[1:])
            things[first] = Thing(first, synonyms, float(size), where, habitats, drawings.split())
    return things


THINGS = read_things()


def shares(text: str) -> dict[str, float]:
    pairs = (part.rsplit(" ", 1) for part in text.split(", "))
    return {name: float(share) for name, share in pairs}


# How high up, in shares of its height, one stands or sits on it.
TOPS = shares(
    "table .7, chair .45, sofa .5, armchair .42, bed .45, box .82, rock .85, mushroom .88, log .72, elephant .9, "
    "turtle .78, house .85, cake .72, birthday cake .72, books .92, book .8, car .92, bus .95, truck .92, tractor .78, piano .85, "
    "barrel .92, pumpkin .82, bench .38, wheat .75, suitcase .8, television .9, hippo .8, treasure chest .9, igloo .78, "
    "gift .8, drum .8, castle .6, pyramid .9, sled .5, wagon .7, bookshelf .98"
)
MOUNTS = shares(
    "bicycle .42, motorcycle .45, scooter .42, kick scooter .2, skateboard .6, horse .62, elephant .82, camel .68, dragon .3, "
    "unicorn .62, turtle .74, dinosaur .45, tyrannosaurus .42, giraffe .42, zebra .66, cow .72, pig .75, sled .5, "
    "ostrich .5, llama .6, deer .55, tractor .5, donkey .62, bull .7, sheep .75, rhino .8, hippo .8, lion .7, tiger .7, snail .7, "
    "carousel .5, rooster .6, goat .7"
)
# Own drawings that are much wider than high: by how much.
WIDE = {"pyramid": 1.6, "bridge": 1.9, "bench": 1.72, "table": 1.52, "wagon": 1.6, "blimp": 1.7, "igloo": 1.44, "steam train": 1.6, "treehouse": 1.2}
HIDDEN_LEGS = {"bicycle", "motorcycle", "scooter", "tractor"}
# How high up the floor of what one sits in is.
HOLLOWS = shares(
    "car .42, taxi .42, race car .4, pickup .4, basket .4, box .5, bucket .6, shopping cart .4, wagon .4, cauldron .3, "
    "bathtub .3, nest .4, stew .4, boot .6, backpack .6, trash can .7, gift .6, bus .3, jeep .42, toilet .35, "
    "canoe .3, raft .22, boat .25, motorboat .3, speedboat .3, sailboat .2"
)
ROOFS = shares("umbrella 1, parasol 1.3, tree 1.5, palm tree 1.5, pine 1.5, table 1.1, mushroom 1.2, treehouse 1.5, lamp post 1.3")
SKY_ROOFS = ["rainbow", "cloud", "star", "moon", "crescent moon", "sun", "fireworks", "rain"]
HELD = (
    "flower rose tulip daisy sunflower bouquet balloon balloons umbrella book gift lollipop key lantern candle star heart fish "
    "carrot banana apple guitar camera coffee cookie donut pizza bell broom envelope phone map ball cupcake potion "
    "trumpet violin pencil paintbrush hammer basket trophy crown popcorn cheese strawberry leaf"
).split() + ["ice cream", "magic wand", "crystal ball", "hot dog", "teddy bear", "bubble tea", "magnifying glass", "fishing rod"]
HOLDERS = {"teddy bear", "penguin", "owl", "snowman", "ghost", "monkey", "squirrel", "kangaroo", "sloth", "gorilla", "otter"}
# Worn on the head: where its foot is, and how high it is.
HATS = {"top hat": (0.88, 0.36), "crown": (0.89, 0.3), "cap": (0.86, 0.32), "straw hat": (0.86, 0.36), "graduation cap": (0.86, 0.38)}
SPECTACLES = {"glasses": 0.3, "sunglasses": 0.3}
HATTED = {"teddy bear", "penguin", "owl", "snowman", "ghost"}
GREAT = {name for name, thing in THINGS.items() if "hold" in thing.habitats or thing.where == "c"}
# What moves by itself, so that it may ride, hold and wear things.
CREATURES = set(
    "fox wolf bear rabbit deer moose hedgehog squirrel owl raccoon badger skunk beaver boar snail turkey lizard penguin seal walrus "
    "mammoth panda koala lion tiger leopard monkey gorilla orangutan sloth elephant rhino hippo giraffe zebra kangaroo flamingo "
    "peacock parrot toucan crocodile frog snake turtle dinosaur tyrannosaurus camel llama scorpion ostrich cow bull buffalo sheep ram "
    "goat pig horse donkey chicken rooster chick goose cat dog poodle mouse rat hamster dodo robot alien ghost dragon monster "
    "slime unicorn crab snowman".split()
) | {"polar bear", "black cat", "teddy bear", "green alien"}
