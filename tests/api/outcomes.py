"""How the API's test programs run their tests: a line for each, and counts at the end."""
import time
import traceback


class Skip(Exception):
    """Raised by a test that cannot run here; its text says why."""


class Outcomes:
    def __init__(self, timed=False):
        self.counts = {"ok": 0, "FAILED": 0, "skipped": 0}
        self.timed = timed

    def run(self, test, *arguments):
        name, began = test.__name__[5:].replace("_", " "), time.monotonic()
        try:
            test(*arguments)
            outcome = "ok"
        except Skip as reason:
            outcome, name = "skipped", f"{name} ({reason})"
        except Exception:  # pylint: disable=broad-except
            outcome = "FAILED"
            traceback.print_exc()
        self.counts[outcome] += 1
        print(f"{outcome:8}{name}" + (f" ({time.monotonic() - began:.0f} s)" if self.timed else ""), flush=True)

    def close(self):
        """Prints the counts; the program's exit status."""
        print("{ok} passed, {FAILED} failed, {skipped} skipped".format(**self.counts))
        return 1 if self.counts["FAILED"] else 0
