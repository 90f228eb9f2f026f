"""What a node says of its results is not simply believed. The node is played by the tests."""
import hashlib

from bombs import png
from queue_tests import Node
from studio import equal, is_problem

SIZE = 512
VERDICT = {"decision": "allow", "policy": 1}


def attempt(lease, what):
    return f"/api/v1/node/attempts/{lease['attempt_id']}/{what}"


def hand_over(studio, node, lease, content):
    reply = studio.call("POST", attempt(lease, f"files?fence={lease['fence']}"), content,
                        {"Content-Type": "application/octet-stream", **node.headers})
    equal(reply.status, 201)
    return reply.json


def say(studio, node, lease, file, content_type="image/png", **more):
    output = {"fence": lease["fence"], "position": 0, "medium": "image", "width": SIZE, "height": SIZE, "seed": 7, "recipe": {},
              "verdict": VERDICT, "files": {"original": {"file": file, "content_type": content_type}}, **more}
    return studio.call("POST", attempt(lease, "outputs"), output, node.headers)


def test_a_node_is_believed_no_more_than_what_its_files_say(studio):
    node = Node(studio)
    made = [studio.submit(seed=7).json["id"] for _ in range(2)]
    mine = node.poll()
    other = node.poll(place="image/1")
    equal({mine["generation_id"], other["generation_id"]}, set(made))
    picture = png(size=(SIZE, SIZE))
    given = hand_over(studio, node, mine, picture)
    file = given["file"]
    equal((given["bytes"], given["sha256"]), (len(picture), hashlib.sha256(picture).hexdigest()))

    is_problem(say(studio, node, other, file), 422, "invalid_field", "files")  # handed over under another attempt
    key, size, sha256, seal = file.split(".")
    for changed in (f"{key}.{int(size) + 1}.{sha256}.{seal}", f"{key}.{size}.{'0' * 64}.{seal}", f"{key}.{size}.{sha256}",
                    f"{'0' * 32}.{size}.{sha256}.{seal}", key, "x", f"{key}.{size}.{sha256}.{'0' * 64}"):
        is_problem(say(studio, node, mine, changed), 422, "invalid_field", "files")
    is_problem(say(studio, node, mine, file, width=SIZE * 2), 422, "invalid_field", "files.original")
    is_problem(say(studio, node, mine, file, seed=8), 422, "invalid_field", "seed")
    is_problem(say(studio, node, mine, file, recipe={"notes": "x" * 900_000}), 422, "invalid_field", "recipe")
    is_problem(say(studio, node, mine, file, facts={"notes": "x" * 20_000}), 422, "invalid_field", "facts")
    page = hand_over(studio, node, mine, b"<html><script>alert(1)</script></html>")["file"]
    is_problem(say(studio, node, mine, page), 422, "invalid_field", "files.original")
    is_problem(say(studio, node, mine, file, files={
        "original": {"file": file, "content_type": "image/png"}, "thumbnail": {"file": page, "content_type": "image/webp"}}),
               422, "invalid_field", "files.thumbnail")

    equal(say(studio, node, mine, file).status, 204)
    equal(say(studio, node, mine, file).status, 204)  # said again: it is there already
    node.end(mine, outcome="succeeded", engine_ms=5)
    asset = studio.call("GET", f"/api/v1/generations/{mine['generation_id']}").json["assets"][0]
    equal((asset["bytes"], asset["seed"]), (len(picture), 7))
    node.end(other, outcome="failed", code="engine_failed", retry=False)


def test_a_server_that_was_restarted_knows_the_files_that_it_was_given(studio):
    node = Node(studio)
    studio.submit(seed=7)
    lease = node.poll()
    file = hand_over(studio, node, lease, png(size=(SIZE, SIZE)))["file"]
    studio.stop()
    studio.start()
    equal(say(studio, node, lease, file).status, 204)


NODE_TESTS = [test_a_node_is_believed_no_more_than_what_its_files_say,
              test_a_server_that_was_restarted_knows_the_files_that_it_was_given]
