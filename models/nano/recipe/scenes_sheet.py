"""A contact sheet of scenes, to look at: scenes_sheet.py DRAWINGS OUT.png [FIRST_SEED] [KIND or PLACE]"""

import random
import sys

from PIL import Image, ImageDraw

from scenes.scene import Plan, make, plan
from scenes.sprites import Sprites

CELL, LABEL, COLUMNS, COUNT = 192, 24, 8, 48


def wanted(seed: int, what: str) -> Plan:
    for attempt in range(100000):
        asked = plan(random.Random(seed * 1000003 + attempt))
        if not what or what in (asked.kind, asked.place, *asked.names):
            return asked
    raise SystemExit(f"nothing has {what}")


def main() -> None:
    sprites, first = Sprites(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0
    what = sys.argv[4] if len(sys.argv) > 4 else ""
    rows = -(-COUNT // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL, rows * (CELL + LABEL)), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    for i in range(COUNT):
        scene = make(first + i, sprites, asked=wanted(first + i, what))
        x, y = i % COLUMNS * CELL, i // COLUMNS * (CELL + LABEL)
        sheet.paste(Image.fromarray(scene.picture).crop((0, 0, CELL - 2, CELL)), (x, y))
        for line in range(2):
            pen.text((x + 1, y + CELL + line * 11 - 1), scene.caption[line * 32 : line * 32 + 32], fill=(0, 0, 0))
    sheet.save(sys.argv[2])


if __name__ == "__main__":
    main()
