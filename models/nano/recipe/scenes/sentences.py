"""Captions of scenes, as people type them."""

import random

from scenes.registry import Place

PARTS = {
    "morning": ("in the morning", "at sunrise", "at dawn"), "day": ("by day", "on a sunny day"),
    "dusk": ("at sunset", "at dusk", "in the evening"), "night": ("at night", "at night", "by night", "under the stars"),
}  # fmt: skip
SEEN = {"day": "in the sunshine", "night": "under the moon"}    # only where sun or moon are to be seen
ONE = {"morning": "morning", "day": "day", "dusk": "evening", "night": "night"}
WET = {"rain": ("rainy", "in the rain"), "snowfall": ("snowy", "in falling snow"), "fog": ("foggy", "in the fog")}
PLURALS = {
    "mouse": "mice", "wolf": "wolves", "leaf": "leaves", "cactus": "cacti", "maple leaf": "maple leaves", "goose": "geese",
    "bookshelf": "bookshelves", "scarf": "scarves", "loaf": "loaves", "ox": "oxen",
}  # fmt: skip
SAME = set("sheep deer fish shrimp goldfish pufferfish jellyfish starfish clownfish blowfish squid moose elk bison buffalo".split())
# Not counted, or more than one already.
MASS = set(
    "money fire soap yarn wheat hay money sparkles confetti bubbles rain lightning balloons books fireworks bread butter salt rice ramen "
    "noodles spaghetti pasta sushi soup salad popcorn bacon milk coffee tea juice soda honey chocolate cheese fries pancakes grapes cherries "
    "cherry blueberries peanuts peas beans corn lettuce broccoli garlic ginger ice meat steak stew curry tempura jeans shorts pants trousers glasses spectacles "
    "sunglasses shades gloves mittens socks maracas headphones scissors binoculars skis houses bricks scales bagels dice goggles "
    "treasure wood logs lavender herb earth bags shopping toast bowling film takeout fan badminton roadblock rope "
    "ballet_shoes skates".split()
) | {"ballet shoes", "ping pong", "bubble tea", "shaved ice", "canned food", "statue of liberty", "fried shrimp", "ice skate"}
COMMAS = 0.07    # of those who type put one before the place or the time
OPENINGS = ("a picture of ", "a drawing of ", "an illustration of ")
VERBS = {
    "g": ("standing", "sitting", "walking"), "b": ("sailing", "floating"), "s": ("swimming",), "w": ("swimming",),
    "f": ("flying",),
}  # fmt: skip


def article(words: str) -> str:
    bare = words.split()[-1]
    if bare in MASS or words in MASS or " ".join(words.split()[-2:]) in MASS:
        return words
    return ("an " if words[0] in "aeiou" and not words.startswith(("ufo", "uni", "ukul", "one")) else "a ") + words


def plural(words: str) -> str:
    *before, last = words.split()
    if words in PLURALS:
        return PLURALS[words]
    if last not in SAME:
        if last in PLURALS:
            last = PLURALS[last]
        elif last.endswith(("s", "x", "ch", "sh")):
            last += "es"
        elif last.endswith("y") and last[-2] not in "aeiou":
            last = last[:-1] + "ies"
        else:
            last += "s"
    return " ".join([*before, last])


def when(rnd: random.Random, time: str, weather: str, indoor: bool, seen: bool) -> str:
    """The words for time and weather; nothing for most clear days."""
    if weather == "clear":
        if time == "day" and rnd.random() > 0.2:
            return ""
        choices = PARTS[time] + ((SEEN[time],) if seen and time in SEEN else ())
        return rnd.choice(choices)
    adjective, phrase = WET[weather]
    if indoor:
        return f"on a {adjective} {ONE[time]}"
    if time == "day":
        return rnd.choice((phrase, phrase, f"on a {adjective} day"))
    return rnd.choice((f"on a {adjective} {ONE[time]}", f"{phrase} {PARTS[time][0]}"))


def sentence(rnd: random.Random, pattern: str, words: list[str], place: Place, where: list[str], moves: bool) -> str:
    """The things by their pattern ("{0} on {1}", "two {0*}"), and the place unless it is said already."""
    text = pattern
    for i, said in enumerate(words):
        text = text.replace(f"{{{i}*}}", plural(said)).replace(f"{{{i}}}", article(said))
    if where and all(kind == "f" for kind in where) and not place.indoor and rnd.random() < 0.5:
        return f"{text} {rnd.choice(('over', 'above', 'flying over'))} {place.noun}"
    verb = ""
    if moves and len(words) == 1 and rnd.random() < 0.15:
        verb = rnd.choice(VERBS.get(where[0], ("",)))
    return " ".join(part for part in (text, verb, rnd.choice(place.phrases)) if part)


def as_typed(rnd: random.Random, text: str) -> str:
    """Not everybody types articles; some begin with a capital, or with "a picture of"."""
    if rnd.random() < COMMAS:
        for phrase in (" at ", " on a ", " in the ", " in "):
            head, found, tail = text.rpartition(phrase)
            if found and head.count(" ") > 0:
                text = f"{head}, {tail}" if phrase == " at " and rnd.random() < 0.5 else f"{head},{phrase}{tail}"
                break
    way = rnd.random()
    if way < 0.14:
        words = [word for word in text.split() if word not in ("a", "an", "the")]
        text = " ".join(words)
    elif way < 0.2:
        text = rnd.choice(OPENINGS) + text
    return text[0].upper() + text[1:] if rnd.random() < 0.15 else text
