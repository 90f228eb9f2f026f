#!/usr/bin/env python3
"""What stands still is noticed, said and put right, with the real program and the real engines: a worker and a node that are
stopped (SIGSTOP), which no exit status and no closed connection tells of; and whose fault it is when one of them is killed.

    stall_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped"."""
import contextlib
import os
import pathlib
import signal
import sqlite3
import sys
import time

from outcomes import Outcomes
from studio import Studio, equal

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
# A stopped worker is noticed after 15 s and a stopped node after 20: before all of that was watched it took 300 s, or for ever.
SECONDS_MAX = 120


def children(pid):
    """Process ids by the program's name."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                name = pathlib.Path(os.readlink(entry / "exe")).name
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.setdefault(name, []).append(int(entry.name))
    return found


def node_of(studio):
    found = children(studio.process.pid).get("ourvidz", [])
    return found[0] if found else None


def wait_for(what, looked_for):
    end = time.monotonic() + SECONDS_MAX
    while time.monotonic() < end:
        if (seen := what()) is not None and seen is not False:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"{looked_for} did not come in {SECONDS_MAX} s")


def ticks(pid):
    """Processor time so far, in the kernel's ticks."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def at_work(node, program):
    """The one of the node's processes of this name that computes; the others wait, their model loaded."""
    before = {pid: ticks(pid) for pid in children(node).get(program, [])}
    return wait_for(lambda: next((pid for pid, had in before.items() if ticks(pid) >= had + 5), None), "work")


def progress(studio, generation):
    return studio.call("GET", f"/api/v1/generations/{generation}").json["progress"] or {}


def test_a_stopped_worker_is_replaced_and_the_job_ends_well():
    with Studio(PROGRAM) as studio:
        job = studio.submit(steps=40, batch=3).json["id"]
        # By then its pace is known, without which nobody can say that it is late.
        wait_for(lambda: (progress(studio, job).get("step") or 0) >= 3, "the third step")
        worker = at_work(node_of(studio), "diffusion_worker")
        os.kill(worker, signal.SIGSTOP)
        stopped_at = time.monotonic()
        wait_for(lambda: progress(studio, job).get("trouble") == "late", "the word that it is late")
        wait_for(lambda: worker not in children(node_of(studio)).get("diffusion_worker", []), "the worker's end")
        assert time.monotonic() - stopped_at < SECONDS_MAX
        done = studio.until(job, "succeeded", "failed")
        equal((done["state"], len(done["assets"])), ("succeeded", 3))
        studio.stop()


def test_a_stopped_node_is_replaced_and_who_waits_is_told():
    with Studio(PROGRAM) as studio:
        studio.until(studio.submit(steps=4).json["id"], "succeeded")
        node = node_of(studio)
        os.kill(node, signal.SIGSTOP)
        waiting = studio.submit(steps=4, seed=7).json["id"]
        wait_for(lambda: progress(studio, waiting).get("trouble") == "no_node", "the word that no machine asks")
        wait_for(lambda: node_of(studio) not in (None, node), "another node")
        equal(studio.until(waiting, "succeeded", "failed")["state"], "succeeded")
        equal(progress(studio, waiting), {})
        studio.stop()


def attempts(studio, job):
    """How those at this generation's job have ended so far, in their order."""
    with contextlib.closing(sqlite3.connect(f"file:{studio.data}/studio.sqlite?mode=ro", uri=True)) as database:
        return [state for state, in database.execute(
            "SELECT a.state FROM attempts a JOIN jobs j ON j.id = a.job_id WHERE j.subject_id = ? ORDER BY a.fence", [job])]


def at_a_step(studio, job, after):
    """Waits for an attempt behind so many that draws."""
    wait_for(lambda: attempts(studio, job)[after:] == ["running"], "another attempt")
    wait_for(lambda: (progress(studio, job).get("step") or 0) >= 1, "a step")


def test_the_death_of_the_node_is_no_attempt_of_the_job():
    """Three deaths of the node alone ended every job that it had, whatever those were doing."""
    with Studio(PROGRAM) as studio:
        job = studio.submit(steps=40, batch=3).json["id"]
        for lost in range(4):
            at_a_step(studio, job, lost)
            os.kill(node_of(studio), signal.SIGKILL)
            wait_for(lambda lost=lost: attempts(studio, job).count("lost") == lost + 1, "the new node's word")
        equal(studio.until(job, "succeeded", "failed")["state"], "succeeded")
        equal(attempts(studio, job), ["lost"] * 4 + ["succeeded"])
        studio.stop()


def test_the_death_of_its_own_worker_is_an_attempt_of_the_job():
    with Studio(PROGRAM) as studio:
        job = studio.submit(steps=40, batch=3).json["id"]
        for failed in range(3):
            at_a_step(studio, job, failed)
            os.kill(at_work(node_of(studio), "diffusion_worker"), signal.SIGKILL)
            wait_for(lambda failed=failed: attempts(studio, job).count("failed") == failed + 1, "the node's word")
        equal(studio.until(job, "succeeded", "failed")["state"], "failed")
        equal(attempts(studio, job), ["failed"] * 3)
        studio.stop()


TESTS = [test_a_stopped_worker_is_replaced_and_the_job_ends_well, test_a_stopped_node_is_replaced_and_who_waits_is_told,
         test_the_death_of_the_node_is_no_attempt_of_the_job, test_the_death_of_its_own_worker_is_an_attempt_of_the_job]


def main():
    outcomes = Outcomes(timed=True)
    for test in TESTS:
        outcomes.run(test)
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())
