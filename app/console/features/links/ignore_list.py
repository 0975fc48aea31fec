"""What links nothing: the numbers and pages of the information pack, the sites that all use.

Whatever a reporter may have from our own pages must not make their report a relative of all others.
A desk adds its own (``linking``).
"""

import re
from functools import cache

from app.console.occurrences.finding_occurrences import find_ways_to_reach
from app.reporter.content import DEFAULT_FOLDER

_COUNTRY = re.compile(r"^country: ([A-Z]{2})$", re.MULTILINE)
# A day has the digits of a telephone number in some countries.
_NO_WORDS = re.compile(r"^(?:of|checked_on|signed|expires_on):.*$", re.MULTILINE)
_MAY_NAME = re.compile(r"^.*(?:\d|@|\w\.\w).*$", re.MULTILINE)
"""A line without a digit, an at or a point within a word names neither number nor page."""


@cache
def of_information_pack() -> frozenset[tuple[str, str]]:
    """Return kind and value of every number and page in this program's information pack.

    Each is read as its country writes it.
    """
    lines = set()
    for file in DEFAULT_FOLDER.glob("*/*.md"):
        page = {"uk": "GB"}.get(file.stem, file.stem.upper())
        for entry in file.read_text("utf-8").split("\n## "):
            named = _COUNTRY.search(entry)
            country = named[1] if named else page
            # The same number stands in every language: it is read once.
            lines |= {(country, line) for line in _MAY_NAME.findall(_NO_WORDS.sub("", entry))}
    found = set()
    for country, line in lines:
        found |= {
            (one.kind.value, one.value)
            for one in find_ways_to_reach(line, regions=(country,))
            if one.kind.value in ("phone", "email", "url")
        }
    return frozenset(found)
