"""Templates of answers: those that come with the console, and what an agency made of them. Pure.

``content/templates/en.toml`` has the English ones and says what holds for them; each other
language is a file that translates them. An agency's own text of one takes its place in that
language. All of them are put into an answer to be changed, never sent by themselves.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.console.rules import wording
from app.sentences.translatable import of_content

FOLDER = Path(__file__).parent.parent / "content" / "templates"
ASKS_SAFETY = "safe"
GAP = re.compile(r"[\[［【][^\]］】\n]*[\]］】]")
"""What a template leaves open: words in square brackets, also in the wide ones of Chinese."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """What an agency says in one language: in place of a template that comes along, or anew."""

    id: str
    name: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language; ``english`` is the same in English, empty if that is unknown.

    ``reviewed`` is whether somebody who grew up with the language has read it, ``own`` whether the
    text is the agency's.
    """

    id: str
    name: str
    text: str
    english: str
    reviewed: bool
    own: bool


def for_language(lang: str, own: Iterable[OwnText] = ()) -> list[Template]:
    """Return those that exist in a language (by its first subtag), own ones in their places."""
    tag = wording.primary(lang)
    ours = {one.id: one for one in own if one.lang == tag}
    ours_in_english = {one.id: one.text for one in own if one.lang == "en"}
    english, there = _texts("en"), _texts(tag)
    reviewed = tag == "en" or bool(_content(tag).get("reviewed"))
    found = []
    for id_ in dict.fromkeys([*english, *ours]):
        if (text := ours[id_].text if id_ in ours else there.get(id_)) is not None:
            name = ours[id_].name if id_ in ours and id_ not in english else names()[id_]
            beside = ours_in_english.get(id_) or english.get(id_, "")
            found.append(Template(id_, name, text, beside, reviewed or id_ in ours, id_ in ours))
    return found


def find(id_: str, lang: str, own: Iterable[OwnText] = ()) -> str:
    """Return the text of one of them in a language, empty if there is none."""
    return next((one.text for one in for_language(lang, own) if one.id == id_), "")


def asking_safety(lang: str, own: Iterable[OwnText] = ()) -> str:
    """Return the one that asks whether it is safe to read answers.

    It is the English one where there is none in the language: it is to be translated.
    """
    own = list(own)
    return find(ASKS_SAFETY, lang, own) or find(ASKS_SAFETY, "en", own)


def languages() -> list[str]:
    """Return the first subtags of all languages in which templates come along."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def names() -> dict[str, str]:
    """Return what those that come along are called, in English, by their ids and in their order."""
    return {id_: of_content(one["name"]) for id_, one in _content("en").items()}


def _texts(tag: str) -> dict[str, str]:
    content = _content(tag)
    if tag == "en":
        return {id_: one["text"] for id_, one in content.items()}
    texts: dict[str, str] = content.get("text", {})
    return texts


def _content(tag: str) -> dict[str, Any]:
    return _all().get(tag, {})


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in FOLDER.glob("*.toml")}
