"""What is new of links, by what links: one plate in eight cases is one row."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.console.features.links.linking import CaseNews
from app.console.features.links.storage.links import Value


@dataclass(frozen=True, slots=True)
class ValueNews:
    """Something that came to cases (``fresh``) while others had it, or one name like it.

    ``others`` are those, none of them fresh; ``mine``: one of all is this person's; ``at`` is when
    it came last (Unix seconds).
    """

    value: Value
    fresh: tuple[str, ...]
    others: tuple[str, ...]
    mine: bool
    at: int


def by_value(news: Iterable[CaseNews]) -> list[ValueNews]:
    """Put news of one value together: own cases' first, and of those the latest."""
    grouped: dict[int, list[CaseNews]] = {}
    for one in news:
        grouped.setdefault(one.value.id, []).append(one)
    found = []
    for some in grouped.values():
        fresh = tuple(dict.fromkeys(one.case for one in some))
        others = dict.fromkeys(other for one in some for other in one.others)
        found.append(
            ValueNews(
                some[0].value,
                fresh,
                tuple(other for other in others if other not in fresh),
                any(one.mine for one in some),
                max(one.at for one in some),
            )
        )
    return sorted(found, key=lambda one: (not one.mine, -one.at))
