"""Conversations: a tree on the server, of which a turn sends only what is new."""
import json

from queue_tests import Node
from studio import equal, is_problem

ALL = "/api/v1/conversations"
KIND = "chat_conversation"
REFUSED = "photo of a 12 year old in a swimsuit at the beach"


def talk(studio, body=None, headers=None):
    reply = studio.call("POST", ALL, body or {}, headers)
    equal(reply.status, 201)
    return reply.json["conversation"]["id"]


def whole(studio, conversation):
    reply = studio.call("GET", f"{ALL}/{conversation}")
    equal(reply.status, 200)
    return reply.json


def send(studio, conversation, key=None, **body):
    return studio.call("POST", f"{ALL}/{conversation}/messages", body, {"Idempotency-Key": key} if key else None)


def sent(studio, conversation, key=None, **body):
    reply = send(studio, conversation, key, **body)
    equal(reply.status, 202)
    return reply.json["messages"][-1]


class Answerer(Node):
    """A node that answers as it is told, and says what it was sent."""

    def answer(self, text, cut=False, **ending):
        lease = self.poll(KIND, "chat/0")
        body = {"fence": lease["fence"], "outcome": "succeeded", "text": text, "cut": cut, "engine_ms": 5} | ending
        equal(self.studio.call("POST", f"/api/v1/node/attempts/{lease['attempt_id']}/finish", body, self.headers).status, 204)
        return [(one["role"], one["text"]) for one in lease["messages"] if one["role"] != "system"]


WRONG_TURNS = [
    ("text", {}), ("text", {"text": " "}), ("text", {"text": "x" * 4097}), ("text", {"text": "Hi", "again": "msg_0"}),
    ("again", {"again": "msg_0"}), ("continue", {"continue": "msg_0"}), ("parent_id", {"text": "Hi", "parent_id": "msg_0"}),
    ("parent_id", {"parent_id": "msg_0", "again": "msg_0"}), ("txt", {"txt": "Hi"}),
]


def test_wrong_turns_are_named(studio):
    one = talk(studio)
    for field, body in WRONG_TURNS:
        is_problem(send(studio, one, **body), 422, "invalid_field", field)
    is_problem(send(studio, "cnv_0", text="Hi"), 404, "not_found")
    equal(whole(studio, one)["messages"], [])


def test_a_model_is_sent_the_branch(studio):
    node, one = Answerer(studio), talk(studio)
    first = sent(studio, one, text="Hello")
    equal(node.answer("Hi."), [("user", "Hello")])
    second = sent(studio, one, text="Who are you?", parent_id=first["id"])
    equal(node.answer("A fox."), [("user", "Hello"), ("assistant", "Hi."), ("user", "Who are you?")])
    equal(sent(studio, one, again=second["id"])["parent_id"], second["parent_id"])
    equal(node.answer("An owl.")[-1], ("user", "Who are you?"))
    sent(studio, one, text="What are you?", parent_id=first["id"])
    equal(node.answer("A robot.")[1:], [("assistant", "Hi."), ("user", "What are you?")])
    now = whole(studio, one)
    equal([one["text"] for one in now["messages"]],
          ["Hello", "Hi.", "Who are you?", "A fox.", "An owl.", "What are you?", "A robot."])
    equal(now["conversation"]["active_message_id"], now["messages"][-1]["id"])
    chosen = studio.call("PATCH", f"{ALL}/{one}", {"active_message_id": now["messages"][2]["id"]})
    equal((chosen.status, chosen.json["active_message_id"]), (200, now["messages"][4]["id"]))


def test_what_was_refused_or_has_failed_spoils_nothing(studio):
    node, one = Answerer(studio), talk(studio)
    first = sent(studio, one, text="Hello")
    node.answer("Hi.")
    is_problem(send(studio, one, text=REFUSED, parent_id=first["id"]), 403, "refused")
    equal(len(whole(studio, one)["messages"]), 2)
    broken = sent(studio, one, text="Tell me more.", parent_id=first["id"])
    node.answer("Half", outcome="failed", retry=False, code="refused", detail="That may not be said.")
    failed = whole(studio, one)["messages"][-1]
    equal((failed["id"], failed["state"], failed["error"]["detail"]), (broken["id"], "failed", "That may not be said."))
    sent(studio, one, text="And now?", parent_id=broken["id"])
    equal(node.answer("Now."), [("user", "Hello"), ("assistant", "Hi."), ("user", "And now?")])


