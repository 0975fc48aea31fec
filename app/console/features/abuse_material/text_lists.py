"""Reads a list that is text: a hash a line, or columns that a first line names."""

import csv
import re
from collections.abc import Iterator

from app.console.errors import ConsoleError
from app.console.features.abuse_material.gathered_hashes import (
    NOTHING_ADDED,
    HashedFile,
    Read,
    digest_of,
)
from app.sentences.translatable import say

LINE_MAX = 64 * 1024
_COLUMNS = frozenset(
    {"md5", "sha1", "sha256", "hash", "hashvalue"}
    | {f"{one}hash" for one in ("md5", "sha1", "sha256")}
    | {f"hash{one}" for one in ("md5", "sha1", "sha256")}
)
_PERCEPTUAL = ("photodna", "pdq", "phash", "dhash")


def read_lines(hashed: HashedFile, found: Read) -> None:
    """Read every line but remarks. Raises ConsoleError for one that has no hash."""
    columns: list[int] | None = None
    separator = ""
    for number, line in _numbered(hashed):
        if not line or line.startswith(("#", ";;")):
            continue
        if columns is None:
            columns, separator = _header(line)
            if columns:
                continue
        if columns:
            fields = _fields(line, separator, number)
            some = [digest_of(fields[one]) for one in columns if one < len(fields)]
        else:
            first = re.split(r"[\s,;]", line, maxsplit=1)[0].strip('"\\')
            some = [digest_of(first)]
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
                nothing_done=NOTHING_ADDED,
            )
        )
    return columns, separator


def _fields(line: str, separator: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except (csv.Error, StopIteration):
        raise _bad(number) from None


def _numbered(hashed: HashedFile) -> Iterator[tuple[int, str]]:
    """Yield each line with its number. Raises ConsoleError for one that is too long."""
    number = 0
    while line := hashed.file.readline(LINE_MAX + 1):
        number += 1
        if len(line) > LINE_MAX:
            raise _bad(number)
        hashed.sha256.update(line)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        # Only hashes are taken, in ASCII; names beside them may be in any encoding.
        yield number, line.decode("latin-1").strip()


def _bad(number: int) -> ConsoleError:
    return ConsoleError(
        say(
            "Line {number} of this file has no MD5, SHA-1 or SHA-256 where one was "
            "expected. {nothing_done}",
            number=number,
            nothing_done=NOTHING_ADDED,
        )
    )
