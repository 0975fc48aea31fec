"""The demo's past: about 130 made-up reports, out of content/, each with a day on which it came.

The same every time: which words stand in a slot, and how the days fall, follows from numbers alone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SYNTHETIC = "[SYNTHETIC]"
"""Stands before every text, so that a copy of it says what it is, too."""
FOLDER = Path(__file__).with_name("content")
DAYS = 90
REPORTS = 116
"""Reports beside the network's twelve."""
STRIDE = 17
"""Coprime to the number of stories: languages and kinds come mixed."""
NOISE_EVERY, AGAIN_EVERY = 9, 13
"""Of so many reports one is noise, and one is about what somebody else has written of."""


@dataclass(frozen=True, slots=True)
class Past:
    """A made-up report of the past, and how many days ago it came.

    ``network`` is one of the twelve that hang together, ``noise`` one that is none of the line's;
    ``repeats`` is the place in the list of an earlier one about the same.
    """

    day: int
    lang: str
    desks: tuple[str, ...]
    text: str
    answers: dict[str, str]
    labels: tuple[str, ...] = ()
    urgent: bool = False
    picture: str | None = None
    network: bool = False
    noise: bool = False
    repeats: int | None = None

    @property
    def danger(self) -> bool:
        """Whether it says that somebody is in danger now."""
        return self.answers["danger_now"] == "yes"


@dataclass(frozen=True, slots=True)
class Words:
    """What was said besides the reports: by language, notes by desk and ``private``."""

    answers: dict[str, list[str]]
    more: dict[str, list[str]]
    consent: str
    notes: dict[str, list[str]]
    signs: dict[str, str]

    def answer(self, lang: str, place: int) -> str:
        """Return what a caseworker wrote, in English where the language has none."""
        return f"{SYNTHETIC} {_turn(self.answers.get(lang, self.answers['en']), place)}"

    def further(self, lang: str, place: int) -> str | None:
        """Return what the reporter wrote later, None where the language has nothing."""
        return f"{SYNTHETIC} {_turn(self.more[lang], place)}" if lang in self.more else None

    def note(self, whose: str, place: int) -> str:
        """Return a note."""
        return _turn(self.notes[whose], place)


@cache
def words() -> Words:
    """Return content/words.toml."""
    said = _read("words.toml")
    consent = f"{SYNTHETIC} {said['consent']['en']}"
    return Words(said["answer"], said["more"], consent, said["notes"], said["signs"])


@cache
def past() -> tuple[Past, ...]:
    """Return all of them, the oldest first."""
    found: list[Past] = []
    for place, (day, network) in enumerate(_calendar()):
        if network is not None:
            found.append(_of(network, _text(network["text"]), day, network=True))
            continue
        again = _again(found, day) if place % AGAIN_EVERY == AGAIN_EVERY - 1 else None
        found.append(again or _regular(place, day))
    return tuple(found)


def _calendar() -> list[tuple[int, dict[str, Any] | None]]:
    """Return the days, the oldest first, with the network's report where one came on it.

    There are more reports as the line becomes known, and fewer at each week's end.
    """
    days: list[tuple[int, dict[str, Any] | None]] = []
    for place in range(REPORTS):
        left = 1 - place / (REPORTS - 1)
        day = 1 + round((DAYS - 2) * left**1.5)
        days.append((day + 2 if day % 7 in (5, 6) and place % 3 and day < DAYS - 2 else day, None))
    days += [(one["day"], one) for one in _read("network.toml")["report"]]
    return sorted(days, key=lambda pair: -pair[0])


def _regular(place: int, day: int) -> Past:
    if place % NOISE_EVERY == NOISE_EVERY - 2:
        story, turn = _pick(_stories("noise.toml"), place // NOISE_EVERY)
        return _of(story, _text(_filled(story, "text", turn)), day, noise=True)
    stories = _stories("stories_en.toml", "stories_more.toml")
    story, turn = _pick(
        stories, place * STRIDE % len(stories) + place // len(stories) * len(stories)
    )
    return _of(story, _text(_filled(story, "text", turn)), day)


def _again(found: list[Past], day: int) -> Past | None:
    """Return another person's report of what the latest of those with an ``again`` was about."""
    earlier = {one.text: place for place, one in enumerate(found) if one.repeats is None}
    retold = {one.text for one in found if one.repeats is not None}
    for story in _stories("stories_en.toml"):
        if "again" not in story:
            continue
        for turn in range(3):
            text, other = _text(_filled(story, "text", turn)), _text(_filled(story, "again", turn))
            if text in earlier and other not in retold:
                return _of(story | {"safe_to_reply": "yes"}, other, day, repeats=earlier[text])
    return None


def _of(said: dict[str, Any], text: str, day: int, **more: Any) -> Past:
    answers = {
        name: str(said.get(name, "unknown")) for name in ("danger_now", "safe_to_reply", "under_18")
    }
    labels = tuple(said.get("labels", ()))
    if signs := [words().signs[label] for label in labels if label in words().signs]:
        answers["signs"] = signs[0]
    if labels and not more.get("noise"):
        seen = {"witness", "vehicle", "address"} & set(labels)
        answers["whose_case"] = "something_i_saw" if seen else "mine"
    return Past(
        day=day,
        lang=said["lang"],
        desks=tuple(said["desks"]),
        text=text,
        answers=answers,
        labels=labels,
        urgent=bool(said.get("urgent")),
        picture=said.get("picture"),
        **more,
    )


def _filled(story: dict[str, Any], name: str, turn: int) -> str:
    slots = {
        slot: values[turn % len(values)] for slot, values in story.items() if _is_slot(slot, values)
    }
    return str(story[name]).format(**slots)


def _is_slot(name: str, values: object) -> bool:
    return isinstance(values, list) and name not in ("desks", "labels")


def _text(said: str) -> str:
    return f"{SYNTHETIC} {said}"


def _pick(stories: list[dict[str, Any]], place: int) -> tuple[dict[str, Any], int]:
    """Return a story, and for the how manieth time it is told."""
    return stories[place % len(stories)], place // len(stories)


def _stories(*names: str) -> list[dict[str, Any]]:
    return [story for name in names for story in _read(name)["story"]]


def _turn(values: list[str], place: int) -> str:
    return values[place % len(values)]


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
