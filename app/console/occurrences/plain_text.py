"""A text in which digits, signs and spaces are plain, and every character keeps its place. Pure."""

import unicodedata

_WIDE_FIRST, _WIDE_LAST, _WIDE_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
_HYPHENS = frozenset("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63")


def flat(text: str) -> str:
    """Return the same number of characters, in the forms that are looked for.

    Digits of every script as 0 to 9, full-width signs as ASCII, hyphens and spaces of every kind as
    ``-`` and space, marks that are not seen as space.
    """
    return text if text.isascii() else "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if _WIDE_FIRST <= ord(char) <= _WIDE_LAST:
        return chr(ord(char) - _WIDE_SHIFT)
    if char in _HYPHENS:
        return "-"
    value = unicodedata.decimal(char, None)
    if value is not None:
        return str(value)
    return " " if unicodedata.category(char) in ("Zs", "Cf") else char
