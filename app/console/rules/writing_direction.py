"""From which side a text is written, and numbers in it that keep their order.

direction("رقم السيارة KX19 ABZ")            # "rtl"
numbers_whole("هاتفه +44 7700 900345")       # the number in an element of its own
"""

import re
import unicodedata

from markupsafe import Markup, escape

_IDENTIFIER = re.compile(r"[0-9@/]|\w[.:_]\w")
"""What names a thing and is in no language: a plate, an address, an account, a page."""
_TELEPHONE = re.compile(r"(?<![\w+(])\(?(?:\+|0)[0-9]*(?:[ \u00a0\u202f.()\-]{1,2}[0-9]+)*(?!\w)")
_DIGITS_MIN, _DIGITS_MAX = 7, 15


def direction(text: str) -> str:
    """Return ``rtl`` where most words are written from the right, else ``ltr``.

    Not by the first letter, as a browser guesses: an Arabic report may begin with a Latin name. And
    not by letters: one wallet's address has as many as six Arabic words, and is in no language.
    """
    right = left = 0
    for word in text.split():
        kinds = {unicodedata.bidirectional(letter) for letter in word}
        if kinds & {"R", "AL"}:
            right += 1
        elif "L" in kinds and not _IDENTIFIER.search(word):
            left += 1
    return "rtl" if right > left else "ltr"


def numbers_whole(text: str) -> Markup:
    """Return a text as HTML in which each telephone number stands as it is dialled.

    In a text from the right a browser sets its groups from the right: who does not read the
    language would dial them the other way round.
    """
    parts, end = [], 0
    for found in _TELEPHONE.finditer(text):
        digits = sum(one.isdecimal() for one in found[0])
        if _DIGITS_MIN <= digits <= _DIGITS_MAX:
            number = Markup('<bdi dir="ltr">{}</bdi>').format(found[0])
            parts += [escape(text[end : found.start()]), number]
            end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
