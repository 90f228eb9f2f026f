"""The engine's own tokenizer (byte-pair encoding of Qwen2), from the table in its sources.

usage: tokenizer.py diffusion-rs-sys-0.1.20.crate

Writes tokens.json: the token numbers of every word that captions use, at the start of a prompt and inside it (where
the token includes the space before the word), and which numbers share a row of the text table: "fox", "Fox", "foxes"
and their forms after a space are the same to the model, and so are "puppy" and "dog".
"""

import json
import re
import string
import sys
import tarfile

import regex

TABLE = "stable-diffusion.cpp/src/tokenizers/vocab/qwen_merges.hpp"
HEAD = "<|im_start|>user\n"
TAIL = "<|im_end|>\n<|im_start|>assistant\n"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
WORD = regex.compile(
    r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"""
    r"""|\s+(?!\S)|\s+"""
)
CODES = 200    # of places' captions, of which each row gets one where two models share a text file (place_codes.py)
# Other words for the colours and for "background".
SYNONYMS = {
    "grey": "gray", "violet": "purple", "scarlet": "red", "crimson": "red", "navy": "blue", "golden": "yellow",
    "gold": "yellow", "backdrop": "background",
}  # fmt: skip


def byte_letters() -> dict[int, str]:
    """Each byte as a printable letter, the way the table is written."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + len(letters) - len(plain))
    return letters


class Tokenizer:
    def __init__(self, crate: str):
        with tarfile.open(crate) as archive:
            member = next(name for name in archive.getnames() if name.endswith(TABLE))
            text = archive.extractfile(member).read().decode()
        numbers = text[text.index("{") + 1 : text.rindex("}")]
        table = bytes.fromhex(numbers.replace("0x", "").replace(",", "")).decode()
        merges = [tuple(line.split(" ")) for line in table.split("\n") if " " in line]
        self.letters = byte_letters()
        order = sorted(self.letters, key=lambda byte: (ord(self.letters[byte]) > 255, self.letters[byte]))
        tokens = [self.letters[byte] for byte in order] + [a + b for a, b in merges] + SPECIAL
        self.numbers = {token: number for number, token in enumerate(tokens)}
        self.rank = {merge: rank for rank, merge in enumerate(merges)}

    def word(self, text: str) -> list[int]:
        parts = [self.letters[byte] for byte in text.encode()]
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]), key=lambda pair: self.rank.get(pair, len(self.rank)))
            if best not in self.rank:
                break
            joined, i = [], 0
            while i < len(parts):
                if tuple(parts[i : i + 2]) == best:
                    joined.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    joined.append(parts[i])
                    i += 1
            parts = joined
        return [self.numbers[part] for part in parts]

    def encode(self, text: str) -> list[int]:
        numbers = []
        for part in re.split(r"(<\|im_start\|>|<\|im_end\|>)", text):
            if part in SPECIAL:
                numbers.append(self.numbers[part])
            else:
                for word in WORD.findall(part):
                    numbers += self.word(word)
        return numbers


def forms(word: str) -> set[str]:
    return {word, word.capitalize(), word.upper()}


class Shared:
    """Which token numbers share a row. A word of one token gives its row to all one-token forms of the word."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer, self.owner = tokenizer, {}

    def single(self, text: str) -> int | None:
        numbers = self.tokenizer.encode(text)
        return numbers[0] if len(numbers) == 1 else None

    def row_of(self, word: str) -> int | None:
        inside, first = self.single(" " + word), self.single(word)
        return first if inside is None else inside

    def add(self, word: str, others: set[str]) -> None:
        """What has an owner keeps it, so the words of captions come before what borrows from them."""
        row = self.row_of(word)
        if row is None:
            return
        row = self.owner.get(row, row)
        for text in sorted(form for other in {word, *others} for form in forms(other)):
            for number in (self.single(text), self.single(" " + text)):
                if number is not None and number not in self.owner:
                    self.owner[number] = row


def codes(tokenizer: Tokenizer, taken: set[str]) -> list[str]:
    """Words of two letters that are one token, first and inside, and that no caption has."""
    words = (a + b for a in string.ascii_lowercase for b in string.ascii_lowercase)
    single = lambda text: len(tokenizer.encode(text)) == 1
    return [word for word in words if word not in taken and single(word) and single(" " + word)][:CODES]


def main() -> None:
    from captions import BACKGROUNDS, MASS, OPENINGS, PLACES, POSES, STYLE_WORDS, Thing, plural, read_things

    from scenes.scene import vocabulary
    from scenes.sentences import plural as plural_in_scenes
    from scenes.things import THINGS

    tokenizer, things = Tokenizer(sys.argv[1]), read_things()
    known = {thing.name: thing for thing in things}
    for thing in THINGS.values():
        if thing.name in known:
            known[thing.name].synonyms.extend(other for other in thing.synonyms if other not in known[thing.name].synonyms)
        else:
            things.append(Thing(thing.name, thing.synonyms, [], []))
    said = " ".join([*BACKGROUNDS, *OPENINGS, *PLACES])
    plain = {*said.lower().split(), *"an and on with background two three small little big large tilted".split()}
    plain |= {word for words in POSES.values() for word in words} | {*STYLE_WORDS.values()}
    plain |= vocabulary()
    names = {word for thing in things for word in thing.name.split()}
    synonyms = {word for thing in things for name in thing.synonyms for word in name.split()}
    plurals = {word for thing in things if thing.name not in MASS for word in plural(thing.name).split()}
    plurals |= {word for thing in THINGS.values() for name in (thing.name, *thing.synonyms) for word in plural_in_scenes(name).split()}
    lower = sorted(plain | names | synonyms | plurals)
    table = {"head": tokenizer.encode(HEAD), "tail": tokenizer.encode(TAIL), "first": {}, "next": {}}
    table["comma"] = tokenizer.encode(",")
    table["codes"] = codes(tokenizer, set(lower))
    for word in sorted({form for word in [*lower, *table["codes"]] for form in (word, word.capitalize())}):
        table["first"][word] = tokenizer.encode(word)
        table["next"][word] = tokenizer.encode(" " + word)

    shared = Shared(tokenizer)
    for number in table["head"] + table["tail"] + table["comma"]:
        shared.owner[number] = number
    for word in sorted(plain | names | {*table["codes"]}):
        shared.add(word, set())

    def lend(thing: Thing) -> None:
        if " " not in thing.name:
            shared.add(thing.name, {plural(thing.name)})
            for other in thing.synonyms:
                shared.add(thing.name, {other, plural(other)})

    for thing in things:
        lend(thing)
    for other, word in SYNONYMS.items():
        shared.add(word, {other})
    words = [table[place][word] for place in ("first", "next") for word in table[place]]
    for number in sorted({number for numbers in words for number in numbers}):
        shared.owner.setdefault(number, number)
    table["rows"] = {str(number): row for number, row in sorted(shared.owner.items())}
    with open("tokens.json", "w") as file:
        json.dump(table, file)
    print(f"{len(lower)} words, {len(shared.owner)} token numbers, {len(set(shared.owner.values()))} rows")


if __name__ == "__main__":
    main()
