"""Reads JSON in the data model of Project VIC, version 2.0, which CAID's exports follow.

A member "value" lists media, each with a category and hashes. They are read one by one, so that a
list of any length takes the memory of one piece.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from app.console.errors import ConsoleError
from app.console.features.abuse_material.gathered_hashes import (
    NOTHING_ADDED,
    PIECE,
    HashedFile,
    Read,
    digest_of,
)
from app.sentences.translatable import say

ENTRY_MAX = 1024 * 1024
_VALUE = re.compile(
    r'\s*\{\s*(?:"[@\w.]{1,80}"\s*:\s*"[^"\\]{0,400}"\s*,\s*){0,20}"value"\s*:\s*\['
)
_MARK = b"\xef\xbb\xbf".decode("latin-1")


def read_media(hashed: HashedFile, categories: Collection[int], found: Read) -> None:
    """Read the entries of those categories. Raises ConsoleError."""
    text = _Text(hashed)
    if text.ahead(PIECE).startswith(_MARK):
        text.skip(len(_MARK))
    begun = _VALUE.match(text.ahead(PIECE))
    if begun is None:
        raise ConsoleError(
            say(
                "This JSON is in no form that is known: it has no list of media as in Project "
                "VIC's data model 2.0. {nothing_done}",
                nothing_done=NOTHING_ADDED,
            )
        )
    text.skip(begun.end())
    seen: Counter[int] = Counter()
    for number, entry in enumerate(text.entries(), 1):
        category = entry.get("Category")
        if type(category) is not int or not 0 <= category <= 99:
            raise ConsoleError(
                say(
                    "Entry {number} has no category. {nothing_done}",
                    number=number,
                    nothing_done=NOTHING_ADDED,
                )
            )
        seen[category] += 1
        if category not in categories:
            continue
        known = [digest_of(entry.get(name)) for name in ("SHA256", "SHA1", "MD5")]
        some = [one for one in known if one is not None]
        if not some:
            raise ConsoleError(
                say(
                    "Entry {number} has no MD5, SHA-1 or SHA-256. {nothing_done}",
                    number=number,
                    nothing_done=NOTHING_ADDED,
                )
            )
        found.add(max(some, key=len))
    if not categories:
        counted = ", ".join(f"{one} ({seen[one]:,})" for one in sorted(seen))
        raise ConsoleError(
            say(
                "This list has entries of the categories {counted}. What a category means "
                "differs by country, and some are of files that are no abuse material: ask "
                "whoever gave you the list which ones count, and say so with --category. "
                "{nothing_done}",
                counted=counted,
                nothing_done=NOTHING_ADDED,
            )
        )
    found.left_out = Counter({one: n for one, n in seen.items() if one not in categories})


class _Text:
    """Text that comes in pieces, of which a little is looked at."""

    def __init__(self, hashed: HashedFile) -> None:
        self._hashed = hashed
        self._text = ""
        self._at = 0
        self._ended = False
        self._decoder = json.JSONDecoder()

    def ahead(self, least: int) -> str:
        """Return what is still to be read, at least so many characters unless it ends before."""
        while not self._ended and len(self._text) - self._at < least:
            piece = self._hashed.piece()
            self._ended = not piece
            # Hashes and categories are ASCII; what is not, stands within texts that nobody reads.
            self._text = self._text[self._at :] + piece.decode("latin-1")
            self._at = 0
        return self._text[self._at :] if self._at else self._text

    def skip(self, characters: int) -> None:
        self._at += characters

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the objects of a JSON array that has begun. Raises ConsoleError."""
        number = 0
        while True:
            number += 1
            if len(self._text) - self._at < ENTRY_MAX:
                self._text = self.ahead(ENTRY_MAX + PIECE)
                self._at = 0
            self._space()
            if self._text.startswith("]", self._at):
                self._end()
                return
            if number > 1:
                self._expect(",", number)
                self._space()
            try:
                entry, after = self._decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                raise self._broken(number) from None
            if not isinstance(entry, dict) or after - self._at > ENTRY_MAX:
                raise self._broken(number)
            self._at = after
            yield entry

    def _space(self) -> None:
        while self._text[self._at : self._at + 1] in (" ", "\t", "\r", "\n"):
            self._at += 1

    def _expect(self, sign: str, number: int) -> None:
        if not self._text.startswith(sign, self._at):
            raise self._broken(number)
        self._at += 1

    def _end(self) -> None:
        """Read the rest, which says nothing, so that the file's hash is of all of it."""
        while self._hashed.piece():
            continue

    def _broken(self, number: int) -> ConsoleError:
        return ConsoleError(
            say(
                "Entry {number} of this JSON is no entry of a list of media, or the file was "
                "cut off. {nothing_done}",
                number=number,
                nothing_done=NOTHING_ADDED,
            )
        )
