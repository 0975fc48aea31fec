"""Ready-made answers by language, from content/answers.toml. They are put in to be changed."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "content" / "answers.toml"


@dataclass(frozen=True, slots=True)
class Ready:
    """One answer in one language; ``name`` is what it is called here, in English."""

    id: str
    name: str
    text: str


def for_language(lang: str) -> list[Ready]:
    """Return those that exist in a language (by its first subtag)."""
    tag = lang.split("-")[0].lower()
    return [Ready(one["id"], one["name"], one[tag]) for one in _answers() if tag in one]


def find(id_: str, lang: str) -> str:
    """Return one of them in a language, empty if there is none."""
    return next((one.text for one in for_language(lang) if one.id == id_), "")


def languages() -> list[str]:
    """Return every language that has at least one."""
    return sorted({tag for one in _answers() for tag in one} - {"id", "name"})


@cache
def _answers() -> list[dict[str, str]]:
    with FILE.open("rb") as file:
        found: list[dict[str, str]] = tomllib.load(file)["answer"]
    return found
