"""Runs: drafts, somebody's choice, and a picture in full quality of it."""
import signal

from queue_tests import Node
from stores import rows
from studio import equal, is_problem

ALL = "/api/v1/runs"
DRAFT = {"kind": "sdxl_image_fast", "prompt": "a red fox", "seed": 7, "batch": 3, "steps": 4}
FULL = {"kind": "sdxl_image_high", "steps": 4}
REFUSED = "photo of a 12 year old in a swimsuit at the beach"


def start(studio, key=None, draft=None, full=None, **more):
    body = {"workflow": "keep_the_best", "draft": DRAFT | (draft or {}), "full": FULL | (full or {})} | more
    return studio.call("POST", ALL, body, {"Idempotency-Key": key} if key else None)


def started(studio, **more):
    reply = start(studio, **more)
    equal(reply.status, 202)
    return reply.json


def look(studio, run):
    reply = studio.call("GET", f"{ALL}/{run['id']}")
    equal(reply.status, 200)
    return reply.json


def states(run):
    return [run["state"], *(step["state"] for step in run["steps"])]


def generation(studio, run, position):
    return studio.call("GET", f"/api/v1/generations/{run['steps'][position]['generation_id']}").json


def balance(studio):
    ledger = studio.call("GET", "/api/v1/ledger").json
    return {name: ledger[name] for name in ("available", "held", "spent")}


def drawn(studio, run):
    """Waits for the drafts; answers the run, which waits for a choice, and them."""
    done = studio.until(run["steps"][0]["generation_id"], "succeeded", "failed")
    equal(done["state"], "succeeded")
    return look(studio, run), done["assets"]


def test_a_run_sets_the_credits_of_its_steps_aside(studio):
    before = balance(studio)
    run = started(studio)
    equal((run["workflow"], run["credits"], states(run)), ("keep_the_best", 4, ["running", "queued", "scheduled"]))
    equal(balance(studio)["held"] - before["held"], 4)
    equal(studio.call("GET", ALL).json["items"][0], run)
    equal(studio.call("GET", f"{ALL}?active=true").json["items"][0], run)
    for step in run["steps"]:
        equal(studio.call("GET", f"{ALL}?generation_id={step['generation_id']}").json["items"], [run])
    full = generation(studio, run, 1)
    equal((full["settings"]["prompt"], full["hold"]), ("a red fox", "placed"))
    # Nobody is given what is scheduled.
    node = Node(studio)
    equal(node.take("sdxl_image_fast"), run["steps"][0]["generation_id"])
    equal(node.take("sdxl_image_high", "image/1"), None)
    is_problem(studio.call("PATCH", f"/api/v1/generations/{full['id']}", {"steps": 4}), 409, "conflict")


def test_a_run_that_is_asked_for_twice_is_one(studio):
    run = started(studio, key="best")
    equal(started(studio, key="best")["id"], run["id"])
    is_problem(start(studio, key="best", draft={"seed": 8}), 422, "idempotency_mismatch")
    # The key of a run is none of a generation's.
    reply = studio.call("POST", "/api/v1/generations", DRAFT, {"Idempotency-Key": "best"})
    is_problem(reply, 422, "idempotency_mismatch")


def test_a_run_in_the_background_lets_other_work_go_first(studio):
    run = started(studio, priority="background", draft={"batch": 1})
    equal((run["priority"], look(studio, run)["priority"], started(studio)["priority"]), ("background", "background", "normal"))
    later = [studio.submit(seed=seed).json["id"] for seed in (1, 2)]
    node = Node(studio)
    taken = [node.poll(place=f"image/{place}") for place in range(4)]
    order = [lease["generation_id"] for lease in taken]
    equal((order[1:3], order[3]), (later, run["steps"][0]["generation_id"]))
    equal(node.poll(place="image/4"), None)
    is_problem(start(studio, priority="urgent"), 422, "invalid_field", "priority")


def test_a_run_costs_no_more_than_it_may(studio):
    before = balance(studio)
    refused = start(studio, max_credits=3)
    is_problem(refused, 422, "invalid_field", "max_credits")
    assert "4 at most: 3 for the drafts and 1 for" in refused.json["detail"], refused.json
    equal(balance(studio), before)
    run = started(studio, max_credits=4)
    equal((run["max_credits"], run["credits"]), (4, 4))
    equal(look(studio, run)["max_credits"], 4)
    equal(started(studio, draft={"batch": 1})["max_credits"], None)
    for wrong in (-1, 1.5, "4", True):
        is_problem(start(studio, max_credits=wrong), 422, "invalid_field", "max_credits")


