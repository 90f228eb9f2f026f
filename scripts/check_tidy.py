#!/usr/bin/env python3
"""Tripwires for tidiness: long functions and files, notes to self, words that the project does not use, files
that nobody uses, and names of one machine in committed files. Made to think at, not to be gamed: an exception
has a reason below."""

import ast
import pathlib
import re

import repo

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500
CODE = (".cpp", ".h", ".c", ".ts", ".tsx", ".js", ".mjs", ".py", ".sh", ".sql", ".css", ".cmake")

# Path: why it may be long.
LONG_FILES: dict[str, str] = {
    "web/src/api/schema.ts": "generated from api/openapi.yaml",
}
# Path and function: why it may be long.
LONG_FUNCTIONS: dict[tuple[str, str], str] = {}
# Path: why nothing names it.
UNNAMED_FILES: dict[str, str] = {}
# Path: why it may name a registry.
REGISTRY_FILES = {
    "third_party/engines/Cargo.lock": "written by cargo",
}
THIS = "scripts/check_tidy.py"

NOTE_TO_SELF = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(
    r"registry\.npmjs\.|\bpypi\.org|pythonhosted\.org|\bcrates\.io|deb\.debian\.org|proxy\.golang\.org"
    r"|(?<![\w./-])/(?:work|root)/|/tmp/w/")
BRITISH = re.compile(r"cancelled", re.IGNORECASE)
FORBIDDEN = {"task", "tasks", "prediction", "predictions", "bot", "bots", "org", "orgs"}
FORBIDDEN_OUTSIDE = FORBIDDEN | {"media", "filter", "filters"}
CPP_TYPE = re.compile(r"\b(?:class|struct|enum class|enum)\s+(\w+)\s*(?:final\s*)?[:{]")
SQL_TABLE = re.compile(r"create\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)", re.IGNORECASE)
API_PATH = re.compile(r"^  (/[^:\s]*):", re.MULTILINE)
API_SCHEMA = re.compile(r"^    ([A-Z]\w*):", re.MULTILINE)


def words(name: str) -> set[str]:
    """The words of an identifier or path, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def blanked(source: str) -> str:
    """C++ without comments and literals, line for line."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
    return pattern.sub(lambda match: "\n" * match.group().count("\n"), source)


def cpp_functions(source: str) -> list[tuple[str, int]]:
    """Name and number of lines of each function, outermost only."""
    code = blanked(source)
    code = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*", lambda match: "\n" * match.group().count("\n"), code, flags=re.MULTILINE)
    found, stack, header_start = [], [], 0
    for position, char in enumerate(code):
        if char == "{":
            header = code[header_start:position]
            inside = any(entry is not None for entry in stack)
            scope = re.match(r"\s*(?:template\s*<[^{]*>\s*)?(?:namespace|class|struct|enum|union|extern)\b", header)
            is_function = "(" in header and not scope and not inside
            first = header_start + len(header) - len(header.lstrip())
            stack.append((header, first) if is_function else None)
        elif char == "}" and stack:
            entry = stack.pop()
            if entry is not None:
                name = re.search(r"TEST\w*\([^)]*\)|([\w:~]+|operator\S+)(?=\s*\()", entry[0])
                found.append((name.group() if name else "a function", code.count("\n", entry[1], position) + 1))
        if char in "{};":
            header_start = position + 1
    return found


