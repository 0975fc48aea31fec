"""What the signed site tells of the console's reviews is bounded, and names each sentence."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from app.cli.agency.console_sentences import console_languages, console_sentences
from app.protocol.encoding import b64u
from app.reporter.review_kit.console_reviews import (
    FILE_MAX,
    LANGUAGES_MAX,
    MARKS_MAX,
    READINGS_MAX,
    Reading,
    mark,
    marks_of_catalogue,
    read_reviews,
    write_reviews,
)
from app.sentences.message_catalogues import CATALOGUES

DAY = dt.date(2031, 5, 6)
GOOD = {"day": "2031-05-06", "name": "Amina", "marks": b64u(bytes(16))}

TOO_MANY: dict[str, list[str]] = {f"aa_{n:02}": [] for n in range(LANGUAGES_MAX + 1)}


def said(**changed: Any) -> bytes:
    return json.dumps({"v": 1, "languages": {"fr": [GOOD | changed]}}).encode()


@pytest.mark.parametrize("code", console_languages())
def test_a_console_marks_just_the_sentences_that_its_reviewers_are_given(code: str) -> None:
    given = {mark(one.hash) for one in console_sentences(code)}
    assert marks_of_catalogue(code, CATALOGUES / f"{code}.po") == given
    assert len(given) == len(console_sentences(code)), "no two are alike"


def test_what_is_written_is_read_and_a_whole_program_fits() -> None:
    marks = frozenset(at.to_bytes(8, "big") for at in range(2_500))
    reviews = {code: [Reading(DAY, "Amina", marks)] for code in console_languages()}
    data = write_reviews(reviews)
    assert read_reviews(data) == reviews
    assert len(data) < FILE_MAX / 3
    many = [Reading(DAY, str(n), frozenset(list(marks)[: n + 1])) for n in range(READINGS_MAX + 5)]
    (told,) = read_reviews(write_reviews({"fr": many})).values()
    assert [len(one.marks) for one in told] == list(range(6, READINGS_MAX + 6))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"v":2,"languages":{}}',
        b'{"v":true,"languages":{"fr":[]}}',
        b'{"v":1,"languages":{"../fr":[]}}',
        b'{"v":1,"languages":[]}',
        json.dumps({"v": 1, "languages": TOO_MANY}).encode(),
        json.dumps({"v": 1, "languages": {"fr": [GOOD] * (READINGS_MAX + 1)}}).encode(),
        said(day="yesterday"),
        said(day=1),
        said(name="\u202eanimA"),
        said(name="A\nB"),
        said(name="A" * 81),
        said(marks=b64u(bytes(9))),
        said(marks="!"),
        said(marks=b64u(bytes(8 * (MARKS_MAX + 1)))),
        said(more=1),
        b" " * (FILE_MAX + 1),
    ],
)  # fmt: skip
def test_another_form_tells_nothing(data: bytes) -> None:
    assert read_reviews(said()) == {"fr": [Reading(DAY, "Amina", frozenset({bytes(8)}))]}
    assert read_reviews(data) == {}
