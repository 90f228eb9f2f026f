"""How the studio speaks to the network of places, which shares the text file with that of things: in words of its own.

Both networks have learnt the same words, each with rows of its own. In the file the things' rows stand at the words; each row of the
places' captions stands once more, at a code that nobody types.
"""

from network import Text
from scenes.layers import place_caption, when
from scenes.palette import TIMES, WEATHERS
from scenes.registry import PLACES


class PlaceCodes:
    def __init__(self, text: Text):
        self.text = text
        self.around = (len(text.table["head"]), len(text.table["tail"]))
        captions = [place_caption(place, time, weather) for place in PLACES for time in TIMES for weather in WEATHERS]
        rows = dict.fromkeys(row for caption in captions for row in self.rows(caption))
        if len(rows) > len(text.table["codes"]):
            raise SystemExit(f"{len(rows)} rows need more codes (tokenizer.py)")
        self.codes = dict(zip(rows, text.table["codes"], strict=False))

    def rows(self, caption: str) -> list[int]:
        head, tail = self.around
        return self.text.encode(caption)[head:-tail]

    def coded(self, caption: str) -> str:
        return " ".join(self.codes[row] for row in self.rows(caption))

    def place(self, name: str) -> str:
        return self.coded(PLACES[name].noun)

    def light(self, time: str, weather: str, indoor: bool) -> str:
        # As it stands behind a place: inside a caption a word may be another token than at its beginning.
        words = when(time, weather, indoor)
        return self.coded(f"the {words}").partition(" ")[2] if words else ""
