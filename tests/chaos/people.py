"""Those who use a studio under chaos: they submit, cancel, keep, follow, and try again until they are answered."""
import hashlib
import http.client
import json
import random
import threading
import time

# One in five is a whole scene, of several layers; the others are one thing, so that what is tried is the studio and not the enlarging.
PROMPTS = ["a red fox on a white background", "a blue robot on a yellow background", "a green house on a gray background",
           "a penguin on a pink background", "a dog and a cat in the snow"]
OUTSTANDING_MAX = 64  # submitters wait while so many are not over
PATIENCE_S = 180
RUNS = 0.06  # of what is submitted, so much are runs
ENLARGED = 0.12  # of those, so much end with an enlarged picture: the server itself works for seconds at each


class Api:
    """Calls any of the servers, again and again until there is an answer, as a good client does."""

    def __init__(self, ports, dice, ended):
        self.ports, self.dice, self.ended = ports, dice, ended

    def call(self, method, path, body=None, headers=None, timeout=10):
        connection = http.client.HTTPConnection("127.0.0.1", self.dice.choice(self.ports), timeout=timeout)
        try:
            payload = json.dumps(body) if body is not None else None
            connection.request(method, path, payload, {"Content-Type": "application/json", **(headers or {})})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def persist(self, method, path, body=None, headers=None):
        """(status, bytes) of the first answer that is not "later, please"."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                status, reply = self.call(method, path, body, headers)
                if status < 500 and status != 429:
                    return status, reply
                reason = status
            except (OSError, http.client.HTTPException) as failure:
                reason = failure
            if time.monotonic() > end or self.ended.is_set():
                raise TimeoutError(f"no answer to {method} {path} for {PATIENCE_S} s: {reason}")
            time.sleep(self.dice.uniform(0.02, 0.1))

    def json(self, *arguments, **options):
        status, reply = self.persist(*arguments, **options)
        return status, json.loads(reply or b"{}")


class Book:
    """What people were promised; compared with the truth at the end."""

    def __init__(self):
        self.lock = threading.Lock()
        self.accepted = {}   # idempotency key -> generation id
        self.canceled = set()
        self.kept = set()    # assets that the server said it keeps
        self.over = set()    # generations that somebody was told are over
        self.runs = {}       # those that may still wait for a choice -> their steps: the drafts first
        self.faults = {}     # what went wrong -> how often
        self.answered = threading.Event()  # set at every acceptance, for the killer that waits for one

    def note(self, fault):
        with self.lock:
            self.faults[fault] = self.faults.get(fault, 0) + 1


def request_for(index, dice):
    """Most jobs are small pictures; the rest are batches, slower pictures and talks."""
    roll = dice.random()
    if roll < 0.10:
        return {"kind": "chat_conversation", "seed": index,
                "messages": [{"role": "user", "text": "Say one short sentence about a lighthouse."}]}
    body = {"kind": "sdxl_image_fast", "prompt": PROMPTS[index % len(PROMPTS)], "steps": 4, "seed": index}
    if roll < 0.16:
        body["batch"] = 3
    elif roll < 0.18:
        body |= {"kind": "sdxl_image_high", "steps": 8}
    return body


def run_for(index, dice):
    """Drafts, of which one is chosen later, and perhaps enlarged."""
    return {"workflow": "keep_the_best", "full": {"kind": "sdxl_image_high", "steps": 4}, "enlarge": dice.random() < ENLARGED,
            "draft": {"kind": "sdxl_image_fast", "prompt": PROMPTS[index % len(PROMPTS)], "steps": 4, "seed": index,
                      "batch": 3 if dice.random() < 0.3 else 1}}


class Submitter(threading.Thread):
    """Takes numbers from `indices` and submits each; now and then the same once more, or cancels it."""

    def __init__(self, api, book, indices, seed):
        super().__init__(daemon=True)
        self.api, self.book, self.indices, self.seed = api, book, indices, seed
        self.failure = None

    def run(self):
        try:
            for index in self.indices:
                self.submit(index)
        except TimeoutError as failure:
            self.failure = str(failure)

    def submit(self, index):
        dice = random.Random(f"{self.seed}-{index}")
        while len(self.book.accepted) - len(self.book.over) >= OUTSTANDING_MAX and not self.api.ended.is_set():
            time.sleep(0.05)
        key = f"chaos-{index}"
        if dice.random() < RUNS:
            self.submit_run(key, run_for(index, dice), dice)
            return
        body = request_for(index, dice)
        status, reply = self.api.json("POST", "/api/v1/generations", body, {"Idempotency-Key": key})
        if status != 202:
            self.book.note(f"refused with {status}: {reply.get('detail')}")
            return
        with self.book.lock:
            self.book.accepted[key] = reply["id"]
        self.book.answered.set()
        if dice.random() < 0.05:
            status, again = self.api.json("POST", "/api/v1/generations", body, {"Idempotency-Key": key})
            if (status, again.get("id")) != (202, reply["id"]):
                self.book.note("the same key made something else")
            status, _ = self.api.json("POST", "/api/v1/generations", {**body, "seed": index + 1}, {"Idempotency-Key": key})
            if status != 422:
                self.book.note("a key was taken for another request")
        if dice.random() < 0.03:
            self.book.canceled.add(reply["id"])
            self.api.persist("POST", f"/api/v1/generations/{reply['id']}/cancel")


    def submit_run(self, key, body, dice):
        status, run = self.api.json("POST", "/api/v1/runs", body, {"Idempotency-Key": key})
        if status != 202:
            self.book.note(f"a run refused with {status}: {run.get('detail')}")
            return
        steps = [step["generation_id"] for step in run["steps"]]
        with self.book.lock:
            for at, step in enumerate(steps):
                self.book.accepted[f"{key}-{at}"] = step
            self.book.runs[run["id"]] = steps
        self.book.answered.set()
        if dice.random() < 0.05:
            status, again = self.api.json("POST", "/api/v1/runs", body, {"Idempotency-Key": key})
            if (status, again.get("id")) != (202, run["id"]):
                self.book.note("the same key made another run")
        if dice.random() < 0.1:
            self.book.canceled.update(steps)
            self.api.persist("POST", f"/api/v1/runs/{run['id']}/cancel")


class Chooser(threading.Thread):
    """Decides on each run when its drafts are done: one of them, or none. Asks again where no answer came, and may then
    hear that it has been decided."""

    def __init__(self, api, book, dice):
        super().__init__(daemon=True)
        self.api, self.book, self.dice = api, book, dice
        self.failure = None

    def run(self):
        try:
            while not self.api.ended.is_set():
                with self.book.lock:
                    due = [run for run, (draft, *_) in self.book.runs.items() if draft in self.book.over]
                for run in due:
                    self.decide(run)
                time.sleep(0.05)
        except TimeoutError as failure:
            self.failure = str(failure)

    def decide(self, run):
        draft, *later = self.book.runs[run]
        _, now = self.api.json("GET", f"/api/v1/runs/{run}")
        if now["state"] == "waiting":
            if self.dice.random() < 0.2:
                self.book.canceled.update(later)
                self.api.persist("POST", f"/api/v1/runs/{run}/cancel")
            else:
                self.choose(run, draft)
        with self.book.lock:
            del self.book.runs[run]

    def choose(self, run, draft):
        _, drafts = self.api.json("GET", f"/api/v1/generations/{draft}")
        chosen = self.dice.choice(drafts["assets"])["id"]
        status, _ = self.api.persist("POST", f"/api/v1/runs/{run}/approve", {"asset_id": chosen})
        _, after = self.api.json("GET", f"/api/v1/runs/{run}")
        if status not in (200, 409) or after["state"] == "waiting":
            self.book.note(f"a choice was not taken ({status})")
        _, full = self.api.json("GET", f"/api/v1/generations/{after['steps'][1]['generation_id']}")
        if full["settings"].get("source_asset_id") != chosen:
            self.book.note("another draft was taken than was chosen")


class Follower(threading.Thread):
    """Reads the event stream as a browser does: after every cut it goes on, at whatever server, from the last number."""

    def __init__(self, ports, book, dice, ended, keeper=None):
        super().__init__(daemon=True)
        self.ports, self.book, self.dice, self.ended, self.keeper = ports, book, dice, ended, keeper
        self.after = None
        self.numbers = []
        self.ready = threading.Event()

    def run(self):
        while not self.ended.is_set():
            try:
                self.read_one_connection()
            except (OSError, http.client.HTTPException, ValueError):
                pass
            time.sleep(self.dice.uniform(0.01, 0.1))

    def read_one_connection(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.dice.choice(self.ports), timeout=6)
        try:
            headers = {} if self.after is None else {"Last-Event-ID": str(self.after)}
            connection.request("GET", "/api/v1/events", headers=headers)
            response = connection.getresponse()
            name, data, number = "", "", None
            while not self.ended.is_set() and (line := response.readline().decode()):
                line = line.rstrip("\n")
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data += line[5:].strip()
                elif line.startswith("id:"):
                    number = int(line[3:])
                elif not line and data:
                    self.take(name, data, number)
                    name, data, number = "", "", None
        finally:
            connection.close()

    def take(self, name, data, number):
        if name == "hello" and self.after is None:
            self.after = json.loads(data)["last_event_id"]
            self.ready.set()
        if name == "reset":
            self.book.note("a stream was told to start over")
        if number is None:
            return
        if number <= self.after:
            self.book.note("a stream went backwards")
        self.after = number
        self.numbers.append(number)
        subject = json.loads(data)
        if name == "generation" and subject["state"] in ("succeeded", "failed", "canceled"):
            self.book.over.add(subject["id"])
            if self.keeper is not None and subject["state"] == "succeeded":
                self.keeper.offer(subject["assets"])


class Keeper(threading.Thread):
    """Looks at some of the pictures, and keeps them."""

    def __init__(self, api, book, dice):
        super().__init__(daemon=True)
        self.api, self.book, self.dice = api, book, dice
        self.waiting = []
        self.offered = threading.Event()
        self.done = threading.Event()

    def offer(self, assets):
        if assets and self.dice.random() < 0.05:
            self.waiting.append(assets[0])
            self.offered.set()

    def run(self):
        while True:
            self.offered.wait(0.5)
            self.offered.clear()
            while self.waiting:
                try:
                    self.keep(self.waiting.pop())
                except TimeoutError:
                    pass  # nothing was promised
            if self.done.is_set():
                return

    def keep(self, asset):
        if self.dice.random() < 0.5:
            status, content = self.api.persist("GET", asset["links"]["original"])
            if status != 200 or hashlib.sha256(content).hexdigest() != asset["sha256"]:
                self.book.note(f"a picture could not be seen ({status})")
        status, _ = self.api.persist("POST", f"/api/v1/assets/{asset['id']}/keep")
        if status == 200:
            self.book.kept.add(asset["id"])
        else:
            self.book.note(f"a picture could not be kept ({status})")


class Revenant(threading.Thread):
    """A node that comes back from the dead: its late result must be turned away."""

    def __init__(self, api, token, name, asleep_s):
        super().__init__(daemon=True)
        self.api, self.name, self.asleep_s, self.outcome = api, name, asleep_s, "took nothing"
        self.headers = {"Authorization": f"Bearer {token}"}

    def run(self):
        try:
            lease = self.take()
            if lease is not None:
                self.come_back(lease)
        except TimeoutError:
            pass

    def come_back(self, lease):
        time.sleep(self.asleep_s)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            _, generation = self.api.json("GET", f"/api/v1/generations/{lease['generation_id']}")
            if generation.get("state") in ("succeeded", "canceled"):
                break
            time.sleep(0.3)
        status, _ = self.api.persist("POST", f"/api/v1/node/attempts/{lease['attempt_id']}/finish",
                                     {"fence": lease["fence"], "outcome": "succeeded", "engine_ms": 1}, self.headers)
        self.outcome = "turned away" if status == 409 else f"ACCEPTED ({status})"

    def take(self):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            _, news = self.api.json("POST", "/api/v1/node/poll", {
                "node_id": self.name, "wait_ms": 0, "running": [],
                "want": [{"kinds": ["sdxl_image_fast"], "count": 1}]}, self.headers)
            if news.get("leases"):
                return news["leases"][0]
            time.sleep(0.1)
        return None
