"""Every text that the API takes, and the characters that none of them may have.

ENTRIES is the table: a body for each call that takes JSON, with every text that its schema knows. The test compares it
with the contract, so that a new text is in it or the test fails.
"""
import copy
import os

import yaml

from queue_tests import Node
from studio import equal, is_problem

CONTRACT = os.path.join(os.path.dirname(__file__), "..", "..", "api", "openapi.yaml")

# Of each kind that is refused everywhere, and those of one line besides.
REFUSED = ["\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x80", "\x85", "\x9f", "\ufdd0", "\uffff", "\U0001fffe"]
OF_LINES = ["\n", "\t", "\r"]
UNSEEN = ["\u200b", "\u200b\u200d\u2060\ufeff", "\u00ad \u3164", "\u202e\u2066", "\ufe0f\U000e0041"]

PICTURE = {"kind": "sdxl_image_fast", "prompt": "a red fox", "negative_prompt": "blurry", "sampler": "euler",
           "source_asset_id": "ast_0", "messages": [{"role": "user", "text": "hello"}]}
STATUS = {"note": "works", "models": ["nano"], "workers": [{"name": "image:0", "ok": True, "detail": "idle"}]}
ENTRIES = {
    "createGeneration": PICTURE,
    "createRun": {"workflow": "keep_the_best", "draft": PICTURE, "full": {"kind": "sdxl_image_high", "sampler": "euler"}},
    "approveRun": {"asset_id": "ast_0"},
    "editGeneration": {"prompt": "a fox", "negative_prompt": "blurry", "sampler": "euler"},
    "moveGeneration": {"before": "gen_0"},
    "createConversation": {"title": "Foxes", "settings": {"system": "You are a fox."}, "active_message_id": "b",
                           "messages": [{"id": "a", "parent_id": "0", "role": "user", "text": "hello"}]},
    "changeConversation": {"title": "Foxes", "active_message_id": "msg_0", "settings": {"system": "You are a fox."}},
    "sendMessage": {"text": "hello", "parent_id": "msg_0", "again": "msg_0", "continue": "msg_0"},
    "nodePoll": {"node_id": "n/image/0", "wait_ms": 0, "want": [], "running": [{"attempt_id": "att_0", "fence": 1}],
                 "card": {"memory_mb": 1, "places": [{"line": "image", "model": "nano"}]}, "status": STATUS},
    "nodeProgress": {"fence": 1, "phase": "sampling", "fraction": 0, "position": 0, "text": "a fox"},
    "nodeOutput": {"fence": 1, "position": 0, "medium": "image", "width": 1, "height": 1, "seed": 1, "recipe": {},
                   "verdict": {"decision": "allow", "policy": 1, "reason_code": "x", "sentence": "Fine."},
                   "files": {name: {"file": "a.1.b", "content_type": "image/png" if name == "original" else "image/webp"}
                             for name in ("original", "thumbnail", "poster", "hover")}},
    "nodeFinish": {"fence": 1, "outcome": "failed", "code": "internal", "detail": "It failed.", "text": "a fox"},
}


def schema_at(contract, schema):
    while "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def rule_of(contract, pattern):
    """Line, Lines, or None where the contract says nothing. What has a pattern of its own is an id, and a line."""
    lines = contract["components"]["schemas"]["Lines"]["pattern"]
    return pattern and ("Lines" if pattern == lines else "Line")


def texts_of(contract, schema, path=()):
    """(path, rule) of every text in the schema that is not one of a list of words."""
    schema = schema_at(contract, schema)
    types = schema.get("type", [])
    if "string" in types and "enum" not in schema:
        yield path, rule_of(contract, schema.get("pattern"))
    for name, one in schema.get("properties", {}).items():
        yield from texts_of(contract, one, path + (name,))
    if "items" in schema:
        yield from texts_of(contract, schema["items"], path + (0,))


def read_contract():
    with open(CONTRACT, encoding="utf-8") as file:
        return yaml.safe_load(file)


def calls_of(contract):
    """(method, path, operation) of each call of the contract."""
    for path, methods in contract["paths"].items():
        for method, call in methods.items():
            if method != "parameters":
                yield method.upper(), path, call


def calls_with_json():
    """(method, path, operation, texts) of each call of the contract that takes a JSON body."""
    contract = read_contract()
    for method, path, call in calls_of(contract):
        body = call.get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None:
            yield method, path, call, list(texts_of(contract, body["schema"]))


def with_text(body, path, text):
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    assert path[-1] in (range(len(place)) if isinstance(place, list) else place), f"ENTRIES has no {path}"
    place[path[-1]] = text
    return changed


def named(path):
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else ("." if text else "") + step
    return text


