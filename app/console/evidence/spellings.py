"""Where a phrase stands in a text, however it is written there (spec: export, copies). Pure.

A phrase is found letter by letter whatever its case and spaces, and by the rules by which cases are
linked: a telephone number with or without its country's code and in any digits, a plate with or
without its spaces, an e-mail or a user's name in its other spellings, a name as others hear it.
Rather too much than too little: an investigator reads the copy, and what is gone can be asked for.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from app.console.occurrences import finding_occurrences, names
from app.console.occurrences.link_kinds import WHERE, Occurrence
from app.console.occurrences.plain_text import flat
from app.console.occurrences.plates import PLATE_MAX, PLATE_MIN, look_alike
from app.console.search.terms import fold

Span = tuple[int, int]

_UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]*"
_BETWEEN_DIGITS = "[ \\t.()/\u00a0\\-]*"
_NUMBERS_SIGNS = r"[ \t.()/·\-]{0,4}"
_BETWEEN_GROUPS = "[ .·_\\-]*"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_APART_MAX = 3
"""Characters that may stand between two words of one name: a comma and a space, say."""
NUMBER_MIN = 7
"""Digits at a telephone number's end that no two spellings of it differ in, and the fewest that
are taken for one."""


class Spellings:
    """The spellings of some phrases, ready to be looked for in many texts."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._literal: list[re.Pattern[str]] = []
        self._numbers: list[re.Pattern[str]] = []
        self._plates: list[re.Pattern[str]] = []
        self._occurrences: set[tuple[str, str]] = set()
        self._names: list[str] = []
        for phrase in phrases:
            self._learn(unicodedata.normalize("NFC", phrase))

    def _learn(self, phrase: str) -> None:
        self._literal.append(literal(phrase))
        plain = flat(phrase)
        letters = "".join(char for char in plain if char.isalnum())
        digits = "".join(char for char in letters if char.isdecimal())
        if letters == digits and len(digits) >= NUMBER_MIN:
            tail = _NUMBERS_SIGNS.join(digits[-NUMBER_MIN:])
            self._numbers.append(re.compile(rf"\+?(?:\d{_NUMBERS_SIGNS}){{0,9}}{tail}"))
        elif digits and letters != digits and PLATE_MIN <= len(letters) <= PLATE_MAX:
            groups = _BETWEEN_GROUPS.join(map(re.escape, look_alike(letters)))
            self._plates.append(re.compile(rf"(?<![^\W_]){groups}(?![^\W_])"))
        self._occurrences |= {(one.kind, one.value) for one in _mentioned(phrase)}
        words = [fold(met[0]) for met in _WORD.finditer(phrase)]
        if words and not digits and len(words) <= names.WORDS_MAX:
            self._names.append(" ".join(words))

    def places(self, text: str) -> list[Span]:
        """Return where the phrases stand in a text in NFC, from the left, none over another."""
        if not self._literal:
            return []
        plain = flat(text)
        found = [met.span() for one in self._literal for met in one.finditer(text)]
        found += [met.span() for one in self._numbers for met in one.finditer(plain)]
        found += [met.span() for one in self._plates for met in one.finditer(look_alike(plain))]
        found += [
            (one.start, one.end)
            for one in _mentioned(text)
            if (one.kind, one.value) in self._occurrences
        ]
        found += self._names_in(text)
        return list(_merged(found))

    def _names_in(self, text: str) -> Iterator[Span]:
        words = [(met.start(), met.end(), fold(met[0])) for met in _WORD.finditer(text)]
        for name in self._names:
            count = name.count(" ") + 1
            for first in range(len(words) - count + 1):
                some = words[first : first + count]
                if any(b[0] - a[1] > _APART_MAX for a, b in pairwise(some)):
                    continue
                said = " ".join(one[2] for one in some)
                if said == name or (count > 1 and names.may_be_one(name, said)):
                    yield some[0][0], some[-1][1]


def _mentioned(text: str) -> list[Occurrence]:
    """Return those of a text, and of an answer to "where", in which a street needs no capital."""
    return [*finding_occurrences.find(text), *finding_occurrences.find(text, part=WHERE)]


def literal(phrase: str) -> re.Pattern[str]:
    """Match a phrase whatever its case, its spaces, marks that are not seen, a number's hyphens."""
    parts: list[str] = []
    last = ""
    for word in re.split(r"[\W_]+", unicodedata.normalize("NFC", phrase)):
        for place, letter in enumerate(word):
            if place == 0 and parts:
                parts.append(_BETWEEN_DIGITS if last.isdigit() and letter.isdigit() else r"[\W_]+")
            elif last.isdigit() and letter.isdigit():
                parts.append(_BETWEEN_DIGITS)
            elif parts:
                parts.append(_UNSEEN)
            parts.append(re.escape(letter))
            last = letter
    return re.compile("".join(parts), re.IGNORECASE)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the same places, those that overlap or touch as one."""
    begin = end = -1
    for start, stop in sorted(spans):
        if start > end:
            if end >= 0:
                yield begin, end
            begin, end = start, stop
        else:
            end = max(end, stop)
    if end >= 0:
        yield begin, end
