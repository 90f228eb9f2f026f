"""Names in prompts: of word lists and LoRAs, which are the operator's files as they are now."""
import os

from studio import equal, is_problem


def word_of(studio, prompt):
    return studio.submit(prompt=prompt).json["settings"]["resolved"][0]["prompt"]


def test_own_word_lists_are_used_as_they_are_now(studio):
    folder = os.path.join(studio.data, "word-lists")
    is_problem(studio.submit(prompt="a __beast__"), 422, "invalid_field", "prompt")
    os.makedirs(os.path.join(folder, "animals"))
    for name, text in (("beast", "# mine\nhedgehog\n"), ("animals/cats", "kitty\n"), ("füchse", "Füchslein\n")):
        with open(os.path.join(folder, name + ".txt"), "w", encoding="utf-8") as file:
            file.write(text)
    os.symlink(os.path.join(folder, "animals"), os.path.join(folder, "linked"))
    for name, word in (("beast", "hedgehog"), ("animals/cats", "kitty"), ("linked/cats", "kitty"), ("füchse", "Füchslein")):
        equal(word_of(studio, f"a fox, a __{name}__"), "a fox, a " + word)
    with open(os.path.join(folder, "beast.txt"), "w", encoding="utf-16") as file:
        file.write("wizard\n")
    equal(word_of(studio, "a fox, a __beast__"), "a fox, a wizard")
    with open(os.path.join(folder, "beast.txt"), "w", encoding="latin-1") as file:
        file.write("wizard\nfüchslein\n")
    reply = studio.submit(prompt="a __beast__")
    is_problem(reply, 422, "invalid_field", "prompt")
    assert 'the word list "beast" cannot be used: line 2 is not UTF-8' in reply.json["detail"], reply.json
    os.remove(os.path.join(folder, "beast.txt"))
    is_problem(studio.submit(prompt="a __beast__"), 422, "invalid_field", "prompt")


def test_a_lora_tag_is_one_word(studio):
    for name in ("paper__cut__v1", "{a|b}", "v1.0 (final) [x]", "füchse"):
        made = studio.submit(prompt=f"fox <lora:{name}:0.8>", seed=1).json
        equal((made["settings"]["resolved"][0]["prompt"], made["warnings"][0]["at"]), ("fox ", 5))
        assert f'There is no LoRA "{name}"' in made["warnings"][0]["detail"], made["warnings"]


NAME_TESTS = [test_own_word_lists_are_used_as_they_are_now, test_a_lora_tag_is_one_word]
