#!/usr/bin/env python3
"""Counts what the suites of `./dev test` left behind and closes with one line.

test_report.py FOLDER SUITE...    a suite's results are FOLDER/SUITE.tsv (name, outcome, seconds), .xml (JUnit, as
ctest writes it), .json (as vitest writes it) or .txt (as the browser tests print it). A suite that left nothing, or
that did not come to its end, has failed.
"""

import collections
import json
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree

Case = collections.namedtuple("Case", "name outcome")


def read_tsv(path: pathlib.Path) -> list[Case]:
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    return [Case(row[0], row[1]) for row in rows]


def read_junit(path: pathlib.Path) -> list[Case]:
    cases = []
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            outcome = "failed"
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            outcome = "skipped"
        else:
            outcome = "passed"
        cases.append(Case(case.get("name"), outcome))
    return cases


def read_json(path: pathlib.Path) -> list[Case]:
    outcomes = {"passed": "passed", "failed": "failed"}
    return [Case(case["fullName"], outcomes.get(case["status"], "skipped"))
            for file in json.loads(path.read_text())["testResults"] for case in file["assertionResults"]
            ] + [Case(file["name"], "failed") for file in json.loads(path.read_text())["testResults"]
                 if file["status"] == "failed" and not file["assertionResults"]]


def read_lines(path: pathlib.Path) -> list[Case]:
    """Lines that begin with ok, FAILED or skipped; the last line is the suite's own count."""
    outcomes = {"ok": "passed", "FAILED": "failed", "skipped": "skipped"}
    lines = path.read_text().splitlines()
    cases = [Case(words[1], outcomes[words[0]]) for line in lines if len(words := line.split(maxsplit=1)) == 2 and words[0] in outcomes]
    if not lines or not re.fullmatch(r"\d+ passed, \d+ failed(, \d+ skipped)?", lines[-1]):
        cases.append(Case("the suite came to its end", "failed"))
    return cases


READERS = {".txt": read_lines, ".tsv": read_tsv, ".xml": read_junit, ".json": read_json}


def read_suite(folder: pathlib.Path, suite: str) -> list[Case]:
    """All cases of one suite; one failed case where there is nothing to read."""
    for suffix, reader in READERS.items():
        path = folder / f"{suite}{suffix}"
        if path.exists():
            try:
                cases = reader(path)
            except (ValueError, KeyError, IndexError, xml.etree.ElementTree.ParseError) as error:
                return [Case(f"{suite}: unreadable results ({error})", "failed")]
            return cases or [Case(f"{suite}: ran no test", "failed")]
    return [Case(f"{suite}: left no results", "failed")]


def unlisted(folder: pathlib.Path, suites: list[str]) -> list[str]:
    """Suites that left results and that nobody asked about: their failures would not be seen."""
    return sorted({path.stem for path in folder.iterdir() if path.suffix in READERS} - set(suites))


def report(folder: pathlib.Path, suites: list[str]) -> int:
    """Prints one line a suite, the names of what failed or was skipped, and the closing line; how many failed."""
    total = collections.Counter()
    for suite in suites:
        cases = read_suite(folder, suite)
        count = collections.Counter(case.outcome for case in cases)
        total += count
        print(f"{suite}: {count['passed']} of {len(cases)} passed")
        for case in cases:
            if case.outcome != "passed":
                print(f"  {case.outcome}: {case.name}")
    for suite in unlisted(folder, suites):
        total["failed"] += 1
        print(f"{suite}: left results and is not in the list of suites")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return total["failed"]


def self_test() -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ourvidz-report-"))
    (folder / "a.tsv").write_text("one\tpassed\t0\ntwo\tfailed\t1\nthree\tskipped\t0\n")
    (folder / "b.xml").write_text(
        '<testsuite><testcase name="x" status="run"/><testcase name="y" status="fail"><failure/></testcase>'
        '<testcase name="z" status="notrun"><skipped/></testcase></testsuite>')
    (folder / "c.json").write_text(json.dumps({"testResults": [
        {"name": "f", "status": "failed", "assertionResults": []},
        {"name": "g", "status": "passed", "assertionResults": [{"fullName": "g 1", "status": "passed"}]}]}))
    (folder / "d.txt").write_text("ok      x (1 ms)\nFAILED  y\n        why ok\nskipped z: no model\n1 passed, 1 failed, 1 skipped\n")
    (folder / "cut.txt").write_text("ok      x (1 ms)\n")
    (folder / "empty.tsv").write_text("")
    (folder / "torn.json").write_text("{")
    wanted = {"a": ["passed", "failed", "skipped"], "b": ["passed", "failed", "skipped"], "c": ["passed", "failed"],
              "d": ["passed", "failed", "skipped"], "cut": ["passed", "failed"], "empty": ["failed"], "torn": ["failed"],
              "gone": ["failed"]}
    found = {suite: [case.outcome for case in read_suite(folder, suite)] for suite in wanted}
    for suite, outcomes in wanted.items():
        if sorted(found[suite]) != sorted(outcomes):
            sys.exit(f"self-test: {suite} read as {found[suite]}, not {outcomes}")
    if unlisted(folder, [suite for suite in wanted if suite != "b"]) != ["b"]:
        sys.exit("self-test: a suite that is not in the list was not noticed")


def main() -> None:
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return
    sys.exit(1 if report(pathlib.Path(sys.argv[1]), sys.argv[2:]) else 0)


if __name__ == "__main__":
    main()