def test_no_text_has_control_characters(studio):
    generation = studio.submit().json["id"]
    seen = set()
    for method, path, operation, texts in calls_with_json():
        call, token = operation["operationId"], studio.credentials(operation["x-permission"])
        seen.add(call)
        assert call in ENTRIES, f"{call} takes JSON and is not in the table"
        for place, rule in texts:
            assert rule, f"{call}: {named(place)} has no rule for its characters: the pattern of Line or Lines"
            for bad in REFUSED + (OF_LINES if rule == "Line" else []):
                body = with_text(ENTRIES[call], place, f"fox{bad}, blue")
                reply = studio.call(method, path.replace("{id}", generation), body, token)
                try:
                    is_problem(reply, 422, "invalid_field")
                    assert reply.json["field"].endswith(named(place)[-20:]), reply.body
                    assert f"U+{ord(bad):04X} at character 4" in reply.json["detail"], reply.body
                except AssertionError as error:
                    raise AssertionError(f"{call} {named(place)} {bad!r}: {error}; {reply.body[:200]}") from error
    equal(seen, set(ENTRIES))
    equal(len(studio.call("GET", "/api/v1/generations").json["items"]), 1)


def test_lines_may_have_line_feeds_and_tabs(studio):
    equal(studio.submit(prompt="a red fox,\n\tblue").status, 202)
    equal(studio.submit(kind="chat_conversation", prompt=None, messages=[
        {"role": "system", "text": "You are\na fox."}, {"role": "user", "text": "hello\n\tfox"}]).status, 202)
    made = studio.call("POST", "/api/v1/conversations", {"settings": {"system": "You are\na fox."}}).json["conversation"]
    equal(studio.call("POST", f"/api/v1/conversations/{made['id']}/messages", {"text": "hello\n\tfox"}).status, 202)


def test_lines_end_with_line_feeds_however_they_were_sent(studio):
    for end in ("\n", "\r\n", "\r"):
        prompt = f"a red fox,{end}blue{end}"
        equal(studio.submit(prompt=prompt).json["settings"]["prompt"], "a red fox,\nblue\n")
        equal(studio.submit(kind="chat_conversation", prompt=None, messages=[{"role": "user", "text": f"hello{end}fox"}]).status, 202)
        equal(Node(studio).poll("chat_conversation", "chat/0")["messages"][0]["text"], "hello\nfox")
        is_problem(studio.submit(prompt=f"a girl{end}in a{end}bikini"), 403, "refused")
        waits = studio.submit(prompt="a blue fox").json["id"]
        studio.call("POST", f"/api/v1/generations/{waits}/pause")
        changed = studio.call("PATCH", f"/api/v1/generations/{waits}", {"prompt": prompt})
        if changed.status != 409:  # it may have begun
            equal(changed.json["settings"]["prompt"], "a red fox,\nblue\n")


def test_what_cannot_be_seen_is_empty(studio):
    for text in UNSEEN:
        is_problem(studio.submit(prompt=text), 422, "invalid_field", "prompt")
        is_problem(studio.submit(prompt="{" + text + "|" + text + "}"), 422, "invalid_field", "prompt")
        is_problem(studio.submit(kind="chat_enhance", prompt=text), 422, "invalid_field", "prompt")
        is_problem(studio.submit(kind="chat_conversation", prompt=None, messages=[{"role": "user", "text": text}]), 422,
                   "invalid_field", "messages[0].text")


def test_an_address_has_no_control_characters(studio):
    for bad in ("%00", "%01", "%7F", "%C2%85", "%FF", "%EF%BF%BF"):
        for address in (f"/api/v1/generations/gen{bad}", f"/api/v1/generations?cursor=a{bad}", f"/api/v1/assets?state={bad}"):
            is_problem(studio.call("GET", address), 400, "malformed_body")


def test_a_key_is_text(studio):
    for bad in ("\x80", "\xff", "\xc2\x85"):
        is_problem(studio.submit({"Idempotency-Key": f"key{bad}"}), 422, "invalid_field", "Idempotency-Key")


def test_a_refused_prompt_hides_behind_no_character(studio):
    for bad in REFUSED:
        is_problem(studio.submit(prompt=f"a girl in a bikini{bad}, a 40 year old woman"), 422, "invalid_field", "prompt")


TEXT_TESTS = [test_no_text_has_control_characters, test_lines_may_have_line_feeds_and_tabs,
              test_lines_end_with_line_feeds_however_they_were_sent, test_what_cannot_be_seen_is_empty,
              test_an_address_has_no_control_characters, test_a_key_is_text, test_a_refused_prompt_hides_behind_no_character]
