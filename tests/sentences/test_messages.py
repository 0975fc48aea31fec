"""The console's messages: every mark is found, and a catalogue has what a message has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.sentences.message_catalogues import (
    APP,
    CATALOGUES,
    add,
    main,
    source_messages,
    texts_of,
    update,
)

MARKS = {"say": 1, "say_count": 2}
BLANKS = re.compile(r"\{(\w*)\}")
CODES = sorted(path.stem for path in CATALOGUES.glob("*.po"))
HALF = re.compile(
    r"_\((?:\"[^\"]*\"|'[^']*')\) *\}\} *\{\{ *[a-z]\w*(?![\w(])|\}\} *\{\{ *_\([\"'][a-z(,]"
)
"""A sentence that goes on in a value, or a value that is followed by the rest of a sentence."""


@pytest.fixture(scope="module")
def source() -> Catalog:
    return source_messages()


def first(id_: str | tuple[str, ...] | list[str]) -> str:
    return id_ if isinstance(id_, str) else id_[0]


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted([*(APP / "console").rglob("*.py"), *(APP / "client").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield path, node


def test_every_sentence_of_the_programs_is_a_message(source: Catalog) -> None:
    known = {first(each.id) for each in source if each.id}
    count = 0
    for path, node in calls():
        for said in node.args[: MARKS.get(getattr(node.func, "id", ""), 0)][:1]:
            assert isinstance(said, ast.Constant), f"{path}:{node.lineno} is no literal"
            assert said.value in known, f"{path}:{node.lineno}"
            count += 1
    assert count > 500


def test_what_a_sentence_has_room_for_is_given(source: Catalog) -> None:
    for path, node in calls():
        if getattr(node.func, "id", "") in MARKS and not any(k.arg is None for k in node.keywords):
            given = {each.arg for each in node.keywords} | {"count"}
            for said in node.args[: MARKS[getattr(node.func, "id", "")]]:
                blanks = set(BLANKS.findall(getattr(said, "value", "")))
                assert blanks <= given, f"{path}:{node.lineno}"


def test_no_sentence_of_a_template_is_made_of_halves() -> None:
    for path in sorted((APP / "console").rglob("*.html")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = HALF.search(line)
            assert found is None, f"{path}:{number}: {found and found[0]}"


def test_no_sentence_of_a_program_is_made_of_halves() -> None:
    for path, node in calls():
        if getattr(node.func, "id", "") in MARKS:
            said = getattr(node.args[0], "value", "")
            assert said == said.strip(), f"{path}:{node.lineno}: {said!r}"


def test_every_catalogue_fits_the_source(source: Catalog) -> None:
    for code in CODES:
        _fits(code, source)


def _fits(code: str, source: Catalog) -> None:
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    wanted = {each.id for each in source if each.id}
    assert {each.id for each in catalogue if each.id} == wanted, "make messages"
    for each in catalogue:
        blanks = set(BLANKS.findall(" ".join([each.id] if isinstance(each.id, str) else each.id)))
        texts = [text for text in texts_of(each.string) if text]
        if not each.id or not texts:
            continue
        assert isinstance(each.id, str) or len(texts) == catalogue.num_plurals, each.id
        for text in texts:
            assert set(BLANKS.findall(text)) <= blanks, (each.id, text)
            assert blanks - {"count"} <= set(BLANKS.findall(text)), (each.id, text)


def test_a_catalogue_begins_empty_and_says_what_it_lacks(tmp_path: Path, source: Catalog) -> None:
    add("vi", tmp_path)
    count = sum(1 for each in source if each.id)
    assert update(tmp_path) == [f"console, Vietnamese (vi): {count} messages to translate."]
    with pytest.raises(ValueError, match="there already"):
        add("vi", tmp_path)


@pytest.mark.parametrize(
    ("code", "why"),
    [("fr", "is there already"), ("xx", "not a language code"), ("../vi", "not a language code")],
)
def test_a_catalogue_that_cannot_begin_is_refused_in_a_sentence(
    code: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", code]) == 1
    told = capsys.readouterr().err
    assert why in told
    assert len(told.splitlines()) == 1
