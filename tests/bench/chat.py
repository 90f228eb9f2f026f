#!/usr/bin/env python3
"""What the built-in chat model is good for: 30 fixed cases in four kinds, each judged by rules that are written beside
it. Prints the share that is usable; --show prints every answer, for a person to judge the judge."""
import argparse
import json
import sys

from bench_kit import report, studio

WAIT_S = 300
REPEATED_WORDS = 4

PIXEL = "You are Pixel, a small blue robot. You like the stars."
MARLOW = "You are Marlow, an old lighthouse keeper. You love the sea."
FERN = "You are Fern, a red fox. You live in a quiet forest."
# system words, what is said, words of which the answer has to have one
PERSONA = [
    (PIXEL, "Who are you?", ["pixel"]),
    (PIXEL, "What do you look like?", ["blue", "small", "robot"]),
    (PIXEL, "What do you like to look at when it is dark?", ["star", "sky", "moon", "light"]),
    (MARLOW, "What is your name?", ["marlow"]),
    (MARLOW, "What is your work?", ["lighthouse", "keeper", "lamp", "ships", "sea"]),
    (MARLOW, "What do you love?", ["sea", "ocean", "lighthouse"]),
    (FERN, "What kind of animal are you?", ["fox"]),
    (FERN, "Where do you live?", ["forest", "wood"]),
]
ENHANCE = ["a red fox in the snow", "a lighthouse at night", "a bowl of soup", "a rocket above the clouds",
           "two owls on a branch", "an old bicycle by a wall", "a castle made of ice", "a market in the rain"]
# a conversation (user and assistant in turn), words that the scene has to have
SCENE = [
    (["Let's go to the old lighthouse on the cliff."], ["old lighthouse on the cliff"]),
    (["Hello!", "Hello, how can I help you?", "I see a red fox under a tree."], ["red fox under a tree"]),
    (["Tell me about the harbour.", "The fishing boats rest in the quiet harbour. What would you like to know?",
      "Thank you."], ["boats rest in the quiet harbour"]),
    (["We enter a cave full of crystals.", "Yes, I like it here."], ["cave full of crystals"]),
    (["A robot builds a snowman in the garden.", "That sounds nice.", "Then it dances around the snowman."],
     ["robot dances around the snowman"]),
    (["Where is the owl?", "The owl sits on the roof of the barn.", "Okay, I think so too."],
     ["owl sits on the roof of the barn"]),
]
# a story, and for each scene words that its prompt has to have
SCENES = [
    ("A red fox wakes in the snow. It meets a friendly owl. They walk home together.",
     [["fox wakes"], ["fox meets"], ["walk home"]]),
    ("A robot finds a seed. It waters the seed every day. A tall sunflower grows.",
     [["robot finds a seed"], ["robot waters"], ["sunflower grows"]]),
    ("The old boat leaves the harbour. A storm comes up. The lighthouse shows the way.",
     [["boat leaves"], ["storm"], ["lighthouse"]]),
    ("A penguin dreams of flying. One day, a balloon lands on the ice.", [["penguin dreams"], ["balloon lands"]]),
    ("Mia the otter finds a golden shell. She shows it to the crab.", [["otter finds"], ["mia the otter shows"]]),
    ("A snail enters a race. The hare sleeps under a tree. The snail wins. All animals cheer.",
     [["snail enters"], ["hare sleeps"], ["snail wins"], ["animals cheer"]]),
    ("A train crosses the bridge at night. It stops in a small town.", [["train crosses"], ["train stops"]]),
    ("The moon falls into a pond. A frog finds it. The frog throws it back. The night is bright again. "
     "All frogs sing. The moon smiles. Nobody sleeps.",
     [["moon falls", "frog finds the moon"], ["frog throws"], ["night is bright"], ["frogs sing"], ["moon smiles"],
      ["nobody sleeps"]]),
]


def repeats(text):
    """Whether the same four words come three times."""
    words = text.lower().split()
    runs = [tuple(words[i:i + REPEATED_WORDS]) for i in range(len(words) - REPEATED_WORDS + 1)]
    return any(runs.count(run) >= 3 for run in set(runs))


def judge_persona(case, text):
    lower = text.lower()
    if not any(word in lower for word in case[2]):
        return f"has none of {case[2]}"
    if "smollm" in lower or "language model" in lower:
        return "falls out of its role"
    return "repeats itself" if repeats(text) else ""


def judge_details(text, head):
    if not text.lower().startswith(head.lower()):
        return "has lost the user's words"
    details = text[len(head):]
    if " light" not in details or " mood" not in details:
        return "adds neither light nor mood"
    return "is cut short" if not details.rstrip().endswith("mood") else ""


def judge_enhance(case, text):
    return judge_details(text, case)


def judge_scene(case, text):
    missing = [words for words in case[1] if words not in text.lower()]
    if missing:
        return f"lacks {missing}"
    return "" if text.rstrip().endswith("mood") else "is cut short"


def judge_scenes(case, text):
    try:
        scenes = json.loads(text)["scenes"]
    except (ValueError, KeyError):
        return "is not the JSON that was asked for"
    if len(scenes) != len(case[1]):
        return f"has {len(scenes)} scenes, not {len(case[1])}"
    for scene, wanted in zip(scenes, case[1]):
        missing = [words for words in wanted if words not in scene["prompt"].lower()]
        if missing:
            return f"{scene['prompt']!r} lacks {missing}"
    titles = [scene["title"].lower() for scene in scenes]
    if len(set(titles)) < len(titles):
        return f"gives one title twice: {titles}"
    strange = [title for title in titles if not set(title.split()) & set(case[0].lower().replace(".", "").split())]
    if strange:
        return f"has titles that are not about the story: {strange}"
    return ""


def talk(turns):
    return [{"role": "user" if i % 2 == 0 else "assistant", "text": text} for i, text in enumerate(turns)]


KINDS = [
    ("conversation in a persona", PERSONA, judge_persona,
     lambda case: {"kind": "chat_conversation",
                   "messages": [{"role": "system", "text": case[0]}, {"role": "user", "text": case[1]}]}),
    ("prompt with more detail", ENHANCE, judge_enhance, lambda case: {"kind": "chat_enhance", "prompt": case}),
    ("conversation → picture prompt", SCENE, judge_scene,
     lambda case: {"kind": "chat_scene", "messages": talk(case[0])}),
    ("story → scenes", SCENES, judge_scenes,
     lambda case: {"kind": "chat_scenes", "prompt": case[0]}),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print every answer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows, usable, cases = [], 0, 0
    with studio.Studio() as server:
        for name, list_of_cases, judge, request in KINDS:
            good = 0
            for case in list_of_cases:
                accepted = server.submit(**request(case), seed=options.seed)
                ended = server.wait_for_state(accepted.body["id"], "succeeded", "failed")
                text = ended.data["text"] or ""
                fault = judge(case, text) if ended.data["state"] == "succeeded" else str(ended.data["error"])
                good += not fault
                if options.show or fault:
                    print(f"{'NOT USABLE: ' + fault if fault else 'usable'}\n  {case}\n  -> {text}\n")
            rows.append((name, f"{good} of {len(list_of_cases)}"))
            usable, cases = usable + good, cases + len(list_of_cases)
    rows.append(("usable", f"{usable} of {cases} ({100 * usable / cases:.0f} %)"))
    report.table("chat, default model", rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
