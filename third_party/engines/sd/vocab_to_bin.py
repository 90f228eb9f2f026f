#!/usr/bin/env python3
"""Turns the engine's tokenizer tables (C++ byte arrays as text) into binary files that the assembler includes.

usage: vocab_to_bin.py VOCAB_FOLDER OUT_FOLDER

Writes OUT_FOLDER/*.bin, vocab_blob.S (one symbol and one end symbol for each table) and vocab_blob.cpp: the
engine's vocab.cpp with the arrays declared instead of defined. The bytes are the same, so the library is too.
"""
import pathlib
import re
import sys


def table(header: pathlib.Path) -> tuple[str, bytes]:
    """The array's name and its bytes."""
    text = header.read_text()
    name = re.search(r"unsigned char (\w+)\[\]", text).group(1)
    body = text[text.index("{") + 1 : text.rindex("}")]
    count = body.count("0x")
    # Much faster than a match for each number, and right only if each has two digits: hence the check.
    data = bytes.fromhex(body.replace("0x", "").replace(",", ""))
    if len(data) != count:
        sys.exit(f"{header.name}: {count} numbers gave {len(data)} bytes; the table's form has changed")
    return name, data


def main() -> None:
    source, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    names = {}
    assembly = ["    .section .rodata\n"]
    for header in sorted(source.glob("*.hpp")):
        name, data = table(header)
        names[header.name] = name
        binary = (out / f"{header.stem}.bin").resolve()
        binary.write_bytes(data)
        assembly += [
            f"    .global {name}\n    .balign 16\n{name}:\n",
            f'    .incbin "{binary}"\n',
            f"    .global {name}_end\n{name}_end:\n    .byte 0\n",
        ]
    assembly.append('    .section .note.GNU-stack,"",%progbits\n')
    (out / "vocab_blob.S").write_text("".join(assembly))

    def declare(match: re.Match) -> str:
        name = names[match.group(1)]
        return f'extern "C" {{ extern const unsigned char {name}[], {name}_end[]; }}'

    code = (source / "vocab.cpp").read_text()
    code = re.sub(r'#include "(\w+\.hpp)"', declare, code)
    code = re.sub(r"sizeof\((\w+)\)", r"(size_t)(\1_end - \1)", code)
    code = code.replace('#include "vocab.h"', f'#include "{(source / "vocab.h").resolve()}"')
    (out / "vocab_blob.cpp").write_text(code)


if __name__ == "__main__":
    main()
