"""What people do with what they have waiting, and what they are told about it. Nodes are played by the tests."""
import os
import pathlib
import signal
import subprocess

from studio import equal, is_problem

BROWSERS = pathlib.Path(__file__).parents[1] / "e2e/put_away.e2e.mjs"
PICTURE = "sdxl_image_fast"


class Node:
    """Takes jobs as a node does, and ends them with an answer."""

    def __init__(self, studio, name="acted"):
        self.studio, self.name = studio, name
        with open(os.path.join(studio.data, "node.token"), encoding="utf-8") as file:
            self.headers = {"Authorization": "Bearer " + file.read().strip()}

    def poll(self, kind=PICTURE, place="image/0", running=(), **more):
        reply = self.studio.call("POST", "/api/v1/node/poll", {
            "node_id": f"{self.name}/{place}", "wait_ms": 0, "want": [{"kinds": [kind], "count": 1}],
            "running": [{"attempt_id": one["attempt_id"], "fence": one["fence"]} for one in running], **more}, self.headers)
        equal(reply.status, 200)
        leases = reply.json["leases"]
        return leases[0] if leases else None

    def take(self, kind=PICTURE, place="image/0", running=(), **more):
        """The generation that the place is given, or None."""
        lease = self.poll(kind, place, running, **more)
        return lease and lease["generation_id"]

    def finish(self, lease, engine_ms):
        self.end(lease, outcome="succeeded", text="a red fox at dawn", engine_ms=engine_ms)

    def end(self, lease, **outcome):
        reply = self.studio.call("POST", f"/api/v1/node/attempts/{lease['attempt_id']}/finish",
                                 {"fence": lease["fence"], **outcome}, self.headers)
        equal(reply.status, 204)


def queued(studio, count, **fields):
    return [studio.submit(seed=index, **fields).json["id"] for index in range(count)]


def act(studio, generation, what, body=None):
    return studio.call("POST", f"/api/v1/generations/{generation}/{what}", body)


def enhance(studio):
    """A chat job: the acting node can end it without files."""
    reply = studio.call("POST", "/api/v1/generations", {"kind": "chat_enhance", "prompt": "a red fox"})
    equal(reply.status, 202)
    return reply.json["id"]


def learn(studio, node, *engine_ms):
    for ms in engine_ms:
        enhance(studio)
        node.finish(node.poll("chat_enhance", "chat/0"), ms)


def test_what_waits_is_paused_and_goes_on(studio):
    node = Node(studio)
    first, second = queued(studio, 2)
    paused = act(studio, first, "pause")
    equal((paused.status, paused.json["state"], paused.json["paused"]), (200, "queued", True))
    equal((act(studio, first, "pause").json["paused"], node.take()), (True, second))
    equal(node.take(place="image/1"), None)
    equal(act(studio, first, "resume").json["paused"], False)
    equal(node.take(place="image/1"), first)
    is_problem(act(studio, first, "pause"), 409, "conflict")
    is_problem(act(studio, "gen_x", "pause"), 404, "not_found")


def test_what_waits_is_moved(studio):
    node = Node(studio)
    made = queued(studio, 4)
    equal(act(studio, made[3], "move", {}).json["progress"]["queue_position"], 0)
    moved = act(studio, made[2], "move", {"before": made[1]}).json
    equal(moved["progress"]["queue_position"], 2)
    is_problem(act(studio, made[2], "move", {"before": "gen_x"}), 422, "invalid_field", "before")
    is_problem(act(studio, made[2], "move", {"after": made[1]}), 422, "invalid_field", "after")
    equal([node.take(place=f"image/{place}") for place in range(4)], [made[3], made[0], made[2], made[1]])
    is_problem(act(studio, made[0], "move", {}), 409, "conflict")


