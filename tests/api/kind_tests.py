"""The kinds that help with prompts. Needs a node."""
import json

from studio import equal


def test_a_suggestion_is_in_words_that_the_painter_knows(studio):
    """It had words that the built-in model does not know, and its picture was a grey blob."""
    made = studio.submit(kind="chat_enhance", prompt="a fox in the forest", seed=3).json
    equal((made["settings"]["for_kind"], made["settings"]["for_model"]), ("sdxl_image_fast", "nano"))
    text = studio.until(made["id"], "succeeded", "failed")["text"]
    assert text.startswith("a fox in the forest ") and text.endswith(" background"), text
    drawn = studio.submit(prompt=text, seed=3).json
    equal((drawn["hint"], drawn["warnings"]), ('"forest" is not known to this model.', []))
    equal(studio.until(drawn["id"], "succeeded", "failed")["state"], "succeeded")


def test_scenes_are_kinds_of_their_own_and_purposes_are_still_understood(studio):
    said = [{"role": "user", "text": "The old lighthouse stands on a cliff."}]
    story = "A fox wakes. It meets an owl."
    for new, old in (({"kind": "chat_scene", "prompt": None, "messages": said}, {"purpose": "scene", "prompt": None, "messages": said}),
                     ({"kind": "chat_scenes", "prompt": story}, {"purpose": "scenes", "prompt": story}),
                     ({"kind": "chat_enhance", "prompt": story}, {"purpose": "prompt", "prompt": story})):
        made = [studio.submit(**{"kind": "chat_enhance", "seed": 3, **fields}).json for fields in (new, old)]
        equal([(one["kind"], one["medium"], one["credits"], "purpose" in one["settings"]) for one in made],
              [(new["kind"], "chat", 0, False)] * 2)
        texts = [studio.until(one["id"], "succeeded", "failed")["text"] for one in made]
        assert texts[0], made
        equal(texts[1], texts[0])
        if new["kind"] == "chat_scenes":
            equal(len(json.loads(texts[0])["scenes"]), 2)


KIND_TESTS_WITH_NODE = [test_a_suggestion_is_in_words_that_the_painter_knows,
                        test_scenes_are_kinds_of_their_own_and_purposes_are_still_understood]