def test_what_is_refused_of_long_ago_is_left_out(studio):
    """It was kept elsewhere and never judged here."""
    node = Answerer(studio)
    one = talk(studio, {"messages": [{"id": "1", "role": "user", "text": REFUSED},
                                     {"id": "2", "parent_id": "1", "role": "assistant", "text": "No."}]})
    last = whole(studio, one)["conversation"]["active_message_id"]
    sent(studio, one, text="Hello", parent_id=last)
    equal(node.answer("Hi."), [("user", "Hello")])


def test_a_turn_that_comes_twice_is_one(studio):
    one, other = talk(studio), talk(studio)
    first = send(studio, one, "key", text="Hello").json
    equal([one["id"] for one in send(studio, one, "key", text="Hello").json["messages"]],
          [one["id"] for one in first["messages"]])
    equal(len(whole(studio, one)["messages"]), 2)
    is_problem(send(studio, one, "key", text="Hello!"), 422, "idempotency_mismatch")
    is_problem(send(studio, other, "key", text="Hello"), 422, "idempotency_mismatch")
    is_problem(send(studio, one, text="And?", parent_id=first["messages"][1]["id"]), 409, "conflict")


def test_a_cut_answer_goes_on(studio):
    node, one = Answerer(studio), talk(studio)
    answer = sent(studio, one, text="A story")
    is_problem(send(studio, one, **{"continue": answer["id"]}), 409, "conflict")
    node.answer("Once upon", cut=True)
    equal([one["cut"] for one in whole(studio, one)["messages"]], [False, True])
    equal(sent(studio, one, **{"continue": answer["id"]})["text"], "Once upon")
    equal(node.answer("Once upon a time."), [("user", "A story"), ("assistant", "Once upon")])
    equal([(one["text"], one["cut"]) for one in whole(studio, one)["messages"]][1:], [("Once upon a time.", False)])
    is_problem(send(studio, one, **{"continue": answer["id"]}), 409, "conflict")


def test_a_stopped_answer_is_shown_as_such(studio):
    one = talk(studio)
    answer = sent(studio, one, text="Hello")
    studio.call("POST", f"/api/v1/generations/{answer['generation_id']}/cancel")
    equal([one["state"] for one in whole(studio, one)["messages"]], ["done", "stopped"])


def test_a_removed_conversation_is_gone_and_its_words_too(studio):
    node, one = Answerer(studio), talk(studio)
    answer = sent(studio, one, text="Hello secret fox")
    node.answer("A secret.")
    following = sent(studio, one, text="And?", parent_id=answer["id"])
    stream = studio.events()
    next(stream)
    equal(studio.call("DELETE", f"{ALL}/{one}").status, 204)
    for name, data, _ in stream:
        if name == "gone":
            equal(data, {"name": "conversation", "id": one})
            break
    is_problem(studio.call("GET", f"{ALL}/{one}"), 404, "not_found")
    is_problem(studio.call("DELETE", f"{ALL}/{one}"), 404, "not_found")
    equal(studio.call("GET", f"/api/v1/generations/{following['generation_id']}").json["state"], "canceled")
    assert "secret" not in json.dumps(studio.call("GET", "/api/v1/generations").json)


def test_a_second_device_hears_of_every_turn(studio):
    stream = studio.events()
    next(stream)
    one = talk(studio)
    answer = sent(studio, one, text="Hello")
    seen = []
    for name, data, number in stream:
        if name == "conversation":
            assert number is not None
            seen.append((data["id"], data["active_message_id"], data["title"]))
        if len(seen) == 2:
            break
    equal(seen[-1], (one, answer["id"], "Hello"))


def test_conversations_are_listed_renamed_and_made_once(studio):
    first = talk(studio, {"title": "Foxes"}, {"Idempotency-Key": "key"})
    second = talk(studio)
    equal(talk(studio, {"title": "Foxes"}, {"Idempotency-Key": "key"}), first)
    is_problem(studio.call("POST", ALL, {"title": "Owls"}, {"Idempotency-Key": "key"}), 422, "idempotency_mismatch")
    equal(studio.call("PATCH", f"{ALL}/{first}", {"title": "Red foxes"}).json["title"], "Red foxes")
    page = studio.call("GET", f"{ALL}?limit=1").json
    equal([one["title"] for one in page["items"]], ["Red foxes"])
    rest = studio.call("GET", f"{ALL}?cursor={page['next_cursor']}").json
    equal(([one["id"] for one in rest["items"]], rest["next_cursor"]), ([second], None))
    for body in ({}, {"title": " "}, {"active_message_id": "msg_0"}):
        is_problem(studio.call("PATCH", f"{ALL}/{first}", body), 422, "invalid_field")