def python_functions(source: str) -> list[tuple[str, int]]:
    return [(node.name, node.end_lineno - node.lineno + 1) for node in ast.walk(ast.parse(source))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def length_problems(name: str, content: str) -> list[str]:
    problems = []
    lines = content.count("\n")
    if name.endswith(CODE) and lines > FILE_LINES_MAX and name not in LONG_FILES:
        problems.append(f"{name}: {lines} lines, more than {FILE_LINES_MAX}")
    functions = []
    if name.endswith((".cpp", ".h")):
        functions = cpp_functions(content)
    elif name.endswith(".py"):
        functions = python_functions(content)
    problems += [f"{name}: {function} has {count} lines, more than {FUNCTION_LINES_MAX}" for function, count in functions
                 if count > FUNCTION_LINES_MAX and (name, function) not in LONG_FUNCTIONS]
    return problems


def line_problems(name: str, content: str) -> list[str]:
    problems = []
    for number, line in enumerate(content.splitlines(), 1):
        if NOTE_TO_SELF.search(line):
            problems.append(f"{name}:{number}: a note to self; do it or file an issue")
        if BRITISH.search(line):
            problems.append(f"{name}:{number}: it is spelled canceled")
        if name not in REGISTRY_FILES and MACHINE.search(line):
            problems.append(f"{name}:{number}: names a registry's host or one machine's folder")
    return problems


def word_problems(name: str, content: str) -> list[str]:
    found = []
    if name.startswith(("src/", "apps/")):
        found += [(kind, FORBIDDEN) for kind in CPP_TYPE.findall(content)]
    if name.startswith("migrations/"):
        found += [(table, FORBIDDEN_OUTSIDE) for table in SQL_TABLE.findall(content)]
    if name == "api/openapi.yaml":
        found += [(path, FORBIDDEN_OUTSIDE) for path in API_PATH.findall(content)]
        found += [(schema, FORBIDDEN_OUTSIDE) for schema in API_SCHEMA.findall(content)]
    return [f"{name}: {what}: '{word}' is not a word of this project" for what, banned in found
            for word in sorted(words(what) & banned)]


def is_compiled(name: str, cmake: dict[str, str]) -> bool:
    """Is a .cpp file in a folder that CMake globs, or named by a CMake file?"""
    path = pathlib.PurePosixPath(name)
    own = cmake.get(f"{path.parent}/CMakeLists.txt", "")
    if "ourvidz_library(" in own or "GLOB" in own:
        return True
    parent = cmake.get(f"{path.parent.parent}/CMakeLists.txt", "")
    if re.search(rf"SUBFOLDERS[^)]*\b{path.parent.name}\b", parent):
        return True
    return any(path.name in content for content in cmake.values())


def unused_problems(contents: dict[str, str]) -> list[str]:
    cmake = {name: content for name, content in contents.items() if name.endswith("CMakeLists.txt")}
    problems = []
    for name in contents:
        path = pathlib.PurePosixPath(name)
        # knip looks after the web app; ./dev bench runs whatever lies in its folder.
        if name in UNNAMED_FILES or name.startswith("web/") or path.parent.as_posix() == "tests/bench":
            continue
        if path.suffix == ".cpp" and not is_compiled(name, cmake):
            problems.append(f"{name}: no CMake target compiles it")
        elif path.suffix == ".h":
            included = path.relative_to("src").as_posix() if name.startswith("src/") else path.name
            if not any(f'{included}"' in content for content in contents.values()):
                problems.append(f"{name}: nobody includes it")
        elif path.suffix in (".sh", ".py", ".mjs", ".js"):
            wanted = path.stem if path.suffix == ".py" else path.name
            if not any(re.search(rf"\b{re.escape(wanted)}\b", content) for other, content in contents.items() if other != name):
                problems.append(f"{name}: nobody calls it")
    return problems


def find_problems(root: pathlib.Path) -> list[str]:
    contents = {name: repo.text(root, name) for name in repo.files(root) if name != THIS}
    problems = []
    for name, content in contents.items():
        problems += length_problems(name, content) + line_problems(name, content) + word_problems(name, content)
    return problems + unused_problems(contents)


def self_test() -> None:
    sound = {
        "src/a/CMakeLists.txt": "ourvidz_library(a SUBFOLDERS part)",
        "src/a/a.h": "struct Job {};\n",
        "src/a/a.cpp": '#include "a/a.h"\nvoid f() {\n' + "    g();\n" * 60 + "}\n",
        "src/a/part/b.cpp": "namespace {\n" + "int x;\n" * 100 + "}\n",
        "run.sh": "python3 tool.py\n", "tool.py": "import os\n", "README.md": "run.sh\n",
    }
    repo.expect_found(find_problems(repo.planted(sound)))
    planted = sound | {
        "src/a/long.cpp": "namespace a {\nbool Thing::f(int a,\n  int b) const {\n" + "    if (b) { g(\"{\"); }\n" * 70 + "}\n}\n",
        "src/b.h": "class BotTask {\n};\n",
        "src/orphan/c.cpp": "\n" * 501,
        "migrations/1.sql": "CREATE TABLE IF NOT EXISTS media (id TEXT);\n",
        "long.py": "def f():\n" + "    x = 1\n" * 71,
        "README.md": "run.sh\n" + "canc" + "elled\n" + "FIX" + "ME\n" + "see /ro" + "ot/x and /wo" + "rk/y\n",
    }
    repo.expect_found(
        find_problems(repo.planted(planted)), "Thing::f has 73 lines", "BotTask: 'bot'", "BotTask: 'task'",
        "src/b.h: nobody includes", "src/orphan/c.cpp: no CMake", "src/orphan/c.cpp: 501 lines", "media: 'media'",
        "long.py: f has 72 lines", "long.py: nobody calls", "README.md:2", "README.md:3", "README.md:4")


if __name__ == "__main__":
    repo.run(find_problems, self_test)
