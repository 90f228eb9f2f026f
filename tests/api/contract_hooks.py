"""For contract_test.py, inside schemathesis: what an event stream has to hold, and polls that do not wait."""
import json
import os

import jsonschema_rs
import schemathesis
import yaml

STREAM = "text/event-stream"
CONTRACT = yaml.safe_load(open(os.environ["OURVIDZ_CONTRACT"], encoding="utf-8"))
SUBJECTS = {"generation": "Generation", "asset": "Asset", "conversation": "Conversation", "run": "Run", "progress": "Progress"}


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """A poll may wait for news as long as it asks to; here nobody has the time."""
    body = case.body
    if case.operation.label.endswith("/node/poll") and isinstance(body, dict):
        wait_ms = body.get("wait_ms")
        if isinstance(wait_ms, (int, float)) and not isinstance(wait_ms, bool) and 0 < wait_ms <= 20_000:
            body["wait_ms"] = 0


def events_of(text):
    for block in text.split("\n\n"):
        fields = [line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":")]
        data = "\n".join(value for name, value in fields if name == "data")
        if data:
            yield dict(fields).get("event", "message"), json.loads(data), dict(fields).get("id")


@schemathesis.check
def event_stream_conformance(_context, response, _case):
    """The events are those of the table in the contract, with the data and the numbers that it says."""
    if not response.headers.get("content-type", [""])[0].startswith(STREAM):
        return
    seen = list(events_of(response.content.decode()))
    assert seen and seen[0][0] == "hello" and isinstance(seen[0][1]["last_event_id"], int), f"no greeting: {seen}"
    for name, data, number in seen:
        assert name in {"hello", "text", "reset", "gone", *SUBJECTS}, f"an event of no known name: {name}"
        assert (number is not None) == (name in ("generation", "asset", "conversation", "run", "gone")), f"{name} has the id {number}"
        if name in SUBJECTS:
            schema = {"$ref": f"#/components/schemas/{SUBJECTS[name]}", "components": CONTRACT["components"]}
            jsonschema_rs.validate(schema, data)