def test_a_run_is_as_far_as_its_steps_together(studio):
    run = started(studio, draft={"batch": 1, "steps": 4}, full={"steps": 12})
    equal(run["progress"], 0)
    node = Node(studio)
    lease = node.poll("sdxl_image_fast")
    equal(lease["generation_id"], run["steps"][0]["generation_id"])
    equal(studio.call("POST", f"/api/v1/node/attempts/{lease['attempt_id']}/progress",
                      {"fence": lease["fence"], "phase": "sampling", "fraction": 0.5, "position": 0, "step": 2, "steps": 4},
                      node.headers).status, 204)
    # Half of the quarter that the draft is of all the work.
    equal(look(studio, run)["progress"], 0.125)
    equal(studio.call("GET", f"{ALL}?active=true").json["items"][0]["progress"], 0.125)


def test_a_run_that_is_canceled_costs_nothing(studio):
    before = balance(studio)
    run = started(studio)
    canceled = studio.call("POST", f"{ALL}/{run['id']}/cancel")
    equal((canceled.status, states(canceled.json)), (200, ["canceled", "canceled", "canceled"]))
    assert run["id"] not in [one["id"] for one in studio.call("GET", f"{ALL}?active=true&limit=200").json["items"]]
    equal(balance(studio), before)
    equal(states(studio.call("POST", f"{ALL}/{run['id']}/cancel").json)[0], "canceled")


def test_what_can_not_be_made_any_more_is_canceled_with_its_reason(studio):
    before = balance(studio)
    run = started(studio)
    equal(studio.call("POST", f"/api/v1/generations/{run['steps'][0]['generation_id']}/cancel").status, 200)
    equal(states(look(studio, run)), ["canceled", "canceled", "canceled"])
    full = generation(studio, run, 1)
    equal((full["hold"], full["error"]["code"]), ("voided", "canceled"))
    assert "was not made" in full["error"]["detail"], full["error"]
    equal(balance(studio), before)


WRONG = [
    ("draft.prompt", {"draft": {"prompt": " "}}), ("draft.kind", {"draft": {"kind": "video_fast", "batch": 1}}),
    ("draft.kind", {"draft": {"kind": "nope"}}), ("draft.batch", {"draft": {"batch": 5}}),
    ("full.kind", {"full": {"kind": "chat_enhance"}}), ("full.steps", {"full": {"steps": 999}}),
    ("full.prompt", {"full": {"prompt": "a cat"}}), ("full.seed", {"full": {"seed": 4}}), ("full.what", {"full": {"what": 4}}),
    ("full.width", {"full": {"width": 7, "height": 7}}),
]


def test_wrong_runs_are_refused_with_the_step(studio):
    before = balance(studio)
    for field, wrong in WRONG:
        is_problem(start(studio, **wrong), 422, "invalid_field", field)
    for body, field in (({}, "workflow"), ({"workflow": "x", "draft": DRAFT, "full": FULL}, "workflow"),
                        ({"workflow": "keep_the_best", "full": FULL}, "draft"),
                        ({"workflow": "keep_the_best", "draft": DRAFT}, "full"),
                        ({"workflow": "keep_the_best", "draft": DRAFT, "full": FULL, "more": 1}, "more")):
        is_problem(studio.call("POST", ALL, body), 422, "invalid_field", field)
    refused = start(studio, draft={"prompt": REFUSED})
    equal((refused.status, refused.json["code"]), (403, "refused"))
    equal(studio.call("GET", f"{ALL}?generation_id=gen_{'0' * 26}").json["items"], [])
    is_problem(studio.call("GET", f"{ALL}?generation_id=gen_0"), 422, "invalid_field", "generation_id")
    for method, path, body in (("GET", "", None), ("POST", "/cancel", None), ("POST", "/approve", {"asset_id": "ast_0"})):
        is_problem(studio.call(method, f"{ALL}/run_0{path}", body), 404, "not_found")
    equal(balance(studio), before)


def test_no_choice_is_taken_before_it_is_waited_for(studio):
    run = started(studio)
    is_problem(studio.call("POST", f"{ALL}/{run['id']}/approve", {"asset_id": "ast_0"}), 409, "conflict")
    is_problem(studio.call("POST", f"{ALL}/{run['id']}/approve", {}), 422, "invalid_field", "asset_id")


