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


@cache
def of_information_pack() -> frozenset[tuple[str, str]]:
    """Return kind and value of every number and page in this program's information pack.

    Each is read as its country writes it.
    """
    found = set()
    for file in sorted(DEFAULT_FOLDER.glob("*/*.md")):
        page = {"uk": "GB"}.get(file.stem, file.stem.upper())
        for entry in file.read_text("utf-8").split("\n## "):
            named = _COUNTRY.search(entry)
            regions = (named[1] if named else page,)
            found |= {
                (one.kind.value, one.value)
                for one in find_ways_to_reach(_NO_WORDS.sub("", entry), regions=regions)
                if one.kind.value in ("phone", "email", "url")
            }
    return frozenset(found)