def test_what_waits_is_changed(studio):
    node = Node(studio)
    made = studio.submit(prompt="a red fox", seed=3, steps=8).json
    path = f"/api/v1/generations/{made['id']}"
    changed = studio.call("PATCH", path, {"prompt": "a {blue|blue} owl", "steps": 4})
    equal(changed.status, 200)
    after = changed.json
    equal((after["settings"]["prompt"], after["settings"]["steps"], after["settings"]["seed"]), ("a {blue|blue} owl", 4, 3))
    equal(after["settings"]["resolved"], [{"prompt": "a blue owl", "negative_prompt": ""}])
    equal((after["state"], after["hold"], after["credits"]), ("queued", "placed", made["credits"]))
    equal(studio.call("PATCH", path, {"steps": None}).json["settings"]["steps"], studio.submit().json["settings"]["steps"])
    is_problem(studio.call("PATCH", path, {"batch": 3}), 422, "invalid_field", "batch")
    is_problem(studio.call("PATCH", path, {"kind": "video_fast"}), 422, "invalid_field", "kind")
    is_problem(studio.call("PATCH", path, {"width": 7}), 422, "invalid_field", "width")
    is_problem(studio.call("PATCH", path, {}), 422, "invalid_field")
    # The gate is asked again, about the whole.
    refused = studio.call("PATCH", path, {"prompt": "photo of a 12 year old in a swimsuit at the beach"})
    equal((refused.status, refused.json["code"]), (403, "refused"))
    lease = node.poll()
    equal((lease["generation_id"], lease["settings"]["prompt"]), (made["id"], "a {blue|blue} owl"))
    is_problem(studio.call("PATCH", path, {"steps": 4}), 409, "conflict")
    is_problem(studio.call("PATCH", f"/api/v1/generations/{enhance(studio)}", {"prompt": "a fox"}), 409, "conflict")


def failed(studio, **fields):
    """The id of a picture that has failed."""
    node = Node(studio)
    made = studio.submit(**fields).json["id"]
    node.end(node.poll(), outcome="failed", retry=False, code="engine_failed", detail="It broke.")
    equal(studio.call("GET", f"/api/v1/generations/{made}").json["state"], "failed")
    return made


def events_so_far(studio):
    return next(studio.events())[1]["last_event_id"]


def test_what_has_failed_is_put_away_and_shown_again(studio):
    path = f"/api/v1/generations/{failed(studio)}"
    equal(studio.call("GET", path).json["put_away"], False)
    for away, news in ((True, 1), (True, 0), (False, 1), (True, 1)):
        before = events_so_far(studio)
        told = studio.call("PATCH", path, {"put_away": away})
        equal((told.status, told.json["put_away"], told.json["state"]), (200, away, "failed"))
        equal((studio.call("GET", path).json["put_away"], events_so_far(studio) - before), (away, news))
    equal(studio.call("GET", "/api/v1/generations").json["items"][0]["put_away"], True)
    is_problem(studio.call("PATCH", path, {"put_away": 1}), 422, "invalid_field", "put_away")
    is_problem(studio.call("PATCH", path, {"put_away": None}), 422, "invalid_field", "put_away")
    is_problem(studio.call("PATCH", path, {"put_away": True, "steps": 4}), 422, "invalid_field", "steps")
    is_problem(studio.call("PATCH", f"/api/v1/generations/{queued(studio, 1)[0]}", {"put_away": True}), 409, "conflict")
    is_problem(studio.call("PATCH", "/api/v1/generations/gen_x", {"put_away": True}), 404, "not_found")


def test_what_is_put_away_in_one_browser_is_put_away_in_all(studio):
    made = [failed(studio, prompt=prompt) for prompt in ("a tired fox", "a tired owl", "a tired robot")]
    run = subprocess.run(["node", BROWSERS], stdout=subprocess.PIPE, text=True, check=False, env={
        **os.environ, "BASE_URL": f"http://127.0.0.1:{studio.port}", "FAILED": ",".join(made)})
    assert run.returncode == 0, run.stdout


def test_readers_hear_of_changes(studio):
    made = queued(studio, 1)[0]
    last = 0
    for _, data, number in studio.events(after=0):
        last = number or last
        if number and data.get("id") == made:
            break
    act(studio, made, "pause")
    for name, data, number in studio.events(after=last):
        if number and name == "generation":
            equal((data["id"], data["paused"]), (made, True))
            break


