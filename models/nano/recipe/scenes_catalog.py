"""Writes what the studio must know about the model of scenes into its catalogue entry: scenes_catalog.py MODEL_FOLDER ENTRY.json BOOK.json

File sizes and hashes, the words that it knows, and the hint. BOOK.json is what scenes_book.py has written.
"""

import hashlib
import json
import pathlib
import sys

IGNORED = (
    "a an the of on with in at or is to by for from it its this that some very one and as my his her their there into near next up "
    "down out full cute lovely beautiful nice pretty little picture drawing illustration painting scene image photo cartoon style "
    "top front while "
    # What people write of quality and manner, which is no thing.
    "masterpiece best quality high res resolution realistic photorealistic detailed highly intricate ultra hd uhd k sharp focus artstation trending octane unreal "
    "engine render rendered rendering cinematic dramatic lighting award winning professional digital art photography photograph photographic greg rutkowski"
).split()


def words_of(texts) -> list[str]:
    return list(dict.fromkeys(word for text in texts for word in text.lower().replace("-", " ").split()))


def main() -> None:
    folder, path, book = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), json.loads(pathlib.Path(sys.argv[3]).read_text())
    entry = json.loads(path.read_text())
    for file in entry["files"]:
        content = (folder / pathlib.Path(file["names"][0]).name).read_bytes()
        file["bytes"], file["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    things, places = book["things"], book["places"]
    # Prompts are read with "yo-yo" as two words; the table of near words names it as one.
    names = list(dict.fromkeys([*words_of(things), *(word for name in things for word in name.split())]))
    called = words_of(name for thing in things.values() for name in thing["called"])
    placed = words_of(text for place in places.values() for text in (*place["phrases"], *place["names"], place["noun"]))
    lights = words_of(text for kind in ("times", "weathers") for light in book[kind].values() for text in light["phrases"])
    colours = [*book["colours"], *book["colour_synonyms"], *words_of(book["grounds"]), "background", "backdrop"]
    arranging = (
        "two three four five six seven eight nine ten dozen twenty hundred hundreds many several pair couple few lots lot group flock herd bunch "
        "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen thirty forty fifty sixty seventy eighty ninety "
        "thousand thousands million millions zero no not without never "
        "riding rides sitting standing sits holding holds carrying wearing wears playing eating "
        "reading driving flying flies swimming sailing floating walking running jumping sleeping over above under below beneath "
        "underneath behind beside inside between on top"
    ).split() + list(book["sizes"])
    known = list(dict.fromkeys([*names, *placed, *lights, *colours, *arranging]))
    heads = {name.split()[-1] for thing in things.values() for name in thing["called"]}
    heads |= {text.split()[-1] for place in places.values() for text in (*place["phrases"], *place["names"], place["noun"])}
    heads |= {text.split()[-1] for light in book["times"].values() for text in light["phrases"]}
    also = [word for word in called if word not in known and word.removesuffix("s") not in known]
    entry["vocabulary"] = {
        "known": known,
        "also_known": also,
        "ignored": [word for word in dict.fromkeys(IGNORED) if word not in known],
        "things": list(things),
        "describing": [word for word in [*known, *also] if word not in heads],
    }
    count = f"{len(things)} things in {len(places)} places, at four times of day and in rain, snow and fog"
    entry["description"] = f"The small picture model that comes with the studio draws little scenes: {count}, on any CPU."
    entry["prompt_hint"] = (
        f"The built-in model knows {count}: animals, plants, food, vehicles, buildings, tools and toys, in {len(book['colours'])} "
        "colours. Say what is there and where: \"a red fox in the snow\", \"a bear holding a balloon\", \"two ducks on a lake at "
        "sunset\". A larger model, once added, draws far more."
    )
    path.write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n")
    print(f"{path.name}: {len(things)} things, {sum(map(len, entry['vocabulary'].values()))} words")


if __name__ == "__main__":
    main()
