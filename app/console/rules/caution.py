"""What to think of before an answer goes: another person may be reading that screen. Pure.

Nothing is forbidden here: each caution is said in words, and sending asks for a tick. It is found
by rules that anyone can read; what they miss stays the writer's to see. That nobody knows whether
it is safe to write back asks for none: most reports do not say it, and what is ticked each time is
read no more. The form offers the question instead.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.console.rules import authorities, wording
from app.console.rules.answer_templates import GAP
from app.sentences.translatable import say

_PHONE = re.compile(r"(?:\+|00)?\(?\d[\d\s().\-/\u2010-\u2015]{5,}\d")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}\Z")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\b[a-z0-9-]+\.(?:org|com|net|gov|eu|onion)\b")
_MAIL = re.compile(r"\S+@\S+\.\S+")
NAME_MIN = 4


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to think of: its kind, and a sentence."""

    kind: str
    text: str


def look(
    text: str, *, lang: str, reporter_lang: str, safe: str, names: Iterable[str]
) -> list[Caution]:
    """Return all cautions for an answer; ``safe`` is the reporter's to "safe to write back"."""
    found = []
    if safe == "no":
        found.append(
            Caution("unsafe", say("The reporter said that it is not safe to write back."))
        )  # fmt: skip
    if not text.strip():
        return found
    plain = authorities.folded(text)
    if gap := GAP.search(text):
        words = say(
            "{gap} is still open: write there what is meant, or take the sentence out.", gap=gap[0]
        )
        found.append(Caution("gap", words))
    if any(_is_number(one) for one in _PHONE.findall(text)):
        words = say(
            "This answer seems to contain a phone number. If somebody else sees the reporter’s "
            "screen, they can read it or call it."
        )
        found.append(Caution("phone", words))
    if _MAIL.search(text):
        words = say("This answer contains an e-mail address, which shows who wrote it.")
        found.append(Caution("mail", words))
    elif _LINK.search(text):
        words = say(
            "This answer contains a link. If the reporter opens it, it stays in the browser "
            "history and can show that they asked for help."
        )
        found.append(Caution("link", words))
    named = [name for name in names if len(name) >= NAME_MIN and authorities.folded(name) in plain]
    named += [word] if (word := authorities.named(text)) else []
    if named:
        words = say(
            "This answer names “{named}”. Anyone who sees the screen learns whom the "
            "reporter wrote to.",
            named=named[0],
        )
        found.append(Caution("name", words))
    if reporter_lang and lang and lang.split("-")[0] != reporter_lang.split("-")[0]:
        words = say(
            "The reporter writes in {language}; this answer is marked as {other}.",
            language=wording.language(reporter_lang),
            other=wording.language(lang),
        )
        found.append(Caution("language", words))
    elif reporter_lang and not _in_script_of(text, reporter_lang):
        words = say(
            "The reporter reads {language}; is this written in it?",
            language=wording.language(reporter_lang),
        )
        found.append(Caution("script", words))
    return found


def not_known_safe(safe: str) -> Caution | None:
    """Return what to think of where the reporter has not said whether it is safe to write back.

    ``safe`` is what they said; None for a "yes", and for a "no", of which ``look`` warns.
    """
    if safe in ("yes", "no"):
        return None
    if safe == "unknown":
        words = say(
            "The reporter does not know whether it is safe to write back. Write nothing that gives "
            "them away to somebody else who reads it."
        )
        return Caution("not-sure-safe", words)
    words = say(
        "Nobody knows whether it is safe to write back: the reporter was not asked, or did not "
        "answer that. Ask it first, and write nothing that gives them away to somebody else who "
        "reads it."
    )
    return Caution("not-asked-safe", words)


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