def test_the_draft_that_is_chosen_is_made_in_full(studio):
    before = balance(studio)
    run, drafts = drawn(studio, started(studio))
    equal(states(run), ["waiting", "succeeded", "scheduled"])
    equal(balance(studio)["held"] - before["held"], 1)
    path = f"{ALL}/{run['id']}/approve"
    is_problem(studio.call("POST", path, {"asset_id": "ast_0"}), 422, "invalid_field", "asset_id")
    stranger = studio.until(studio.submit(seed=3, steps=4).json["id"], "succeeded")["assets"][0]
    is_problem(studio.call("POST", path, {"asset_id": stranger["id"]}), 422, "invalid_field", "asset_id")
    equal(states(look(studio, run)), ["waiting", "succeeded", "scheduled"])
    chosen = next(one for one in drafts if one["position"] == 1)
    # Nobody chooses what is in the trash, and nothing that may still be chosen is deleted for good.
    equal(studio.call("POST", f"/api/v1/assets/{chosen['id']}/discard").status, 200)
    is_problem(studio.call("POST", path, {"asset_id": chosen["id"]}), 422, "invalid_field", "asset_id")
    is_problem(studio.call("DELETE", f"/api/v1/assets/{chosen['id']}"), 409, "conflict")
    studio.call("DELETE", "/api/v1/trash")
    equal(studio.call("POST", f"/api/v1/assets/{chosen['id']}/restore").status, 200)
    approved = studio.call("POST", path, {"asset_id": chosen["id"], "strength": 0.4})
    equal((approved.status, approved.json["state"]), (200, "running"))
    is_problem(studio.call("POST", path, {"asset_id": chosen["id"]}), 409, "conflict")
    # What is being made of it needs it.
    equal(studio.call("POST", f"/api/v1/assets/{chosen['id']}/discard").status, 200)
    is_problem(studio.call("DELETE", f"/api/v1/assets/{chosen['id']}"), 409, "conflict")
    done = studio.until(run["steps"][1]["generation_id"], "succeeded", "failed")
    equal(done["state"], "succeeded")
    settings = done["settings"]
    equal((settings["source_asset_id"], settings["seed"], settings["strength"]), (chosen["id"], chosen["seed"], 0.4))
    equal(states(look(studio, run)), ["succeeded", "succeeded", "succeeded"])
    equal(look(studio, run)["progress"], 1)
    spent = balance(studio)["spent"] - before["spent"]
    equal((spent, balance(studio)["held"]), (run["credits"] + 1, before["held"]))  # and the stranger


def test_a_run_that_waits_is_canceled_and_its_drafts_stay(studio):
    before = balance(studio)
    run, drafts = drawn(studio, started(studio, draft={"batch": 1}))
    canceled = studio.call("POST", f"{ALL}/{run['id']}/cancel").json
    equal(states(canceled), ["canceled", "succeeded", "canceled"])
    # Now nothing needs them any more.
    equal(studio.call("POST", f"/api/v1/assets/{drafts[0]['id']}/discard").status, 200)
    equal(studio.call("DELETE", f"/api/v1/assets/{drafts[0]['id']}").status, 200)
    after = balance(studio)
    equal((after["spent"] - before["spent"], after["held"]), (1, before["held"]))
    is_problem(studio.call("POST", f"{ALL}/{run['id']}/approve", {"asset_id": drafts[0]["id"]}), 409, "conflict")


def test_a_picture_is_enlarged_without_a_node(studio):
    """By the server itself, and judged and kept like every other picture."""
    before = balance(studio)
    small = studio.until(studio.submit(seed=5, steps=4).json["id"], "succeeded")["assets"][0]
    made = studio.call("POST", "/api/v1/generations", {"kind": "image_enlarge", "source_asset_id": small["id"]})
    equal((made.status, made.json["credits"], made.json["hold"]), (202, 1, "placed"))
    done = studio.until(made.json["id"], "succeeded", "failed")
    equal((done["state"], done["hold"], done["error"]), ("succeeded", "settled", None))
    large = done["assets"][0]
    equal((large["width"], large["height"]), (4 * small["width"], 4 * small["height"]))
    equal((done["settings"]["width"], done["settings"]["source_asset_id"]), (large["width"], small["id"]))
    equal(large["recipe"] | {"enlarged": None}, small["recipe"] | {"enlarged": None})
    equal(large["recipe"]["enlarged"], {"factor": 4, "method": "srvgg-x4"})
    equal(balance(studio)["spent"] - before["spent"], 2)
    for body, field in (({}, "source_asset_id"), ({"prompt": "a fox"}, "prompt"), ({"batch": 3}, "batch"), ({"seed": 4}, "seed"),
                        ({"source_asset_id": "ast_0"}, "source_asset_id"), ({"source_asset_id": large["id"]}, "source_asset_id")):
        body = {"kind": "image_enlarge"} | ({"source_asset_id": small["id"]} if field != "source_asset_id" else {}) | body
        is_problem(studio.call("POST", "/api/v1/generations", body), 422, "invalid_field", field)
    equal(balance(studio)["held"], before["held"])


