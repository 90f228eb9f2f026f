"""Every number that the API takes: below, at and above its limits, and everything that is no number. What is taken is
stored as it was sent, what is not is said with the field's name, and nothing is rounded or cut to fit."""
import json

from studio import equal, is_problem

JSON = {"Content-Type": "application/json"}
SEED_MAX = 2**63 - 1
EXACT_MAX = 2**53 - 1  # beyond, JavaScript would round a number, so answers have text

# What no field of whole numbers takes, as it stands in the body.
NEVER_WHOLE = ['"8"', '""', '"x"', "true", "[]", "{}", "8.5", "-1", "-0.5", "1e19", "-1e19", str(2**63), str(2**64), str(10**30),
               "9007199254740993.0"]
NEVER_NUMBER = ['"8"', '""', '"x"', "true", "[]", "{}", "-0.1", "-1", "1e19", str(2**64)]
NO_JSON = ["NaN", "Infinity", "-Infinity", "0x8", "08", "+8", "8.", ".5", "1e", "-"]

# field: (what stands beside it, good values, bad values); the built-in model's limits
FIELDS = {
    "batch": ("", ["1", "3", "6", "1.0", "3e0"], ["0", "2", "7"] + NEVER_WHOLE),
    "width": ('"height": 512, ', ["512", "512.0"], ["0", "-0", "1", "511", "513", "8192", "8193"] + NEVER_WHOLE),
    "height": ('"width": 512, ', ["512", "5.12e2"], ["0", "1", "511", "513", "8192", "8193"] + NEVER_WHOLE),
    "steps": ("", ["4", "40", "40.0"], ["0", "3", "41", "1000", "1001"] + NEVER_WHOLE),
    "guidance": ("", ["1", "2.5", "8"], ["0", "-0", "-0.0", "0.9", "8.1", "101"] + NEVER_NUMBER),
    "seed": ("", ["0", "-0", "7.0", "1e3", "4294967296", "112358132141", str(EXACT_MAX), str(EXACT_MAX + 1), str(SEED_MAX),
                  '"7"', f'"{EXACT_MAX + 2}"', f'"{SEED_MAX}"'],
             [f'"{2**63}"', '"007"', '"01"', '"-1"', '"1.5"', '" 7"', '"NaN"'] + [one for one in NEVER_WHOLE if one != '"8"']),
    "strength": ('"source_asset_id": "ast_00000000000000000000000000", ', [], ["1.01", "2"] + NEVER_NUMBER),
    "seconds": ("", [], ["5", "3601"] + NEVER_WHOLE),
    "fps": ("", [], ["16", "241"] + NEVER_WHOLE),
}


def send(studio, beside, field, literal, method="POST", path="/api/v1/generations"):
    start = '"kind": "sdxl_image_fast", "prompt": "a red fox", ' if method == "POST" else ""
    return studio.call(method, path, f'{{{start}{beside}"{field}": {literal}}}', JSON)


def shown(field, literal):
    """What an answer has for it."""
    value = json.loads(literal)
    if field == "seed":
        value = int(value)
        return value if value <= EXACT_MAX else str(value)
    return value


def check_refused(reply, field, literal):
    try:
        is_problem(reply, 422, "invalid_field", field)
    except AssertionError as error:
        raise AssertionError(f"{field} = {literal}: {error}; {reply.body[:300]}") from error


def test_every_number_is_taken_as_it_is_or_refused_by_name(studio):
    for field, (beside, good, bad) in FIELDS.items():
        for literal in good:
            reply = send(studio, beside, field, literal)
            equal((field, literal, reply.status), (field, literal, 202))
            made = reply.json
            value = made["batch"] if field == "batch" else made["settings"][field]
            equal((field, literal, value), (field, literal, shown(field, literal)))
            again = studio.submit(**made["settings"], batch=made["batch"])
            equal((field, literal, again.status, again.json["settings"]), (field, literal, 202, made["settings"]))
            for one in (made, again.json):
                studio.call("POST", f"/api/v1/generations/{one['id']}/cancel")
        for literal in bad:
            check_refused(send(studio, beside, field, literal), field, literal)
        for literal in NO_JSON:
            is_problem(send(studio, beside, field, literal), 400, "malformed_body")
        assert send(studio, beside, field, "1e400").status in (400, 422), field


