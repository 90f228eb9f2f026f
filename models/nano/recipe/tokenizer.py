"""The engine's own tokenizer (byte-pair encoding of Qwen2), from the table in its sources.

usage: tokenizer.py diffusion-rs-sys-0.1.20.crate DRAWINGS

Writes tokens.json: the token numbers of every word that captions use, at the start of a prompt and inside it (where
the token includes the space before the word), which numbers captions really use, and which numbers of related words
may borrow a trained row ("Fox", "foxes", "puppy").
"""

import json
import random
import re
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
# Words that mean nearly the same as a trained one.
SYNONYMS = {
    "puppy": "dog", "hound": "dog", "kitten": "cat", "kitty": "cat", "automobile": "car", "vehicle": "car",
    "burger": "hamburger", "grey": "gray", "violet": "purple", "scarlet": "red", "crimson": "red", "navy": "blue",
    "golden": "yellow", "gold": "yellow", "spaceship": "rocket", "home": "house", "cottage": "house",
    "bot": "robot", "hog": "pig", "toad": "frog", "love": "heart", "flower": "sunflower", "oak": "tree",
    "backdrop": "background", "emoji": "smiley", "bear": "panda",
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


def borrowers(tokenizer: Tokenizer, words: dict, used: set[int]) -> dict[int, int]:
    """Numbers of untrained one-token words -> the trained number whose row they may take."""
    lower = [word for word in words["next"] if word.islower() and len(word) > 2]
    pairs = [(form, w) for w in lower for form in (w.capitalize(), w.upper(), w + "s", (w + "s").capitalize())]
    pairs += [(form, w) for s, w in SYNONYMS.items() for form in (s, s.capitalize(), s + "s")]
    lent = {}
    for place, space in (("first", ""), ("next", " ")):
        for form, word in pairs:
            own = words[place][word] if len(words[place][word]) == 1 else words["next"][word]
            numbers = tokenizer.encode(space + form)
            if len(numbers) == 1 and len(own) == 1 and numbers[0] not in used:
                lent.setdefault(numbers[0], own[0])
    return lent


def main() -> None:
    from captions import BACKGROUNDS, COLOURS, THINGS, Captioned

    tokenizer = Tokenizer(sys.argv[1])
    lower = {*" ".join(BACKGROUNDS).split(), *THINGS, *"a an the picture drawing emoji of on with background".split()}
    upper = {word.capitalize() for word in (*COLOURS, *THINGS, "light")} | {"A", "An"}
    words = sorted(lower | upper)
    table = {
        "head": tokenizer.encode(HEAD),
        "tail": tokenizer.encode(TAIL),
        "first": {word: tokenizer.encode(word) for word in words},
        "next": {word: tokenizer.encode(" " + word) for word in words},
    }
    used = {*table["head"], *table["tail"], *table["first"]["A"], *table["first"]["An"]}
    for word in lower:
        used |= {*table["first"][word], *table["next"][word]}

    # Word by word must give what the engine makes of the whole caption.
    captioned, rnd = Captioned(sys.argv[2]), random.Random(9)
    for caption in (captioned.sample(rnd)[0] for _ in range(300)):
        first, *rest = caption.split()
        assert tokenizer.encode(caption) == table["first"][first] + sum((table["next"][w] for w in rest), []), caption

    table["used"] = sorted(used)
    table["borrowed"] = {str(k): v for k, v in borrowers(tokenizer, table, used).items()}
    with open("tokens.json", "w") as file:
        json.dump(table, file)
    print(f"{len(words)} words, {len(used)} trained numbers, {len(table['borrowed'])} borrowed")


if __name__ == "__main__":
    main()
