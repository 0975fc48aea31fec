"""What to think of before an answer goes: somebody else may be reading that screen. Pure.

Nothing is forbidden here: each caution is said in words, and sending asks for a tick. It is found
by rules that anyone can read; what they miss stays the writer's to see.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.console.triage import wording

_PHONE = re.compile(r"(?:\+|00)?\(?\d[\d\s().\-/\u2010-\u2015]{5,}\d")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}\Z")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\b[a-z0-9-]+\.(?:org|com|net|gov|eu|onion)\b")
_MAIL = re.compile(r"\S+@\S+\.\S+")
_AUTHORITIES = (
    "police", "policía", "polizei", "polícia", "polizia", "politie", "poliția", "policja",
    "immigration", "inmigración", "prosecutor", "fiscalía", "detective", "interpol", "europol",
    "trafficking", "trata", "شرطة", "полиц", "поліц", "警察", "công an", "ตำรวจ", "पुलिस",
)  # fmt: skip
NAME_MIN = 4


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to think of: its kind, and a sentence."""

    kind: str
    text: str


def look(
    text: str, *, lang: str, reporter_lang: str, safe: str, names: Iterable[str]
) -> list[Caution]:
    """All cautions for an answer; `safe` is what the reporter answered to "safe to write back"."""
    found = []
    if safe == "no":
        found.append(
            Caution("unsafe", "The reporter said that it is not safe to write back.")
        )  # fmt: skip
    if not text.strip():
        return found
    plain = _folded(text)
    if any(_is_number(one) for one in _PHONE.findall(text)):
        words = (
            "It holds what looks like a phone number: on their phone it can be found, or called."
        )
        found.append(Caution("phone", words))
    if _MAIL.search(text):
        found.append(Caution("mail", "It holds an e-mail address, which says who wrote this."))
    elif _LINK.search(text):
        words = "It holds a link: opened, it stays in the history, and shows who was asked."
        found.append(Caution("link", words))
    named = [name for name in names if len(name) >= NAME_MIN and _folded(name) in plain]
    named += [word for word in _AUTHORITIES if _folded(word) in plain]
    if named:
        words = f"It names “{named[0]}”: whoever sees the screen knows whom they wrote to."
        found.append(Caution("name", words))
    if reporter_lang and lang and lang.split("-")[0] != reporter_lang.split("-")[0]:
        words = (
            f"The reporter writes in {wording.language(reporter_lang)}; this answer is marked as "
            f"{wording.language(lang)}."
        )
        found.append(Caution("language", words))
    elif reporter_lang and not _in_script_of(text, reporter_lang):
        words = f"The reporter reads {wording.language(reporter_lang)}; is this written in it?"
        found.append(Caution("script", words))
    return found


_SCRIPTS = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "ps": "ARABIC", "ru": "CYRILLIC",
    "uk": "CYRILLIC", "bg": "CYRILLIC", "zh": "CJK", "th": "THAI", "hi": "DEVANAGARI",
    "ne": "DEVANAGARI", "bn": "BENGALI", "am": "ETHIOPIC", "ti": "ETHIOPIC", "el": "GREEK",
    "ta": "TAMIL", "km": "KHMER", "my": "MYANMAR", "si": "SINHALA", "ko": "HANGUL",
}  # fmt: skip


def _is_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 6 and not _DATE.match(text)


def _in_script_of(text: str, lang: str) -> bool:
    script = _SCRIPTS.get(lang.split("-")[0].lower())
    letters = [c for c in text if c.isalpha()]
    if script is None or not letters:
        return True
    return any(unicodedata.name(c, "").startswith(script) for c in letters)


def _folded(text: str) -> str:
    """Without case and without marks."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