def test_numbers_of_what_waits_are_changed_by_the_same_rules(studio):
    made = studio.submit(seed=1).json
    path = f"/api/v1/generations/{made['id']}"
    for field in ("width", "height", "steps", "guidance", "seed"):
        _, good, bad = FIELDS[field]
        for literal in bad:
            reply = send(studio, "", field, literal, "PATCH", path)
            equal((field, literal, reply.status, reply.json.get("code")), (field, literal, 422, "invalid_field"))
            # width and height are one choice, so either may be named
            assert reply.json["field"] == field or field in ("width", "height"), (field, literal, reply.json)
        for literal in good:
            reply = send(studio, "", field, literal, "PATCH", path)
            equal((field, literal, reply.status), (field, literal, 200))
            equal((field, literal, reply.json["settings"][field]), (field, literal, shown(field, literal)))
    studio.call("POST", path + "/cancel")


def test_numbers_in_addresses_are_checked(studio):
    for path, name in (("/api/v1/generations", "limit"), ("/api/v1/assets", "limit")):
        for value in ("0", "201", "-1", "", "x", "1.5", "1e2", "NaN", "Infinity", "0x10", "%201", "+1", str(2**63), str(2**64)):
            reply = studio.call("GET", f"{path}?{name}={value}")
            is_problem(reply, 422, "invalid_field", name)
        for value in ("1", "200"):
            equal(studio.call("GET", f"{path}?{name}={value}").status, 200)


def test_seeds_of_a_batch_are_seeds(studio):
    """Whatever is stored can be sent again; behind the last seed comes 0."""
    for first, second in ((4294967294, 4294967295), (EXACT_MAX - 1, EXACT_MAX), (EXACT_MAX, str(EXACT_MAX + 1)), (SEED_MAX, 0)):
        prompt = "a {red|blue|green|yellow} {fox|owl|cat|dog}"
        whole = studio.submit(prompt=prompt, seed=first, batch=6)
        equal((first, whole.status), (first, 202))
        alone = studio.submit(prompt=prompt, seed=second)
        equal((second, alone.status), (second, 202))
        equal(alone.json["settings"]["resolved"][0], whole.json["settings"]["resolved"][1])
        for one in (whole.json, alone.json):
            studio.call("POST", f"/api/v1/generations/{one['id']}/cancel")


def test_the_last_seed_draws_and_is_told_exactly(studio):
    """Through the node and the engine to the asset and its recipe, two pictures of it from 0 on."""
    made = studio.until(studio.submit(seed=str(SEED_MAX), batch=3).json["id"], "succeeded", "failed")
    equal(made["state"], "succeeded")
    assets = sorted(made["assets"], key=lambda one: one["position"])
    seeds = [str(SEED_MAX), 0, 1]
    equal([one["seed"] for one in assets], seeds)
    equal([one["recipe"]["settings"]["seed"] for one in assets], seeds)
    equal([one["recipe"]["statistics"]["layers"][0]["seed"] for one in assets], seeds)
    for one in assets:
        alone = studio.until(studio.submit(seed=one["seed"]).json["id"], "succeeded", "failed")["assets"][0]
        equal(alone["seed"], one["seed"])
        # The thumbnail has the same pixels every time; the original also says when and how it was made.
        equal(*[studio.call("GET", made["links"]["thumbnail"]).body for made in (alone, one)])


NUMBER_TESTS = [test_every_number_is_taken_as_it_is_or_refused_by_name, test_numbers_of_what_waits_are_changed_by_the_same_rules,
                test_numbers_in_addresses_are_checked, test_seeds_of_a_batch_are_seeds]
NUMBER_TESTS_WITH_NODE = [test_the_last_seed_draws_and_is_told_exactly]
