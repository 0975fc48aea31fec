"""Links between cases as people see them: found on each console in what it can read, and told.

    of_case    what links a case to others, and what does not and why
    news       what is to be told: to the owners first

What people say of links is ``unlinking``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.console.features.links.ignore_list import of_information_pack
from app.console.features.links.storage import links
from app.console.features.links.storage.links import COMMON, Dismissal, Value
from app.console.line.notices import Level, Notice
from app.console.line.trusted_line import TrustedLine
from app.console.occurrences.link_kinds import Kind, Sure, mark
from app.console.vault import Transaction, Vault
from app.console.vault.records import cases
from app.sentences.translatable import say, say_count

OUR_OWN = say("from our own pages")
_DESK = say("said by the team")


@dataclass(frozen=True, slots=True)
class Link:
    """A case has a value (``mine``) in common with another one, or a name like ``theirs`` there."""

    mine: Value
    other: str
    theirs: Value
    sure: Sure
    mark: str


@dataclass(slots=True)
class FoundLinks:
    """What was found in a case, by what it means.

    Values with their links; such as link nothing, with the reason; in too many cases; in no other;
    and the links that were dismissed.
    """

    links: list[tuple[Value, list[Link]]] = field(default_factory=list)
    ignored: list[tuple[Value, str]] = field(default_factory=list)
    common: list[Value] = field(default_factory=list)
    alone: list[Value] = field(default_factory=list)
    dismissed: list[tuple[Link, Dismissal]] = field(default_factory=list)


class Rules:
    """What links nothing at this console: our own pages' numbers, the line's, the desks' lists."""

    def __init__(self, tx: Transaction, known: TrustedLine) -> None:
        line = known.owner.line
        addresses = (line.server, line.onion, line.investigators)
        self._hosts = {urlsplit(one).hostname for one in addresses if one}
        self._ignored = links.ignored(tx, known.own_desks())

    def why_ignored(self, value: Value) -> str:
        """Return why a value links nothing; empty if it may."""
        if (value.kind, value.value) in of_information_pack():
            return OUR_OWN
        if value.kind == Kind.URL and value.value.split("/")[0].split("?")[0] in self._hosts:
            return OUR_OWN
        why = self._ignored.get((value.kind, value.value))
        return "" if why is None else why or _DESK


@dataclass(frozen=True, slots=True)
class CaseNews:
    """News for a person: the case, what came, the other cases; whether one of them is theirs."""

    case: str
    value: Value
    others: tuple[str, ...]
    mine: bool
    at: int


def of_case(tx: Transaction, rules: Rules, case: str) -> FoundLinks:
    """Return everything found in a case, sorted by what it means."""
    found = FoundLinks()
    against: dict[tuple[str, str], Dismissal] = {}
    for one in links.dismissed(tx, case):
        other = one.other if one.case == case else one.case
        against.setdefault((other, one.mark), one)
    values = links.values_of(tx, case)
    surest, alike = links.surest(tx, case), links.alike_of(tx, {one.id for one in values})
    for value in values:
        if why := rules.why_ignored(value):
            found.ignored.append((value, why))
            continue
        every = list(_links(tx, case, value, alike.get(value.id, ()), surest[value.id]))
        if len(every) >= COMMON:
            found.common.append(value)
            continue
        standing = []
        for link in every:
            dismissal = against.get((link.other, link.mark))
            if dismissal is None:
                standing.append(link)
            else:
                found.dismissed.append((link, dismissal))
        if standing:
            found.links.append((value, sorted(standing, key=lambda one: -one.sure)))
        elif not every:
            found.alone.append(value)
    found.links.sort(key=lambda pair: -pair[1][0].sure)
    return found


def news(tx: Transaction, known: TrustedLine) -> list[CaseNews]:
    """Return what is still to be told, that of own cases first, and of those the latest."""
    rules, own = Rules(tx, known), known.own_keys()
    result = []
    owners: dict[str, str] = {}
    found: dict[str, FoundLinks] = {}
    for one in links.news(tx):
        if rules.why_ignored(one.value):
            continue
        if one.case not in found:
            found[one.case] = of_case(tx, rules, one.case)
        others = [
            link.other
            for value, some in found[one.case].links
            if value.id == one.value.id
            for link in some
        ]
        if not others:
            continue
        for case in (one.case, *others):
            if case not in owners:
                listed = cases.find(tx, case)
                owners[case] = listed.owner if listed else ""
        mine = any(owners[case] in own for case in (one.case, *others))
        result.append(CaseNews(one.case, one.value, tuple(others), mine, one.at))
    return sorted(result, key=lambda one: (not one.mine, -one.at))


def notices(vault: Vault, known: TrustedLine) -> list[Notice]:
    """Return a sentence where cases of this person's are newly linked, until they have looked."""
    with vault.read() as tx:
        mine = [one for one in news(tx, known) if one.mine]
    count = len({one.case for one in mine})
    if not count:
        return []
    text = say_count(
        "A case of yours and another one have something in common that is new: see Links.",
        "Cases of yours and {count} others have something in common that is new: see Links.",
        count,
    )
    return [Notice(Level.INFO, text)]


def _links(
    tx: Transaction, case: str, value: Value, alike: Iterable[Value], here: int
) -> Iterator[Link]:
    seen = {case}
    for theirs in (value, *alike):
        for other, there in links.sure_in(tx, theirs.id).items():
            if other in seen:
                continue
            if len(seen) > COMMON:
                return
            seen.add(other)
            sure = Sure(min(here, there))
            yield Link(value, other, theirs, sure, mark(value.kind, value.value, theirs.value))
