"""What an agency has had reviewed of what the console says: a file of the signed site.

    data = write_reviews({"fr": [Reading(day, "Amina", marks)]})     # the agency
    reviews = read_reviews(data)                                     # a console, {} of another form
    marks_of_catalogue("fr", path)                                   # of the texts as they are now

``console-reviews.json`` stands in the site's manifest, so its bytes are the agency's (spec: site):

    {"v": 1, "languages": {"fr": [{"day": "2031-05-06", "name": "…", "marks": b64u}]}}

A mark is the first eight bytes of a sentence's hash. They only have to tell a sentence from the
others of its language: whoever could make two alike makes the program.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

from app.protocol.encoding import b64u, json_bytes, read_json, unb64u
from app.protocol.errors import ProtocolError
from app.reporter.review_kit.reviewed_sentences import CONSOLE, hash_of, plural_texts
from app.sentences.language import Language, open_language

FILE: Final = "console-reviews.json"
FILE_MAX: Final = 1024**2
LANGUAGES_MAX: Final = 40
READINGS_MAX: Final = 20
"""So many readings of one language are told: those of the most sentences."""
MARKS_MAX: Final = 8_000
"""Of one reading; the console says two thousand sentences."""
NAME_MAX: Final = 80
_MARK_BYTES: Final = 8
# Format characters that scripts need: joiners, and marks of direction that embed nothing.
_NEEDED: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
_CODE: Final = re.compile(r"[A-Za-z]{2,8}(_[A-Za-z0-9]{2,8}){0,2}")


@dataclass(frozen=True, slots=True)
class Reading:
    """The day of a review, who read (empty: they are not named), what it covers, by mark."""

    day: dt.date
    name: str
    marks: frozenset[bytes]


Reviews = Mapping[str, Sequence[Reading]]
"""By a language's code."""


def mark(hash_: str) -> bytes:
    """Return what stands for a sentence in the file, of its hash (base64url)."""
    return unb64u(hash_, 32)[:_MARK_BYTES]


def marks_of_catalogue(code: str, catalogue: Path) -> frozenset[bytes]:
    """Return the mark of every sentence that the console says in a language, by its .po file.

    Raises OSError, ValueError.
    """
    language = open_language(code, catalogue)
    with catalogue.open("rb") as file:
        messages = [one for one in read_po(file, locale=code) if one.id]
    found = set()
    for one in messages:
        use = one.context or ""
        english, plural = (one.id, "") if isinstance(one.id, str) else (one.id[0], one.id[1])
        for source, text, _ in texts_said(language, use, english, plural):
            found.add(mark(hash_of(code, (CONSOLE, use, english), source, text)))
    return frozenset(found)


def texts_said(
    language: Language, use: str, english: str, plural: str
) -> Iterator[tuple[str, str, str]]:
    """Yield a message's English, its text, and with which numbers that is shown.

    ``use`` tells it from another with the same English, ``plural`` is empty for one without. What
    is not translated is shown in English, and is no text of the language.
    """
    if plural:
        for source, text, when in plural_texts(english, plural, language.ngettext):
            if text not in (english, plural):
                yield source, text, when
        return
    text = language.pgettext(use, english) if use else language.gettext(english)
    if text != english:
        yield english, text, ""


def unseen_in(text: str) -> str:
    """Return the first character that nobody sees or a terminal obeys; empty without one."""
    for one in text:
        if (one not in _NEEDED and unicodedata.category(one)[0] == "C") or one in "\u2028\u2029":
            return one
    return ""


def write_reviews(reviews: Reviews) -> bytes:
    """Return the file's bytes."""
    languages = {
        code: [
            {
                "day": one.day.isoformat(),
                "name": one.name,
                "marks": b64u(b"".join(sorted(one.marks))),
            }
            for one in sorted(readings, key=lambda one: len(one.marks))[-READINGS_MAX:]
        ]
        for code, readings in reviews.items()
    }
    return json_bytes({"v": 1, "languages": languages})


def read_reviews(data: bytes) -> Reviews:
    """Return what the file says; nothing where it is not in this form, such as a newer one."""
    try:
        if len(data) > FILE_MAX:
            raise ProtocolError("Too long.")
        content = _table(read_json(data), {"v", "languages"})
        languages = content["languages"]
        if content["v"] is True or content["v"] != 1 or not isinstance(languages, dict):
            raise ProtocolError("Another version.")
        if len(languages) > LANGUAGES_MAX or not all(map(_CODE.fullmatch, languages)):
            raise ProtocolError("Other languages.")
        return {code: _readings(said) for code, said in languages.items()}
    except (ProtocolError, ValueError):
        return {}


def _readings(said: object) -> list[Reading]:
    if not isinstance(said, list) or len(said) > READINGS_MAX:
        raise ProtocolError("No readings.")
    return [_reading(_table(one, {"day", "name", "marks"})) for one in said]


def _reading(said: dict[str, Any]) -> Reading:
    day, name, marks = said["day"], said["name"], said["marks"]
    if not isinstance(day, str) or not isinstance(name, str) or not isinstance(marks, str):
        raise ProtocolError("No reading.")
    if len(name) > NAME_MAX or unseen_in(name):
        raise ProtocolError("No name.")
    together = unb64u(marks)
    if len(together) % _MARK_BYTES or len(together) > MARKS_MAX * _MARK_BYTES:
        raise ProtocolError("No marks.")
    starts = range(0, len(together), _MARK_BYTES)
    return Reading(
        dt.date.fromisoformat(day),
        name,
        frozenset(together[at : at + _MARK_BYTES] for at in starts),
    )


def _table(value: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != names:
        raise ProtocolError("Another table.")
    return value
