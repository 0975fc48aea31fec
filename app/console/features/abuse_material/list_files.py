"""Reads a file of hashes that a person was given: hostile until read, bounded, by three forms.

    lines    one hash a line, alone or first in it, as ``sha256sum`` and ``md5sum`` write them
    columns  text with a first line that names columns, of which those called MD5, SHA-1 or SHA-256
             (in common spellings) are read
    media    JSON in the data model of Project VIC, version 2.0, which CAID's exports follow: a
             member "value" that lists media, each with a category and hashes

Of an entry with several hashes the longest is taken. Whatever is in no such form is refused with
its place, and nothing of it is kept. Perceptual hashes (PhotoDNA, PDQ) are not read: they compare
pictures by their looks, which needs their makers' own code.
"""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

from app.console.errors import ConsoleError
from app.console.vault.attachments.hash_lists import LENGTHS, Gathered
from app.sentences.translatable import say

HASHES_MAX = 10_000_000
FILE_MAX = 8 * 1024**3
LINE_MAX = 64 * 1024
ENTRY_MAX = 1024 * 1024
_PIECE = 1024 * 1024
_NOTHING_ADDED = say("Nothing was added.")
_HEX = re.compile(r"[0-9A-Fa-f]+\Z")
_COLUMNS = frozenset(
    {"md5", "sha1", "sha256", "hash", "hashvalue"}
    | {f"{one}hash" for one in ("md5", "sha1", "sha256")}
    | {f"hash{one}" for one in ("md5", "sha1", "sha256")}
)
_PERCEPTUAL = ("photodna", "pdq", "phash", "dhash")
_VALUE = re.compile(
    r'\s*\{\s*(?:"[@\w.]{1,80}"\s*:\s*"[^"\\]{0,400}"\s*,\s*){0,20}"value"\s*:\s*\['
)
_MARK = b"\xef\xbb\xbf".decode("latin-1")
_EMPTY = frozenset(
    hashlib.new(name, usedforsecurity=False).digest() for name in ("md5", "sha1", "sha256")
)
"""Of a file with nothing in it: lists made by machines have them."""


@dataclass(slots=True)
class Read:
    """What a file of hashes holds: the hashes, how many of each length, categories left out."""

    gathered: Gathered = field(default_factory=Gathered)
    lengths: Counter[int] = field(default_factory=Counter)
    left_out: Counter[int] = field(default_factory=Counter)
    sha256: str = ""

    def add(self, digest: bytes) -> None:
        """Take a hash. Raises ConsoleError for too many."""
        if digest in _EMPTY or not any(digest):
            return
        self.gathered.add(digest)
        self.lengths[len(digest)] += 1
        if self.gathered.count > HASHES_MAX:
            raise ConsoleError(
                say(
                    "This list has more than {number} hashes, the most that one may have. Nothing "
                    "was added.",
                    number=HASHES_MAX,
                )
            )

    def words(self) -> str:
        """Return how many hashes of which kind: "3 SHA-1, 2 MD5"."""
        return ", ".join(f"{self.lengths[one]:,} {LENGTHS[one]}" for one in sorted(self.lengths))


def read(path: Path, categories: Collection[int]) -> Read:
    """Read a list; ``categories`` are those of a JSON list that count.

    Raises ConsoleError for what is no list or too large, OSError.
    """
    if not path.is_file():
        raise ConsoleError(
            say("{path} is no file. {nothing_done}", path=path, nothing_done=_NOTHING_ADDED)
        )
    if path.stat().st_size > FILE_MAX:
        raise ConsoleError(
            say(
                "This file has more than {file_max} GB. {nothing_done}",
                file_max=FILE_MAX // 1024**3,
                nothing_done=_NOTHING_ADDED,
            )
        )
    found, hashed = Read(), _Hashed(path.open("rb"))
    with hashed.file:
        beginning = hashed.file.peek(64)
        if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise ConsoleError(
                say(
                    "This file is written in UTF-16. Save it as UTF-8 first. {nothing_done}",
                    nothing_done=_NOTHING_ADDED,
                )
            )
        if beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
            _media(hashed, categories, found)
        else:
            _lines(hashed, found)
    if not found.gathered.count:
        raise ConsoleError(
            say(
                "There is no hash in this file that counts. {nothing_done}",
                nothing_done=_NOTHING_ADDED,
            )
        )
    found.sha256 = hashed.sha256.hexdigest()
    return found


