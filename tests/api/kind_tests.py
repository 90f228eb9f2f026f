"""The kinds that help with prompts. Needs a node."""
import json

from studio import equal, is_problem


def test_a_suggestion_is_in_words_that_the_painter_knows(studio):
    """It had words that the built-in model does not know, and its picture was a grey blob."""
    made = studio.submit(kind="chat_enhance", prompt="a fox in the forest", seed=3).json
    equal((made["settings"]["for_kind"], made["settings"]["for_model"]), ("sdxl_image_fast", "nano-scenes"))
    text = studio.until(made["id"], "succeeded", "failed")["text"]
    assert text.startswith("a fox in the forest ") and "background" not in text, text
    drawn = studio.submit(prompt=text, seed=3).json
    equal((drawn["hint"], drawn["warnings"]), (None, []))
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


def test_a_word_that_the_painter_does_not_know_goes_to_the_nearest_that_it_knows(studio):
    made = studio.submit(prompt="A (bungalow:1.2) at night <lora:bungalow:1>, two wizards", seed=3).json
    equal(made["replaced"], [{"word": "bungalow", "by": "house", "others": ["castle", "skyscraper", "school"]}])
    equal(made["hint"], 'For "bungalow" it draws a house: the word is not known to this model. '
          '"wizards" is not known to this model.')
    settings = made["settings"]
    equal((settings["prompt"], settings["resolved"][0]["prompt"]),
          ("A (bungalow:1.2) at night <lora:bungalow:1>, two wizards", "A house at night , two wizards"))
    assert 'no LoRA "bungalow"' in made["warnings"][1]["detail"], made["warnings"]
    assert "replaced" not in settings, settings
    again = studio.submit(**settings).json
    equal((again["settings"], again["replaced"]), (settings, made["replaced"]))
    equal(studio.submit(prompt="a house").json["replaced"], [])
    # The gate judges the word as well as what is drawn for it (a shirt), and speaks first.
    is_problem(studio.submit(prompt="photo of a 12 year old in a swim{suit|suit}"), 403, "refused")
    # A clip moves by its words; they are no things.
    clip = studio.submit(kind="video_fast", prompt="a bungalow that jumps").json
    equal((clip["settings"]["resolved"][0]["prompt"], [one["word"] for one in clip["replaced"]]), ("a house that jumps", ["bungalow"]))


def test_a_prompt_that_names_nothing_is_refused_with_prompts_that_work_and_costs_nothing(studio):
    before = studio.call("GET", "/api/v1/ledger").json["available"]
    asked = {"kind": "sdxl_image_fast", "prompt": "a wizard on a blue background"}
    for path, body, field in (("/api/v1/generations", asked, "prompt"),
                              ("/api/v1/runs", {"workflow": "keep_the_best", "draft": asked, "full": {"kind": "sdxl_image_high"}}, "draft.prompt")):
        reply = studio.call("POST", path, body)
        is_problem(reply, 422, "invalid_field", field)
        assert "names nothing that this model can draw. Nothing is charged." in reply.json["detail"], reply.json
        equal(len(reply.json["suggestions"]), 4)
    for prompt in reply.json["suggestions"]:
        equal(studio.submit(prompt=prompt).json["hint"], None)
    assert "suggestions" not in studio.submit(prompt="").json
    is_problem(studio.submit(prompt="{a fox|a wizard}", batch=6, seed=1), 422, "invalid_field", "prompt")
    for one in studio.call("GET", "/api/v1/generations?active=true").json["items"]:
        studio.call("POST", f"/api/v1/generations/{one['id']}/cancel")
    equal(studio.call("GET", "/api/v1/ledger").json["available"], before)


def test_what_a_model_of_scenes_leaves_out_is_said(studio):
    def told(**fields):
        return [(one["field"], one["detail"]) for one in studio.submit(**fields).json["warnings"]]

    equal(told(prompt="a fox, a cat, a dog, a bear and a duck"), [])
    equal(told(prompt="a fox, a cat, a dog, a bear, a duck, a car and a tree"),
          [("prompt", "That is more than fits into one scene; left out: car, tree.")])
    equal(told(prompt="20 penguins"), [("prompt", "A scene has at most 5 things.")])
    for nothing in ("no foxes", "a green light", "glass"):
        is_problem(studio.submit(prompt=nothing), 422, "invalid_field", "prompt")
    for known in ("a t-rex", "a yo-yo", "a painting", "a merry-go-round"):
        equal((known, told(prompt=known)), (known, []))
    equal(told(prompt="a \u201cfox\u201d\u2014in\u00a0the snow"), [])
    equal(told(prompt="a fox in the snow in the rain"), [])
    equal(told(prompt="a snowman in the desert in the rain"), [("prompt", "This model does not draw a desert in rain.")])
    [(field, detail)] = told(prompt="a fox", negative_prompt="snow")
    equal(field, "negative_prompt")
    assert "changes nothing" in detail, detail


KIND_TESTS = [test_what_a_model_of_scenes_leaves_out_is_said,
              test_a_word_that_the_painter_does_not_know_goes_to_the_nearest_that_it_knows,
              test_a_prompt_that_names_nothing_is_refused_with_prompts_that_work_and_costs_nothing]
KIND_TESTS_WITH_NODE = [test_a_suggestion_is_in_words_that_the_painter_knows,
                        test_scenes_are_kinds_of_their_own_and_purposes_are_still_understood]