def test_a_run_ends_with_the_picture_enlarged(studio):
    before = balance(studio)
    is_problem(start(studio, enlarge=True, max_credits=4), 422, "invalid_field", "max_credits")
    run = started(studio, enlarge=True, max_credits=5)
    equal((run["credits"], [step["name"] for step in run["steps"]]), (5, ["draft", "full", "enlarged"]))
    equal(balance(studio)["held"] - before["held"], 5)
    run, drafts = drawn(studio, run)
    equal(states(run), ["waiting", "succeeded", "scheduled", "scheduled"])
    equal(studio.call("POST", f"{ALL}/{run['id']}/approve", {"asset_id": drafts[0]["id"]}).status, 200)
    done = studio.until(run["steps"][2]["generation_id"], "succeeded", "failed", "canceled")
    full = generation(studio, run, 1)["assets"][0]
    equal((done["state"], done["settings"]["source_asset_id"]), ("succeeded", full["id"]))
    equal(done["assets"][0]["width"], 4 * full["width"])
    equal((states(look(studio, run)), look(studio, run)["progress"]), (["succeeded"] * 4, 1))
    after = balance(studio)
    equal((after["spent"] - before["spent"], after["held"]), (5, before["held"]))


def test_enlarging_is_canceled_while_it_waits_and_while_it_works(studio):
    before = balance(studio)
    run, _ = drawn(studio, started(studio, draft={"batch": 1}, enlarge=True))
    canceled = studio.call("POST", f"{ALL}/{run['id']}/cancel").json
    equal(states(canceled), ["canceled", "succeeded", "canceled", "canceled"])
    after = balance(studio)
    equal((after["spent"] - before["spent"], after["held"]), (1, before["held"]))
    before = after
    run, drafts = drawn(studio, started(studio, draft={"batch": 1}, enlarge=True))
    stream = studio.events()
    next(stream)
    equal(studio.call("POST", f"{ALL}/{run['id']}/approve", {"asset_id": drafts[0]["id"]}).status, 200)
    last = run["steps"][2]["generation_id"]
    for name, data, _ in stream:
        if name == "generation" and data["id"] == last and data["state"] == "running":
            break
    equal(studio.call("POST", f"{ALL}/{run['id']}/cancel").status, 200)
    ended = studio.until(last, "canceled", "succeeded", "failed")
    equal((ended["state"], ended["hold"], ended["assets"]), ("canceled", "voided", []))
    equal(states(look(studio, run)), ["canceled", "succeeded", "succeeded", "canceled"])
    after = balance(studio)
    equal((after["spent"] - before["spent"], after["held"]), (2, before["held"]))


def test_a_server_that_is_killed_while_it_enlarges_does_it_again(studio):
    before = balance(studio)
    small = studio.until(studio.submit(seed=6, steps=4).json["id"], "succeeded")["assets"][0]
    made = studio.call("POST", "/api/v1/generations", {"kind": "image_enlarge", "source_asset_id": small["id"]}).json["id"]
    studio.until(made, "running")
    studio.stop(signal.SIGKILL)
    studio.start()
    done = studio.until(made, "succeeded", "failed")
    equal((done["state"], len(done["assets"])), ("succeeded", 1))
    equal(balance(studio)["spent"] - before["spent"], 2)


def test_a_server_that_stops_while_it_enlarges_gives_the_job_back(studio):
    small = studio.until(studio.submit(seed=7, steps=4).json["id"], "succeeded")["assets"][0]
    made = studio.call("POST", "/api/v1/generations", {"kind": "image_enlarge", "source_asset_id": small["id"]}).json["id"]
    studio.until(made, "running")
    studio.stop()
    equal(rows(studio.data, "SELECT j.state, a.state FROM jobs j JOIN attempts a ON a.job_id = j.id WHERE j.subject_id = '" + made + "'"),
          [("queued", "released")])
    studio.start()
    equal(studio.until(made, "succeeded", "failed")["state"], "succeeded")


RUN_TESTS = [test_a_run_sets_the_credits_of_its_steps_aside, test_a_run_that_is_asked_for_twice_is_one,
             test_a_run_in_the_background_lets_other_work_go_first,
             test_a_run_costs_no_more_than_it_may, test_a_run_is_as_far_as_its_steps_together,
             test_a_run_that_is_canceled_costs_nothing, test_what_can_not_be_made_any_more_is_canceled_with_its_reason,
             test_wrong_runs_are_refused_with_the_step, test_no_choice_is_taken_before_it_is_waited_for]
RUN_TESTS_WITH_NODE = [test_the_draft_that_is_chosen_is_made_in_full, test_a_run_that_waits_is_canceled_and_its_drafts_stay,
                       test_a_picture_is_enlarged_without_a_node, test_a_run_ends_with_the_picture_enlarged,
                       test_enlarging_is_canceled_while_it_waits_and_while_it_works,
                       test_a_server_that_is_killed_while_it_enlarges_does_it_again,
                       test_a_server_that_stops_while_it_enlarges_gives_the_job_back]
