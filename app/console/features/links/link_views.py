"""Links as the templates need them: what was found in words, and the text around it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale

from app.console.features.links import linking, unlinking
from app.console.features.links.linking import Link, Rules
from app.console.features.links.storage import links
from app.console.features.links.storage.link_texts import FILE, MESSAGE, NOTE, PRIVATE
from app.console.features.links.storage.links import HERE_ALONE, Dismissal, Place, Value
from app.console.line.trusted_line import TrustedLine
from app.console.occurrences import phones
from app.console.occurrences.link_kinds import Kind, Sure
from app.console.rules import vocabulary, wording
from app.console.vault import Transaction
from app.console.vault.collaboration import link_statements
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import Listed
from app.console.web import case_views
from app.sentences.translatable import say
from app.sentences.values import CountryName, Listing

AROUND = 70
"""Characters shown before and after what was found."""
KINDS = {
    Kind.PHONE: say("Phone number"),
    Kind.EMAIL: say("E-mail"),
    Kind.USERNAME: say("User name"),
    Kind.URL: say("Website"),
    Kind.WALLET: say("Wallet"),
    Kind.ACCOUNT: say("Bank account"),
    Kind.PLATE: say("Plate"),
    Kind.ADDRESS: say("Address"),
    Kind.NAME: say("Name"),
    Kind.PICTURE: say("Picture"),
}
SURE = {Sure.SAME: say("confirmed"), Sure.LIKELY: say("probable"), Sure.MAYBE: say("possible")}
_WHERE = {
    MESSAGE: say("message"),
    NOTE: say("the team's note"),
    PRIVATE: say("your note"),
    FILE: say("file"),
}
SURE_HINTS = {
    Sure.SAME: say("Confirmed: the same stands in both, in a form that means nothing else"),
    Sure.LIKELY: say("Probable: the same stands in both, and could mean something else"),
    Sure.MAYBE: say("Possible: it may be chance; look at both places"),
}
_SHOWN_MOST = 27


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text around a find: what stands before, the find, what stands behind it.

    Of a picture that looks alike the file's name is the find, and ``file`` its number.
    """

    where: str
    before: str
    hit: str
    after: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class OtherCase:
    """A case at the other end of a link."""

    id: str
    name: str
    status: str
    owner: str
    sure: str
    sure_hint: str
    tone: str
    mark: str
    shared: bool
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class ValueView:
    """Something found in a case, and the cases that it links with."""

    kind: str
    kind_words: str
    value: str
    shown: str
    why: str
    evidence: list[Evidence]
    others: list[OtherCase]


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A link that a member said is wrong: of one case (``id``) with another."""

    what: str
    id: str
    name: str
    other: str
    other_name: str
    mark: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseLinks:
    """All that a case's page says of links."""

    linked: list[ValueView]
    common: list[ValueView]
    ignored: list[ValueView]
    alone: list[ValueView]
    dismissed: list[Dismissed]
    regions: str


def of_case(tx: Transaction, known: TrustedLine, case: str) -> CaseLinks:
    """Read what links a case."""
    found = linking.of_case(tx, Rules(tx, known), case)
    linked = {link.other for _, some in found.links for link in some}
    # One question for all: a case that shares seven things with eighteen others would ask 250.
    listed_here = {one.id: one for one in case_lists.by_id(tx, [case, *sorted(linked)])}
    listed = listed_here.get(case)
    linking_values = [value.id for value, _ in found.links]
    theirs = [link.theirs.id for _, some in found.links for link in some]
    alone = [value.id for value in found.alone]
    places = links.places(tx, {*linking_values, *theirs, *alone}, {case, *linked})

    def value_view(value: Value, some: Sequence[Link] = (), why: str = "") -> ValueView:
        return ValueView(
            kind=value.kind,
            kind_words=kind_words(value.kind),
            value=value.value,
            shown=shown(value),
            why=why,
            evidence=_evidence(places, known, value.id, case),
            others=[
                _other(
                    known,
                    listed,
                    listed_here.get(link.other),
                    link,
                    _evidence(places, known, link.theirs.id, link.other),
                )
                for link in some
            ],
        )

    return CaseLinks(
        linked=[value_view(value, some) for value, some in found.links],
        # Of what links nothing no words are shown.
        common=[value_view(value) for value in found.common],
        ignored=[value_view(value, why=why) for value, why in found.ignored],
        alone=[value_view(value) for value in found.alone],
        dismissed=[
            _dismissal(known, case, link.other, link.mine, said) for link, said in found.dismissed
        ],
        regions=countries(link_statements.regions_of(tx, listed.home if listed else "")),
    )


