"""What links nothing: the numbers and pages of the information pack, the sites that all use.

Whatever a reporter may have from our own pages must not make their report a relative of all others.
A desk adds its own (``linking``).
"""

from functools import cache

from app.console.occurrences.finding_occurrences import find
from app.reporter.content import DEFAULT_FOLDER


@cache
def of_information_pack() -> frozenset[tuple[str, str]]:
    """Return kind and value of every number and page in this program's information pack.

    Each is read as its country writes it.
    """
    found = set()
    for file in sorted(DEFAULT_FOLDER.glob("*/*.md")):
        region = {"uk": "GB"}.get(file.stem, file.stem.upper())
        text = file.read_text("utf-8")
        for start in range(0, len(text), 10_000):
            found |= {
                (one.kind.value, one.value)
                for one in find(text[start : start + 10_500], region=region)
                if one.kind.value in ("phone", "email", "url")
            }
    return frozenset(found)