class _Hashed:
    """A file being read, and the SHA-256 of what was read of it."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def piece(self) -> bytes:
        found = self.file.read(_PIECE)
        self.sha256.update(found)
        return found

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line with its number. Raises ConsoleError for one that is too long."""
        number = 0
        while line := self.file.readline(LINE_MAX + 1):
            number += 1
            if len(line) > LINE_MAX:
                raise _bad(number)
            self.sha256.update(line)
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            # Only hashes are taken, in ASCII; names beside them may be in any encoding.
            yield number, line.decode("latin-1").strip()


def _lines(hashed: _Hashed, found: Read) -> None:
    columns: list[int] | None = None
    separator = ""
    for number, line in hashed.lines():
        if not line or line.startswith(("#", ";;")):
            continue
        if columns is None:
            columns, separator = _header(line)
            if columns:
                continue
        if columns:
            fields = _fields(line, separator, number)
            some = [_digest(fields[one]) for one in columns if one < len(fields)]
        else:
            first = re.split(r"[\s,;]", line, maxsplit=1)[0].strip('"\\')
            some = [_digest(first)]
        known = [one for one in some if one is not None]
        if not known:
            raise _bad(number)
        found.add(max(known, key=len))


def _header(line: str) -> tuple[list[int], str]:
    """Return the columns with hashes, and what stands between; none for a line that has a hash."""
    separator = next((one for one in ("\t", ";", ",") if one in line), ",")
    names = [re.sub(r"[^a-z0-9]", "", one.lower()) for one in _fields(line, separator, 1)]
    columns = [at for at, name in enumerate(names) if name in _COLUMNS]
    if not columns and any(one in name for name in names for one in _PERCEPTUAL):
        raise ConsoleError(
            say(
                "This list has perceptual hashes (PhotoDNA, PDQ …), by which pictures are "
                "compared by their looks. That is not supported: only lists of MD5, SHA-1 and "
                "SHA-256 are. {nothing_done}",
                nothing_done=_NOTHING_ADDED,
            )
        )
    return columns, separator


def _fields(line: str, separator: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except (csv.Error, StopIteration):
        raise _bad(number) from None


def _digest(text: object) -> bytes | None:
    """Return a hash that is written in hexadecimal digits; None for anything else."""
    if not isinstance(text, str):
        return None
    said = text.strip()
    if len(said) // 2 not in LENGTHS or len(said) % 2 or not _HEX.match(said):
        return None
    return bytes.fromhex(said)


def _media(hashed: _Hashed, categories: Collection[int], found: Read) -> None:
    """Read entries one by one, so that a list of any length takes the memory of one piece."""
    text = _Text(hashed)
    if text.ahead(_PIECE).startswith(_MARK):
        text.skip(len(_MARK))
    begun = _VALUE.match(text.ahead(_PIECE))
    if begun is None:
        raise ConsoleError(
            say(
                "This JSON is in no form that is known: it has no list of media as in Project "
                "VIC's data model 2.0. {nothing_done}",
                nothing_done=_NOTHING_ADDED,
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
                    nothing_done=_NOTHING_ADDED,
                )
            )
        seen[category] += 1
        if category not in categories:
            continue
        known = [_digest(entry.get(name)) for name in ("SHA256", "SHA1", "MD5")]
        some = [one for one in known if one is not None]
        if not some:
            raise ConsoleError(
                say(
                    "Entry {number} has no MD5, SHA-1 or SHA-256. {nothing_done}",
                    number=number,
                    nothing_done=_NOTHING_ADDED,
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
                nothing_done=_NOTHING_ADDED,
            )
        )
    found.left_out = Counter({one: n for one, n in seen.items() if one not in categories})


class _Text:
    """Text that comes in pieces, of which a little is looked at."""

    def __init__(self, hashed: _Hashed) -> None:
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
                self._text = self.ahead(ENTRY_MAX + _PIECE)
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
                nothing_done=_NOTHING_ADDED,
            )
        )


def _bad(number: int) -> ConsoleError:
    return ConsoleError(
        say(
            "Line {number} of this file has no MD5, SHA-1 or SHA-256 where one was "
            "expected. {nothing_done}",
            number=number,
            nothing_done=_NOTHING_ADDED,
        )
    )
