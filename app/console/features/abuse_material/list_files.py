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

from collections.abc import Collection
from pathlib import Path

from app.console.errors import ConsoleError
from app.console.features.abuse_material.gathered_hashes import NOTHING_ADDED, HashedFile, Read
from app.console.features.abuse_material.media_lists import read_media
from app.console.features.abuse_material.text_lists import read_lines
from app.sentences.translatable import say

FILE_MAX = 8 * 1024**3


def read(path: Path, categories: Collection[int]) -> Read:
    """Read a list; ``categories`` are those of a JSON list that count.

    Raises ConsoleError for what is no list or too large, OSError.
    """
    if not path.is_file():
        raise ConsoleError(
            say("{path} is no file. {nothing_done}", path=path, nothing_done=NOTHING_ADDED)
        )
    if path.stat().st_size > FILE_MAX:
        raise ConsoleError(
            say(
                "This file has more than {file_max} GB. {nothing_done}",
                file_max=FILE_MAX // 1024**3,
                nothing_done=NOTHING_ADDED,
            )
        )
    found, hashed = Read(), HashedFile(path.open("rb"))
    with hashed.file:
        beginning = hashed.file.peek(64)
        if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise ConsoleError(
                say(
                    "This file is written in UTF-16. Save it as UTF-8 first. {nothing_done}",
                    nothing_done=NOTHING_ADDED,
                )
            )
        if beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
            read_media(hashed, categories, found)
        else:
            read_lines(hashed, found)
    if not found.gathered.count:
        raise ConsoleError(
            say(
                "There is no hash in this file that counts. {nothing_done}",
                nothing_done=NOTHING_ADDED,
            )
        )
    found.sha256 = hashed.sha256.hexdigest()
    return found
