"""What each sentence is for, and what hangs on its translation: ``purposes.toml``, read and asked.

risk = purposes().of_message("Leave this page").risk     # "safety"
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from app.reporter.errors import SiteError

FILE = Path(__file__).with_name("purposes.toml")
SAFETY, PROMISE, LAW, PLAIN = RISKS = ("safety", "promise", "law", "plain")


@dataclass(frozen=True)
class Purpose:
    """What a sentence is for, in a sentence, and its risk: one of ``RISKS``."""

    text: str
    risk: str


@dataclass(frozen=True)
class Purposes:
    """All of them: by English message, by place in ``texts.toml``, by kind of pack entry or text.

    The order of ``messages`` is that in which a reporter meets them.
    """

    messages: Mapping[str, Purpose]
    texts: Mapping[str, Purpose]
    pack: Mapping[str, Purpose]
    beside: Mapping[str, Purpose]

    def of_message(self, message: str) -> Purpose:
        """Return that of a message of the pages. Raises SiteError where it has none."""
        return _found(self.messages.get(message), message)

    def of_text(self, place: str) -> Purpose:
        """Return that of a text of ``texts.toml`` by its place (``question.where.hint``)."""
        fits = (purpose for match, purpose in self.texts.items() if fnmatchcase(place, match))
        return _found(next(fits, None), place)

    def of_entry(self, kind: str) -> Purpose:
        """Return that of an entry of the information pack by its kind, or of a ``title``."""
        return _found(self.pack.get(kind), kind)

    def of_text_beside(self, kind: str) -> Purpose:
        """Return that of a ``desk``, or of an ``answer`` that is ready made."""
        return _found(self.beside.get(kind), kind)


@cache
def purposes() -> Purposes:
    """Return what the file of this release says. Raises SiteError for a mistake in it."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    messages: dict[str, Purpose] = {}
    for row in content["page"]:
        for message in row["sentences"]:
            if message in messages:
                raise SiteError(f"{FILE.name} has this sentence twice: {message}")
            messages[message] = _purpose(row)
    return Purposes(
        messages=messages,
        texts=_by("match", content["texts"]),
        pack=_by("kind", content["pack"]),
        beside=_by("kind", content["beside"]),
    )


def _by(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Purpose]:
    return {row[name]: _purpose(row) for row in rows}


def _purpose(row: Mapping[str, Any]) -> Purpose:
    if row["risk"] not in RISKS:
        raise SiteError(f"{FILE.name}: a risk is one of {', '.join(RISKS)}, not {row['risk']}.")
    return Purpose(row["purpose"], row["risk"])


def _found(purpose: Purpose | None, what: str) -> Purpose:
    if purpose is None:
        raise SiteError(f"{FILE.name} does not say what this is for: {what}")
    return purpose
