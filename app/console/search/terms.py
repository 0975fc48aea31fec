"""What of a text can be found: folded words, pairs where there are no spaces, numbers, plates.

Pure. A text is cut into terms with their places, so that a find can be shown where it stands:

    words       without case, marks and variants of letters: "São" is sao, "أحمد" is احمد, "Ё" is е
    pairs       of Chinese, Japanese, Thai, Lao, Khmer, Burmese: "人口贩运" is 人口 口贩 贩运 运
    numbers     six digits and more, however they are written, from their end: "+1 (202) 555-0123"
    plates      letters with digits, however they are spaced: "AB-12 CDE" is ab12, ab12cde, 12cde
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

NUMBER, PLATE = "\ue000", "\ue001"
"""Private characters that begin a number's and a plate's term, so that no word is taken for one."""

NUMBER_MIN, NUMBER_MAX = 6, 15
PLATE_MIN, PLATE_MAX = 4, 10
PLATE_PARTS = 4
TEXT_MAX = 200_000
"""Characters of one text that are read."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_INDIC = re.compile("[\u0900-\u0dff]")
_NUKTA = frozenset("\u093c\u09bc\u0a3c\u0abc\u0b3c")
_VARIANTS = str.maketrans(
    {
        "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ـ": None, "ٱ": "ا",
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
        "ς": "σ", "ґ": "г",
    }
)  # fmt: skip
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/·]{0,3}\d){5,14}(?!\d)")


@dataclass(frozen=True, slots=True)
class Term:
    """A term and the text that it stands for: characters from ``start`` to before ``end``."""

    text: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """Return every term of a text, words and pairs in order, then numbers and plates."""
    text = text[:TEXT_MAX]
    runs = list(_runs(text))
    found: list[Term] = []
    for run in runs:
        found += _pairs(run) if run.unspaced else [Term(run.text, run.start, run.end)]
    return [*found, *numbers(text), *_plates(runs)]


def fold(text: str) -> str:
    """Return a text without case, marks and variants of letters; all scripts' digits as 0 to 9."""
    return "".join(_fold(char) for char in text)


def numbers(text: str) -> list[Term]:
    """Return each number of six to fifteen digits, its digits from the last to the first."""
    folded = text if text.isascii() else "".join(_digit(char) for char in text)
    return [
        Term(NUMBER + _digits(each.group())[::-1], each.start(), each.end())
        for each in _NUMBER.finditer(folded)
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that belong together: a word, or a stretch of a script without spaces.

    ``places`` are where each of the text's characters stands.
    """

    text: str
    start: int
    end: int
    unspaced: bool
    places: tuple[int, ...]


def _runs(text: str) -> Iterator[Run]:
    letters: list[str] = []
    places: list[int] = []
    unspaced = False
    for at, char in enumerate(text):
        inside, folded, here = _read(char)
        if letters and (not inside or (folded and here != unspaced)):
            yield Run("".join(letters), places[0], places[-1] + 1, unspaced, tuple(places))
            letters, places = [], []
        if folded:
            unspaced = here
            letters += folded
            places += [at] * len(folded)
    if letters:
        yield Run("".join(letters), places[0], places[-1] + 1, unspaced, tuple(places))


def _pairs(run: Run) -> Iterator[Term]:
    for at in range(len(run.text)):
        start = run.places[at]
        end = run.places[min(at + 1, len(run.text) - 1)] + 1
        yield Term(run.text[at : at + 2], start, end)


def _plates(runs: list[Run]) -> Iterator[Term]:
    """Yield each stretch of one to four words with letters and digits and little between them."""
    words = [run for run in runs if not run.unspaced]
    near = [before.end + 2 >= after.start for before, after in pairwise(words)]
    for first in range(len(words)):
        squeezed = ""
        for last in range(first, min(first + PLATE_PARTS, len(words))):
            if last > first and not near[last - 1]:
                break
            squeezed += words[last].text
            if len(squeezed) > PLATE_MAX:
                break
            if is_plate(squeezed):
                yield Term(PLATE + squeezed, words[first].start, words[last].end)


def is_plate(squeezed: str) -> bool:
    """Say whether letters and digits without anything between could be a vehicle's plate."""
    mixed = any(char.isdigit() for char in squeezed) and any(char.isalpha() for char in squeezed)
    return mixed and PLATE_MIN <= len(squeezed) <= PLATE_MAX


@lru_cache(maxsize=4_096)
def _read(char: str) -> tuple[bool, str, bool]:
    """Return whether a character may stand in a word, as what, and if its script has no spaces."""
    inside = unicodedata.category(char)[0] in "LMN"
    return inside, _fold(char) if inside else "", _UNSPACED.match(char) is not None


def _fold(char: str) -> str:
    digit = _digit(char)
    if digit != char:
        return digit
    if _INDIC.match(char):
        return "" if char in _NUKTA else "".join(
            each for each in unicodedata.normalize("NFD", char) if each not in _NUKTA
        )  # fmt: skip
    apart = unicodedata.normalize("NFKD", char.casefold())
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return bare.translate(_VARIANTS)


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
