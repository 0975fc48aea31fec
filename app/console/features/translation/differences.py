"""What a translation may have changed, seen by looking back: the same text, there and back. Pure.

A look back finds what is lost in a translation and what was wrong on the way back alike; it finds
no error that both ways make. Sentences are compared with each other where there are as many of
them, the whole texts otherwise. Looked for is what does most harm: a negation more or less, another
number, name or time. A list of words a language says which those are (``differences.toml``).
"""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

_SENTENCE_END = re.compile(r"(?<=[.!?…。？！।؟۔])\s+|\n+")
# Marks on letters that are no letters to Python: of Latin, the vowels of Devanagari and Bengali.
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
_MARKS += "\u0981-\u0983\u09bc\u09be-\u09cd\u09d7"
_LETTER = f"(?:[^\\W_]|[{_MARKS}])"
_WORD = re.compile(f"{_LETTER}+(?:[-/]{_LETTER}+)*")
_APOSTROPHES = re.compile("['’ʼ\u0640\u064b-\u0652]")
"""And the marks of Arabic, which may be written or not."""
_CEDILLAS = str.maketrans("ŞşŢţ", "ȘșȚț")
_NUMERALS = re.compile("[〇零一二两三四五六七八九十百千万]+")
_DIGITS = {digit: at for at, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_JOINED = re.compile(r"(?<=\d)(?=(?:am|pm|h)\b)")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")


class Kind(StrEnum):
    """What differs."""

    NEGATION = "negation"
    NUMBER = "number"
    NAME = "name"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence that came back otherwise: what of it, how it was written, how it came back.

    ``lost`` are words that are missing from what came back, ``added`` those that were not written.
    """

    kind: Kind
    written: str
    came_back: str
    lost: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def name(self) -> str:
        """What names it in a form: its kind and what of it differs."""
        return f"{self.kind}:{','.join(self.lost)}>{','.join(self.added)}:{self.written[:40]}"


def languages() -> frozenset[str]:
    """Return the languages in which negations, numbers in words and times are known."""
    return frozenset(_lists())


def find(written: str, came_back: str, lang: str) -> list[Difference]:
    """Return what differs between a text and what came back of it, both in the language ``lang``.

    In a language without a list only digits and names are compared.
    """
    lists = _lists().get(lang, _EMPTY)
    there, back = sentences(written), sentences(came_back)
    pairs = list(zip(there, back, strict=True)) if len(there) == len(back) else []
    found: list[Difference] = []
    for one, other in pairs or [(written.strip(), came_back.strip())]:
        for kind, read in _READERS.items():
            before, after = read(one, lists), read(other, lists)
            lost, added = before - after, after - before
            if lost or added:
                difference = (tuple(sorted(lost.elements())), tuple(sorted(added.elements())))
                found.append(Difference(kind, one, other, *difference))
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [one.strip() for one in _SENTENCE_END.split(text) if one.strip()]


@dataclass(frozen=True, slots=True)
class _Lists:
    negations: frozenset[str]
    numbers: dict[str, float]
    times: frozenset[str]
    endings: tuple[str, ...] = ()
    """May follow a number or a time in the same word, the longest first."""
    negating: tuple[str, ...] = ()
    """Ends of words that turn them into their opposite; words in ``others`` are none of these."""
    others: frozenset[str] = frozenset()
    anywhere: re.Pattern[str] | None = None
    """Finds the words of a language that is written without spaces."""
    phrases: re.Pattern[str] | None = None
    """Finds words of several parts, which stand in the lists with a hyphen."""


_EMPTY = _Lists(frozenset(), {}, frozenset())


def _words(text: str, lists: _Lists) -> list[str]:
    text = unicodedata.normalize("NFC", text)
    text = _JOINED.sub(" ", _APOSTROPHES.sub("", text)).translate(_CEDILLAS).casefold()
    if lists.anywhere is not None:
        return [_in_digits(one) for one in lists.anywhere.findall(text)]
    if lists.phrases is not None:
        text = lists.phrases.sub(lambda found: found[0].replace(" ", "-"), text)
    return [part for word in _WORD.findall(text) for part in _parts(word, lists)]


def _parts(word: str, lists: _Lists) -> list[str]:
    """Return the number or time that a word is with an ending, and the ending; another as it is.

    The ending may be a time itself: -ig is "until" in Hungarian.
    """
    if word in lists.numbers or word in lists.times or word in lists.negations:
        return [word]
    for ending in lists.endings:
        bare = word.removesuffix(ending)
        if bare != word and (bare in lists.numbers or bare in lists.times):
            return [bare, ending]
    return [word]


def _in_digits(word: str) -> str:
    """Return a Chinese number in digits, anything else as it is. "一" alone is "a", too."""
    if word == "一" or not _NUMERALS.fullmatch(word):
        return word
    total = part = digit = 0
    for char in word:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, part, digit = (total + part + digit) * _TENS[char], 0, 0
        else:
            part, digit = part + (digit or 1) * _TENS[char], 0
    return str(total + part + digit)


def _negations(text: str, lists: _Lists) -> Counter[str]:
    """Count them: which word says it may well change on the way."""
    count = sum(_is_negation(one, lists) for one in _words(text, lists))
    return Counter({"": count}) if count else Counter()


def _is_negation(word: str, lists: _Lists) -> bool:
    ends = bool(lists.negating) and word.endswith(lists.negating)
    return word in lists.negations or (ends and word not in lists.others)


def _numbers(text: str, lists: _Lists) -> Counter[str]:
    found: Counter[str] = Counter()
    for word in _words(text, lists):
        digits = "".join(char for char in word if char.isdecimal())
        if digits:
            found[str(int(digits))] += 1
        elif word in lists.numbers:
            found[f"{lists.numbers[word]:g}"] += 1
    return found


def _names(text: str, lists: _Lists) -> Counter[str]:
    """Return words written large within a sentence, but for times and what is all capitals."""
    found: Counter[str] = Counter()
    for at, word in enumerate(_WORD.findall(_APOSTROPHES.sub("", text))):
        plain = word.casefold()
        ordinary = plain in lists.times or plain in lists.negations or plain in lists.numbers
        large = word[0].isupper() and len(word) > 1
        if at and large and not ordinary and plain not in ("im", "id", "ill", "ive"):
            found[plain] = 1
    return found


def _times(text: str, lists: _Lists) -> Counter[str]:
    words = [word for word in _words(text, lists) if word in lists.times]
    # "May" is a month, "may" is what one is allowed to.
    words = [word for word in words if word != "may" or "May" in text]
    found = Counter(dict.fromkeys(words, 1))
    return found + Counter(dict.fromkeys(_CLOCK.findall(text), 1))


_READERS = {
    Kind.NEGATION: _negations,
    Kind.NUMBER: _numbers,
    Kind.NAME: _names,
    Kind.TIME: _times,
}


@cache
def _lists() -> dict[str, _Lists]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    # One letter can be written in two ways: as one sign, or as a letter and a mark (য়, फ़).
    data: dict[str, Any] = tomllib.loads(unicodedata.normalize("NFC", text))
    return {lang: _list(one) for lang, one in data.items()}


def _list(one: dict[str, Any]) -> _Lists:
    negations, times, others = one["negations"], one["times"], one.get("others", ())
    numbers: dict[str, float] = one["numbers"]
    every = [*negations, *numbers, *times, *others]
    anywhere = phrases = None
    if one.get("joined"):
        longest = sorted(every, key=len, reverse=True)
        known = "|".join(map(re.escape, longest))
        anywhere = re.compile(rf"{known}|{_NUMERALS.pattern}|[a-z0-9]+")
    elif parted := [word.replace("-", " ") for word in every if "-" in word]:
        phrases = re.compile(rf"\b(?:{'|'.join(map(re.escape, parted))})\b")
    return _Lists(
        frozenset(negations),
        numbers,
        frozenset(times),
        tuple(sorted(one.get("endings", ()), key=len, reverse=True)),
        tuple(one.get("negating", ())),
        frozenset(others),
        anywhere,
        phrases,
    )
