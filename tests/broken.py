"""The corpus of broken notebooks: bytes and nbformat data, each with the kind of error that it gets."""

from __future__ import annotations

import gzip
import io
import json
import random
import unicodedata
import zipfile
from typing import Any

from courses import code, notebook

from autograder import notebook as nb


def data(node: Any) -> bytes:
    return json.dumps(node).encode()


def changed(**keys: Any) -> dict[str, Any]:
    """The small course's notebook with other top-level entries."""
    return notebook() | keys


def cell(**keys: Any) -> dict[str, Any]:
    """A notebook whose third cell has other entries; ``...`` takes one away."""
    node = notebook()
    node["cells"][2] |= keys
    node["cells"][2] = {key: value for key, value in node["cells"][2].items() if value is not ...}
    return node


def is_a_sentence(text: str) -> bool:
    """Whether a message is for a person: no control character, no Python in it, not endless."""
    printable = not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text)
    whole = text[:1].isupper() and text.endswith(".") and " " in text and len(text) < 600
    return printable and whole and "Traceback" not in text and "Error" not in text


# ---- bytes -------------------------------------------------------------------------------------------

GOOD = data(notebook())
NON_ASCII = json.dumps(notebook(extra=["s = 'é'"]), ensure_ascii=False)


def archive(name: str = "../../../tmp/evil.ipynb", content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return buffer.getvalue()


def empty_archive() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()


def nested(opening: str, inner: str, closing: str, levels: int) -> bytes:
    return (opening * levels + inner + closing * levels).encode()


BROKEN_BYTES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\r\n \x0b\x0c", "empty"),
    "cut in the middle": (GOOD[: len(GOOD) // 2], "not_json"),
    "one byte short": (GOOD[:-1], "not_json"),
    "cut inside of a character": (NON_ASCII.encode()[: NON_ASCII.encode().index(b"\xc3") + 1], "encoding"),
    "byte-order mark": (b"\xef\xbb\xbf" + GOOD, "encoding"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "encoding"),
    "UTF-16": (NON_ASCII.encode("utf-16"), "encoding"),
    "UTF-16, big end first": (b"\xfe\xff" + NON_ASCII.encode("utf-16-be"), "encoding"),
    "UTF-16 without a mark": (NON_ASCII.encode("utf-16-le"), "encoding"),
    "UTF-32": (NON_ASCII.encode("utf-32"), "encoding"),
    "UTF-32 without a mark": (NON_ASCII.encode("utf-32-be"), "encoding"),
    "Latin-1": (NON_ASCII.encode("latin-1"), "encoding"),
    "surrogate as bytes": (NON_ASCII.replace("é", "\ud800").encode("utf-8", "surrogatepass"), "encoding"),
    "blocks of zeros after a crash": (GOOD[:100] + bytes(4096), "encoding"),
    "nothing but zeros": (bytes(4096), "encoding"),
    "random bytes": (random.Random(0).randbytes(5000), "encoding"),
    "a program": (b"import os\nprint(os.environ)\n", "not_json"),
    "a page": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "not_json"),
    "merge conflict": (GOOD.replace(b'"cells"', b'\n<<<<<<< HEAD\n"cells"'), "not_json"),
    "trailing comma": (GOOD[:-1] + b",}", "not_json"),
    "single quotes": (GOOD.replace(b'"', b"'"), "not_json"),
    "two notebooks": (GOOD + b"\n" + GOOD, "not_json"),
    "bytes after the end": (GOOD + b"x", "not_json"),
    "line break in a string": (GOOD.replace(b"return x * x", b"return\nx * x"), "not_json"),
    "a pickle": (b"cos\nsystem\n(S'touch /tmp/owned'\ntR.", "not_json"),
    "a zip": (archive("powers.ipynb", GOOD), "archive"),
    "a zip with ..": (archive(), "archive"),
    "a zip of 1,000 times its size": (archive("powers.ipynb", bytes(50 << 20)), "archive"),
    "an empty zip": (empty_archive(), "archive"),
    "gzip": (gzip.compress(GOOD), "archive"),
    "a list": (b"[]", "not_a_notebook"),
    "null": (b"null", "not_a_notebook"),
    "a string": (b'"notebook"', "not_a_notebook"),
    "a number": (b"4", "not_a_notebook"),
    "true": (b"true", "not_a_notebook"),
    "an empty object": (b"{}", "not_a_notebook"),
    "a list of notebooks": (b"[" + GOOD + b"]", "not_a_notebook"),
    "a package.json": (b'{"name": "x", "version": "1.0"}', "not_a_notebook"),
    "NaN": (b"NaN", "not_json"),
    "NaN in an output": (GOOD.replace(b'"outputs": []', b'"outputs": [NaN]', 1), "not_json"),
    "Infinity": (GOOD.replace(b'"nbformat": 4', b'"nbformat": Infinity'), "not_json"),
    "minus Infinity": (b"[-Infinity]", "not_json"),
    "int of 5,000 digits": (b"9" * 5000, "malformed"),
    "minus int of 5,000 digits": (b"-" + b"9" * 5000, "malformed"),
    "int of 30 digits as nbformat": (GOOD.replace(b'"nbformat": 4', b'"nbformat": ' + b"1" * 30), "malformed"),
    "int of 5,000 digits as nbformat": (GOOD.replace(b'"nbformat": 4', b'"nbformat": ' + b"1" * 5000), "malformed"),
    "int of 30 digits in an output": (
        GOOD.replace(b'"outputs": []', b'"outputs": [' + b"1" * 30 + b"]", 1),
        "malformed",
    ),
    "2**63": (GOOD.replace(b'"execution_count": null', b'"execution_count": %d' % 2**63, 1), "malformed"),
    "100,000 lists": (nested("[", "", "]", 100_000), "not_json"),
    "100,000 lists, unclosed": (b"[" * 100_000, "not_json"),
    "100,000 objects": (nested('{"a":', "1", "}", 100_000), "not_json"),
    "100,000 lists in metadata": (
        GOOD.replace(b'"metadata": {', b'"metadata": {"x": %s, ' % nested("[", "", "]", 100_000), 1),
        "not_json",
    ),
    "too many parts": (b'{"nbformat": 4, "cells": [' + b"[]," * 2_100_000 + b"[]]}", "too_large"),
}

# ---- notebooks ---------------------------------------------------------------------------------------

V3 = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [], "metadata": {}}]}
BROKEN_NOTEBOOKS: dict[str, tuple[Any, str]] = {
    "nbformat 2": (V3 | {"nbformat": 2}, "nbformat"),
    "nbformat 3": (V3, "nbformat"),
    "nbformat 3 with cells": (changed(nbformat=3), "nbformat"),
    "nbformat 5": (changed(nbformat=5), "nbformat"),
    "nbformat 99": (changed(nbformat=99), "nbformat"),
    "nbformat 0": (changed(nbformat=0), "nbformat"),
    "nbformat -4": (changed(nbformat=-4), "nbformat"),
    "nbformat '4'": (changed(nbformat="4"), "malformed"),
    "nbformat 4.0": (changed(nbformat=4.0), "malformed"),
    "nbformat true": (changed(nbformat=True), "malformed"),
    "nbformat null": (changed(nbformat=None), "malformed"),
    "nbformat [4]": (changed(nbformat=[4]), "malformed"),
    "nbformat_minor '5'": (changed(nbformat_minor="5"), "malformed"),
    "worksheets in nbformat 4": (V3 | {"nbformat": 4}, "malformed"),
    "no nbformat": ({"cells": [], "metadata": {}}, "not_a_notebook"),
    "no cells": ({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}, "not_a_notebook"),
    "cells null": (changed(cells=None), "malformed"),
    "cells an object": (changed(cells={"0": code("a", "1")}), "malformed"),
    "cells a string": (changed(cells="cells"), "malformed"),
    "no metadata": ({key: value for key, value in notebook().items() if key != "metadata"}, "malformed"),
    "metadata null": (changed(metadata=None), "malformed"),
    "metadata a list": (changed(metadata=[]), "malformed"),
    "a cell that is null": (changed(cells=[None]), "malformed"),
    "a cell that is a list": (changed(cells=[[]]), "malformed"),
    "a cell that is text": (changed(cells=["x = 1"]), "malformed"),
    "no cell_type": (cell(cell_type=...), "malformed"),
    "cell_type heading": (cell(cell_type="heading"), "malformed"),
    "cell_type a list": (cell(cell_type=["code"]), "malformed"),
    "cell_type Code": (cell(cell_type="Code"), "malformed"),
    "no cell metadata": (cell(metadata=...), "malformed"),
    "cell metadata null": (cell(metadata=None), "malformed"),
    "cell metadata a list": (cell(metadata=[]), "malformed"),
    "no source": (cell(source=...), "malformed"),
    "source null": (cell(source=None), "malformed"),
    "source a number": (cell(source=1), "malformed"),
    "source an object": (cell(source={"0": "x"}), "malformed"),
    "source a list of numbers": (cell(source=[1]), "malformed"),
    "source a list with a null": (cell(source=["x\n", None]), "malformed"),
    "source a nested list": (cell(source=[["x"]]), "malformed"),
    "NUL in source": (cell(source="x = 1\0"), "malformed"),
    "NUL in a list of lines": (cell(source=["x = 1\n", "\0"]), "malformed"),
    "NUL in markdown": (cell(cell_type="markdown", source="\0"), "malformed"),
    "id null": (cell(id=None), "malformed"),
    "id a number": (cell(id=7), "malformed"),
    "id a list": (cell(id=[["a"]]), "malformed"),
    "id empty": (cell(id=""), "malformed"),
    "id with a blank": (cell(id="a b"), "malformed"),
    "id with a newline at its end": (cell(id="ab\n"), "malformed"),
    "id with ANSI and HTML": (cell(id="\x1b[31m<script>"), "malformed"),
    "id in another script": (cell(id="ячейка"), "malformed"),
    "id a surrogate": (cell(id="\ud800"), "malformed"),
    "id of 65 characters": (cell(id="a" * 65), "malformed"),
    "id of a million characters": (cell(id="a" * 1_000_000), "malformed"),
    "duplicate ids": (cell(id="cube"), "duplicate_ids"),
    "nbgrader [1]": (cell(metadata={"nbgrader": [1]}), "malformed"),
    "nbgrader []": (cell(metadata={"nbgrader": []}), "malformed"),
    "nbgrader null": (cell(metadata={"nbgrader": None}), "malformed"),
    "nbgrader true": (cell(metadata={"nbgrader": True}), "malformed"),
    "grade_id a number": (cell(metadata={"nbgrader": {"grade_id": 1}}), "malformed"),
    "grade_id a list": (cell(metadata={"nbgrader": {"grade_id": ["square"]}}), "malformed"),
    "tags a word": (cell(metadata={"tags": "skip-grading"}), "malformed"),
    "tags null": (cell(metadata={"tags": None}), "malformed"),
    "tags numbers": (cell(metadata={"tags": [1]}), "malformed"),
    "tags nested": (cell(metadata={"tags": [["skip-grading"]]}), "malformed"),
    "surrogate in source": (cell(source="s = '\ud800'"), "encoding"),
    "surrogate in markdown": (cell(cell_type="markdown", source="\udfff"), "encoding"),
    "surrogate in a grade_id": (cell(metadata={"nbgrader": {"grade_id": "\ud83d"}}), "encoding"),
    "surrogate in a tag": (cell(metadata={"tags": ["\ud83d"]}), "encoding"),
    "halves of a character in two lines": (cell(source=["'\ud83d\n", "\ude00'"]), "encoding"),
    "5,001 cells": (changed(cells=[code(f"c{index}", "") for index in range(5001)]), "too_large"),
    "too much text": (cell(source="#" * (nb.MAX_SOURCE + 1)), "too_large"),
    "too much text in lines": (cell(source=["#" * 1000] * 2000), "too_large"),
}