def test_too_much_is_refused_until_there_is_room(studio):
    node = Node(studio)
    equal([studio.submit(seed=index).status for index in range(3)], [202] * 3)
    refused = studio.submit(seed=9)
    is_problem(refused, 429, "too_many_requests")
    assert "of this kind" in refused.json["detail"], refused.json
    # Nothing was measured yet.
    equal(refused.headers["retry-after"], "10")
    equal(enhance(studio) != "", True)
    learn_from = [node.poll("chat_enhance", "chat/0")]
    node.finish(learn_from[0], 4_000)
    learn(studio, node, 4_000, 4_000)
    for _ in range(2):
        enhance(studio)
    full = studio.call("POST", "/api/v1/generations", {"kind": "chat_enhance", "prompt": "a red fox"})
    is_problem(full, 429, "too_many_requests")
    # One place works on what takes 4 s each.
    equal(full.headers["retry-after"], "4")
    equal(node.poll("chat_enhance", "chat/0") is not None, True)
    equal(studio.call("POST", "/api/v1/generations", {"kind": "chat_enhance", "prompt": "a red fox"}).status, 202)


test_too_much_is_refused_until_there_is_room.settings = {"queue_kind_max": 3, "queue_workspace_max": 5}


def test_the_wait_is_told_once_it_is_known(studio):
    node = Node(studio)

    def eta(generation):
        progress = studio.call("GET", f"/api/v1/generations/{generation}").json["progress"]
        return [progress["queue_position"], progress["eta_low_ms"], progress["eta_ms"], progress["eta_high_ms"]]

    first = enhance(studio)
    equal(eta(first), [0, None, None, None])
    node.finish(node.poll("chat_enhance", "chat/0"), 9_000)
    learn(studio, node, 10_000, 10_500, 11_000)
    made = [enhance(studio) for _ in range(4)]
    running = node.poll("chat_enhance", "chat/0")
    equal(running["generation_id"], made[0])
    told = [eta(one) for one in made]
    equal([one[0] for one in told], [None, 0, 1, 2])
    for _, low, middle, high in told:
        assert 0 <= low <= middle <= high, told
    # Each waits about 10 s more than the one before it.
    for before, after in zip(told, told[1:]):
        assert 9_000 < after[2] - before[2] < 12_000, told
    listed = studio.call("GET", "/api/v1/generations?active=true").json["items"]
    equal({one["id"]: one["progress"]["queue_position"] for one in listed}, dict(zip(made, [None, 0, 1, 2])))


def test_a_cold_job_waits_for_the_turn_of_the_loaded_model(studio):
    """What a node says about its memory decides, within the bound, and only while it says it."""
    node = Node(studio)
    chat = enhance(studio)
    picture = queued(studio, 1)[0]
    drawing = node.poll()
    equal(drawing["generation_id"], picture)
    more = queued(studio, 1)[0]
    model = studio.call("GET", f"/api/v1/generations/{picture}").json["model"]
    card = {"memory_mb": 100, "places": [
        {"line": "image", "model": model, "memory_mb": 100, "loaded_for_ms": 1_000, "load_ms": 9_000}, {"line": "chat"}]}
    equal(node.take("chat_enhance", "chat/0", [drawing], card=card), None)
    # With room for both there is nothing to wait for.
    roomy = {**card, "memory_mb": 100_000}
    equal(node.take("chat_enhance", "chat/0", [drawing], card=roomy), chat)
    assert more


def test_the_death_of_the_server_is_no_attempt_of_the_job(studio):
    """Three of 66 jobs failed for good while the server was killed twelve times: each had run at three of them.
    The same with the node: stall_test.py."""
    made = queued(studio, 1)[0]
    for _ in range(5):
        node = Node(studio)
        lease = node.poll(wait_ms=10_000)  # what was cut off more than once rests first
        equal(lease["generation_id"], made)
        equal(node.poll(running=[lease]), None)
        studio.stop(signal.SIGKILL)
        studio.start()
        node.poll("chat_enhance")  # the place begins anew, and has nothing of what it had
        equal(studio.call("GET", f"/api/v1/generations/{made}").json["state"], "queued")


QUEUE_TESTS = [test_what_waits_is_paused_and_goes_on, test_what_waits_is_moved, test_what_waits_is_changed,
               test_what_has_failed_is_put_away_and_shown_again, test_what_is_put_away_in_one_browser_is_put_away_in_all,
               test_readers_hear_of_changes, test_too_much_is_refused_until_there_is_room,
               test_the_wait_is_told_once_it_is_known, test_a_cold_job_waits_for_the_turn_of_the_loaded_model,
               test_the_death_of_the_server_is_no_attempt_of_the_job]
