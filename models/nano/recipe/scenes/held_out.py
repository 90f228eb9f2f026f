"""What training never shows, named before it began: whether the model can put together what it never saw together."""

PLACES = {
    ("penguin", "desert"), ("owl", "city"), ("dinosaur", "snow_field"), ("cat", "moon_surface"), ("elephant", "room"),
    ("pirate ship", "harbor"), ("horse", "beach"), ("robot", "garden"), ("dragon", "snow_field"), ("fox", "candy_land"),
    ("panda", "city"), ("bear", "kitchen"), ("rabbit", "volcano_land"), ("car", "forest"), ("lion", "snow_field"),
    ("teddy bear", "beach"), ("frog", "castle_hall"), ("giraffe", "library"), ("sheep", "rooftop"), ("bus", "desert"),
}  # fmt: skip
TOGETHER = {
    ("riding", "panda", "bicycle"), ("riding", "frog", "skateboard"), ("on", "cat", "pumpkin"), ("inside", "dog", "canoe"),
    ("holding", "bear", "balloon"), ("holding", "fox", "book"), ("wearing", "pig", "crown"), ("under", "mouse", "mushroom"),
    ("pair", "dragon", "unicorn"), ("pair", "dog", "robot"), ("over", "airplane", "castle"), ("riding", "tiger", "elephant"),
}  # fmt: skip


def held_out(kind: str, names: list[str], place: str) -> bool:
    if any((name, place) in PLACES for name in names):
        return True
    if len(names) < 2:
        return False
    kinds = ("on", "riding") if kind in ("on", "riding") else (kind,)
    orders = (names, names[::-1]) if kind in ("pair", "behind") else (names,)
    return any((way, *order) in TOGETHER for way in kinds for order in orders)