def countries(codes: Iterable[str]) -> str:
    """Return the English names of countries, a comma between them."""
    found = [country(code) for code in codes]
    return Listing.of(found) if found else ""


def country(code: str) -> str:
    """Return the name of a country by its code (ISO 3166), or the code."""
    return CountryName.of(code, str(Locale("en").territories.get(code, code)))


def shown(value: Value) -> str:
    """Return a value as people read it."""
    if value.kind == Kind.PHONE:
        return phones.shown(value.value)
    if value.kind in (Kind.NAME, Kind.ADDRESS):
        return value.value.title()
    if value.kind == Kind.PICTURE:
        return say("no. {number}", number=value.value[:6])
    return f"@{value.value}" if value.kind == Kind.USERNAME else value.value


def named(value: Value) -> str:
    """Return a value with the word for its kind."""
    return say("{kind} {value}", kind=kind_words(value.kind), value=shown(value))


def short(text: str) -> str:
    """Cut a text to what a node of the picture holds."""
    return text if len(text) <= _SHOWN_MOST else text[: _SHOWN_MOST - 1] + "…"


def kind_words(kind: str) -> str:
    """Return the word for a kind, such as Telephone or Plate."""
    return KINDS.get(Kind(kind), kind) if kind in set(Kind) else kind


def tone(sure: Sure) -> str:
    """Return same, likely or maybe: a class of the style sheet."""
    return sure.name.lower()


def _evidence(
    places: Mapping[tuple[int, str], list[Place]], known: TrustedLine, value: int, case: str
) -> list[Evidence]:
    """Return the texts in which a value stands in a case, where it stands."""
    return [_around(one, known) for one in places.get((value, case), ())]


def _other(
    known: TrustedLine,
    here: Listed | None,
    listed: Listed | None,
    link: Link,
    evidence: list[Evidence],
) -> OtherCase:
    shared = (
        here is not None
        and listed is not None
        and unlinking.shared_desk(known, here, listed) != HERE_ALONE
    )
    return OtherCase(
        id=link.other,
        name=case_views.case_name(link.other),
        status=vocabulary.status_words(listed.whole_status) if listed else "",
        owner=_owner(known, listed.owner) if listed else "",
        sure=SURE[link.sure],
        sure_hint=SURE_HINTS[link.sure],
        tone=tone(link.sure),
        mark=link.mark,
        shared=shared,
        evidence=evidence,
    )


def _owner(known: TrustedLine, owner: str) -> str:
    if not owner:
        return say("unassigned")
    if owner in known.own_keys():
        return say("assigned to you")
    return known.label_of(owner) or wording.has_left()


def dismissals(tx: Transaction, known: TrustedLine) -> list[Dismissed]:
    """Return every link that was dismissed, for the page of all links."""
    return [
        _dismissal(known, one.case, one.other, value, one)
        for one, value in unlinking.dismissals(tx, known)
    ]


def _dismissal(
    known: TrustedLine, case: str, other: str, value: Value | None, said: Dismissal
) -> Dismissed:
    who = say("You") if said.who in known.own_keys() else known.label_of(said.who)
    return Dismissed(
        what=named(value) if value else say("Something no longer there"),
        id=case,
        name=case_views.case_name(case),
        other=other,
        other_name=case_views.case_name(other),
        mark=said.mark,
        who=who or wording.has_left(),
        why=say("{reason} (in this case store alone)", reason=said.why)
        if said.desk == HERE_ALONE
        else said.why,
    )


def _around(place: Place, known: TrustedLine) -> Evidence:
    text, start, stop = place.text, place.start, place.stop
    where = _WHERE.get(place.source, place.source)
    if place.source == MESSAGE and place.part:
        where = say("answer to “{question}”", question=known.intake.question(place.part))
    first = max(0, start - AROUND)
    if first:
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    last = min(len(text), stop + AROUND)
    return Evidence(
        where,
        ("…" if first else "") + text[first:start],
        text[start:stop],
        text[stop:last] + ("…" if last < len(text) else ""),
        place.row if place.source == FILE else "",
    )