def test_what_is_sent_is_within_what_is_judged(studio):
    """200 messages of 4,096 bytes were taken and then held."""
    long = [{"role": "user", "text": "fox " * 1024}] * 200
    is_problem(studio.submit(kind=KIND, prompt=None, messages=long), 422, "invalid_field", "messages")
    rules = [{"role": "system", "text": "You are a fox."}] * 33
    is_problem(studio.submit(kind=KIND, prompt=None, messages=rules + long[:1]), 422, "invalid_field", "messages")
    equal(studio.submit(kind=KIND, prompt=None, messages=long[:64]).status, 202)
    brought = []
    for number in range(0, 400, 2):
        brought += [{"id": str(number), "parent_id": str(number - 1) if number else None, "role": "user", "text": "fox " * 1024},
                    {"id": str(number + 1), "parent_id": str(number), "role": "assistant", "text": "owl " * 1024}]
    one = talk(studio, {"messages": brought})
    last = whole(studio, one)["conversation"]["active_message_id"]
    sent(studio, one, text="Hello", parent_id=last)
    told = Answerer(studio).poll(KIND, "chat/0")["messages"]
    assert len(told) <= 200 and sum(len(one["text"]) for one in told) <= 262_144, len(told)


def test_an_answer_at_the_models_limit_goes_on(studio):
    """Through the node and the engine: what is added stands behind what there was."""
    one = talk(studio)
    answer = sent(studio, one, text="Write a long story about a fox, an owl and a lighthouse, with many chapters.")
    ended = studio.until(answer["generation_id"], "succeeded", "failed")
    equal(ended["state"], "succeeded")
    before = whole(studio, one)["messages"][1]
    equal((before["text"], before["cut"]), (ended["text"], ended["cut"]))
    if not before["cut"]:
        is_problem(send(studio, one, **{"continue": answer["id"]}), 409, "conflict")
        return
    more = sent(studio, one, **{"continue": answer["id"]})
    equal(studio.until(more["generation_id"], "succeeded", "failed")["state"], "succeeded")
    after = whole(studio, one)["messages"][1]["text"]
    assert after.startswith(before["text"]) and len(after) > len(before["text"]), (before["text"][-80:], after[-80:])


def test_a_stopped_answer_keeps_its_words(studio):
    one = talk(studio)
    answer = sent(studio, one, text="Write a very long story about a fox, an owl and a lighthouse, with many chapters.")
    for name, data, _ in studio.events():
        if name == "text" and data["generation_id"] == answer["generation_id"]:
            break
    studio.call("POST", f"/api/v1/generations/{answer['generation_id']}/cancel")
    equal(studio.until(answer["generation_id"], "canceled", "succeeded", "failed")["state"], "canceled")
    stopped = whole(studio, one)["messages"][1]
    assert stopped["state"] == "stopped" and stopped["text"].startswith(data["text"]), (stopped, data)
    more = sent(studio, one, **{"continue": answer["id"]})
    studio.until(more["generation_id"], "succeeded")
    after = whole(studio, one)["messages"][1]
    assert after["text"].startswith(stopped["text"]) and len(after["text"]) > len(stopped["text"]), (after, stopped)


def test_what_cannot_fit_into_the_models_context_is_refused_at_once(studio):
    """It was queued, and failed with the node. The model has no word for these letters, and takes each for four."""
    cuneiform, story = "\U00012000" * 1024, "a red fox " * 400
    said = {"kind": KIND, "messages": [{"role": "user", "text": "Hi"}, {"role": "assistant", "text": "Hello."}]}
    refused = studio.call("POST", "/api/v1/generations", {**said, "messages": [*said["messages"], {"role": "user", "text": cuneiform}]})
    is_problem(refused, 422, "invalid_field", "messages[2].text")
    assert "longer than the model's context" in refused.json["detail"], refused.json
    is_problem(send(studio, talk(studio), text=cuneiform), 422, "invalid_field", "text")
    for text in (story, cuneiform[:800]):
        equal(sent(studio, talk(studio), text=text)["state"], "writing")


CHAT_TESTS = [test_wrong_turns_are_named, test_a_model_is_sent_the_branch, test_what_was_refused_or_has_failed_spoils_nothing,
              test_what_is_refused_of_long_ago_is_left_out, test_a_turn_that_comes_twice_is_one, test_a_cut_answer_goes_on,
              test_a_stopped_answer_is_shown_as_such, test_a_removed_conversation_is_gone_and_its_words_too,
              test_a_second_device_hears_of_every_turn, test_conversations_are_listed_renamed_and_made_once,
              test_what_is_sent_is_within_what_is_judged, test_what_cannot_fit_into_the_models_context_is_refused_at_once]
CHAT_TESTS_WITH_NODE = [test_an_answer_at_the_models_limit_goes_on, test_a_stopped_answer_keeps_its_words]
