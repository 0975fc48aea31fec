"""Every occurrence of a text: the one way into this room. Pure.

An occurrence says where it stands, so that the words around it can be shown beside every link: a
link that cannot be looked at is not believed. What one recogniser has taken, no later one reads
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.console.occurrences import money, names, phones, plates, postal_addresses, web
from app.console.occurrences.disjoint_spans import DisjointSpans
from app.console.occurrences.link_kinds import TRACES, WHERE, WHO, Occurrence
from app.console.occurrences.plain_text import flat

TEXT_MAX = 20_000
"""Characters of one text that are read: more than a message holds."""
OCCURRENCES_MAX = 200
"""Of one text: who writes more of them wants to link everything."""
VALUE_MAX = 200


def find(text: str, *, part: str = "", regions: Sequence[str] = ()) -> list[Occurrence]:
    """Return every occurrence of a text, in the order in which they stand.

    ``part`` is the question whose answer the text is, ``regions`` the countries (ISO 3166, two
    letters) whose telephone numbers are written without their code: the first of them in whose
    plan a number is.
    """
    text = text[:TEXT_MAX]
    plain = flat(text)
    found = _ways_to_reach(plain, regions)
    found.take(postal_addresses.addresses(found.rest(plain), stated=part == WHERE))
    found.take(plates.plates(found.rest(plain), stated=part == TRACES))
    found.take(web.usernames(plain))
    found.take(names.find(text, stated=part == WHO))
    return found.in_order()


def find_ways_to_reach(text: str, *, regions: Sequence[str] = ()) -> list[Occurrence]:
    """Return what ``find`` finds before all else, in half the time: mail, pages, money, phones."""
    return _ways_to_reach(flat(text[:TEXT_MAX]), regions).in_order()


def _ways_to_reach(plain: str, regions: Sequence[str]) -> DisjointOccurrences:
    found = DisjointOccurrences()
    found.take(web.emails(plain))
    found.take(web.urls(plain))
    found.take(money.accounts(plain))
    found.take(money.wallets(plain))
    found.take(phones.drama(plain, regions))
    for place, region in enumerate(regions or [""]):
        found.take(phones.find(found.rest(plain), region, first=not place))
    return found


class DisjointOccurrences:
    """Occurrences that do not overlap: who comes first keeps the place."""

    def __init__(self) -> None:
        self.occurrences: list[Occurrence] = []
        self._places = DisjointSpans()

    def in_order(self) -> list[Occurrence]:
        """Return them in the order in which they stand, as many as are taken from one text."""
        return sorted(self.occurrences, key=lambda one: one.start)[:OCCURRENCES_MAX]

    def rest(self, plain: str) -> str:
        """Return a text with a line's end in each place that is taken: nothing reads across it."""
        chars = list(plain)
        for one in self.occurrences:
            chars[one.start : one.end] = "\n" * (one.end - one.start)
        return "".join(chars)

    def take(self, more: Iterable[Occurrence]) -> None:
        """Add those whose places are free."""
        for one in more:
            if len(one.value) <= VALUE_MAX and self._places.take(one.start, one.end):
                self.occurrences.append(one)
