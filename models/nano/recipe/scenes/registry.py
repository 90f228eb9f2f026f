"""What the scenes are put together from: places and own drawings, each a function, entered here by its decorator."""

import typing

from scenes.palette import WEATHERS


class Place(typing.NamedTuple):
    draw: typing.Callable
    phrases: tuple[str, ...]    # behind a thing: "in the snow"
    noun: str    # without a thing, and after "over": "a snowy field"
    habitats: list[str]
    indoor: bool    # time and weather are seen through an opening
    weathers: tuple[str, ...]
    timed: bool    # time of day and weather are to be seen


PLACES: dict[str, Place] = {}
OWN: dict[str, typing.Callable] = {}    # stage, x, foot y, height


def place(noun: str, *phrases: str, who: str, indoor=False, weathers=WEATHERS, timed=True):
    def keep(draw):
        PLACES[draw.__name__] = Place(draw, phrases, noun, who.split(), indoor, weathers, timed)
        return draw

    return keep


def own(draw):
    OWN[draw.__name__] = draw
    return draw
