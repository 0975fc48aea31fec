"""The exercises as content/practice/*.toml say them, one a file, in the order of their names."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.sentences.translatable import of_content

FOLDER = Path(__file__).with_name("content")
SYNTHETIC = "[SYNTHETIC]"
"""Stands before every text of a made-up reporter, so that a copy of it says what it is, too."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a reporter writes once: after an answer with one of these cautions, or after any."""

    text: str
    gist: str
    on: frozenset[str]


@dataclass(frozen=True, slots=True)
class More:
    """A further message of a reporter that is there from the beginning."""

    kind: str
    desks: tuple[str, ...]
    text: str
    gist: str


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """A made-up case; ``gist`` is what it says, in English, for who does not read its language."""

    name: str
    lang: str
    desks: tuple[str, ...]
    text: str
    gist: str
    answers: dict[str, str]
    days_ago: int
    more: tuple[More, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at when an exercise is finished, and what is said then.

    ``what`` names a rule of ``judging``, ``case`` one of the exercise's cases, "any" of them, or,
    empty, each.
    """

    what: str
    good: str
    missed: str
    case: str
    any: frozenset[str]
    to: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """``steps`` are what it guides through, if it does: a rule of ``judging``, and words."""

    id: str
    title: str
    teaches: str
    task: str
    again_days: int
    cases: tuple[PracticeCase, ...]
    checks: tuple[Check, ...]
    steps: tuple[tuple[str, str], ...]
    think: tuple[str, ...]


@cache
def exercises() -> tuple[Exercise, ...]:
    """Return all of them. Raises KeyError or ValueError for a file that is not as it must be."""
    return tuple(read(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml")))


def find(id_: str) -> Exercise | None:
    """Return one of them by its id."""
    return next((one for one in exercises() if one.id == id_), None)


def read(text: str) -> Exercise:
    """Return an exercise from its TOML. Raises KeyError or ValueError."""
    said = tomllib.loads(text)
    return Exercise(
        id=said["id"],
        title=of_content(said["title"]),
        teaches=of_content(said["teaches"]),
        task=of_content(said["task"].strip()),
        again_days=int(said["again_days"]),
        cases=tuple(_case(one) for one in said["case"]),
        checks=tuple(_check(one) for one in said["check"]),
        steps=tuple((rule, of_content(words)) for rule, words in said.get("steps", [])),
        think=tuple(of_content(one) for one in said.get("think", [])),
    )


def _case(one: dict[str, Any]) -> PracticeCase:
    return PracticeCase(
        name=one["name"],
        lang=one["lang"],
        desks=tuple(one["desks"]),
        text=one["text"].strip(),
        gist=of_content(one.get("gist", "")),
        answers=one["answers"],
        days_ago=int(one.get("days_ago", 0)),
        more=tuple(
            More(
                more["kind"],
                tuple(more["desks"]),
                more.get("text", ""),
                of_content(more.get("gist", "")),
            )
            for more in one.get("more", [])
        ),
        turns=tuple(
            Turn(turn["text"], of_content(turn.get("gist", "")), frozenset(turn.get("on", [])))
            for turn in one.get("turn", [])
        ),
    )


def _check(one: dict[str, Any]) -> Check:
    return Check(
        what=one["what"],
        good=of_content(one["good"]),
        missed=of_content(one["missed"]),
        case=one.get("case", ""),
        any=frozenset(one.get("any", [])),
        to=one.get("to", ""),
    )
