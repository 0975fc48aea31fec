"""Which cases a list shows: views, filters from the address, and views that were saved."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request

from app.console.cases.speakers import Speakers
from app.console.line.trusted_line import TrustedLine
from app.console.rules import vocabulary
from app.console.rules.changes import VALUE_MAX
from app.console.vault import Transaction
from app.console.vault.records import saved_views
from app.console.vault.records.case_lists import CaseFilter, Place
from app.sentences.translatable import say, say_as

SAVED_MAX = 20
VIEWS = {
    "open": say_as("cases", "Open"),
    "mine": say("Mine"),
    "unowned": say_as("cases", "Unassigned"),
    "danger": say("In danger"),
    "urgent": say_as("cases", "Urgent"),
    "unread": say("Unread"),
    "to-answer": say("To answer"),
    "overdue": say_as("cases", "Overdue"),
    "spoken": say("In my languages"),
    "unspoken": say("Needs interpreter"),
    "withdrawn": say("Permission withdrawn"),
    "closed": say_as("cases", "Closed"),
    "all": say("All"),
}
HINTS = {
    "open": say("Everything that is not closed, the most urgent first"),
    "mine": say("Open and assigned to you"),
    "unowned": say("Open and assigned to nobody"),
    "danger": say("Immediate danger, and danger that a reporter speaks of"),
    "urgent": say("Immediate danger, urgent, and danger that nobody has assessed"),
    "unread": say("Not read yet at this console"),
    "to-answer": say("The reporter wrote last"),
    "overdue": say("A deadline has passed"),
    "spoken": say("Written in a language that you speak"),
    "unspoken": say("Unassigned, and nobody in the team has said that they speak it"),
    "withdrawn": say("The reporter has withdrawn the permission of a team, and not given it again"),
    "closed": say("Closed, the last moved first"),
    "all": say("Open and closed"),
}
"""What each view holds, for its tooltip."""
EMPTY = {
    "open": say("No reports yet. When somebody writes to your teams, it appears here."),
    "mine": say("No case is assigned to you now."),
    "unowned": say("Every open case is assigned to somebody."),
    "danger": say("No open case tells of somebody in danger now."),
    "urgent": say("Nothing urgent."),
    "unread": say("Nothing unread."),
    "to-answer": say("Nobody is waiting for an answer."),
    "overdue": say("Nothing is overdue."),
    "spoken": say("Nothing in your languages. Say on the page Team which ones you speak."),
    "unspoken": say(
        "No unassigned case needs an interpreter, as far as your team has said what it speaks."
    ),
    "withdrawn": say("No reporter has withdrawn a permission."),
    "closed": say("Nothing has been closed."),
    "all": say("No reports yet. When somebody writes to your teams, it appears here."),
}
LANGUAGES_UNSAID = say(
    "Nobody has said which languages they work in (on the page Team), so none is missing."
)
"""Of the list of what nobody speaks, where it would else say the contrary of what is so."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the address asks for; members are text, empty where absent."""

    view: str = ""
    status: str = ""
    priority: str = ""
    owner: str = ""
    label: str = ""
    lang: str = ""
    desk: str = ""
    files: str = ""
    order: str = ""

    @property
    def shown(self) -> str:
        """The view of the bar that is marked."""
        return self.view if self.view in VIEWS else "open"

    @property
    def narrowed(self) -> bool:
        """Whether there is a filter beside the view."""
        return replace(self, view="", order="") != ListQuery()

    def query(self, **changes: str) -> str:
        """Return the address's part after the path for the same list, or for a changed one."""
        given = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        kept = {name: value for name, value in given.items() if value}
        if kept.get("view") == "open":
            del kept["view"]
        return "?" + urlencode(kept) if kept else ""


def list_query(request: Request) -> ListQuery:
    """Read the address; nonsense in it narrows nothing, or finds nothing, and never fails."""
    given = request.query_params
    return read(given)


def read(given: Mapping[str, str]) -> ListQuery:
    """Return what is asked for, out of an address or a form."""
    names = [one.name for one in fields(ListQuery)]
    return ListQuery(**{name: _plain(given.get(name, "")) for name in names})


TheList = Annotated[ListQuery, Depends(list_query)]


def wanted(one: ListQuery, known: TrustedLine, now: int, speakers: Speakers) -> CaseFilter:
    """Return what to ask the vault for."""
    base = _view(one.shown, known, now, speakers)
    owners = base.owner
    if one.owner == "me":
        owners = known.own_keys()
    elif one.owner:
        owners = ("",) if one.owner == "none" else (one.owner,)
    return replace(
        base,
        status=one.status,
        priority=one.priority,
        owner=owners,
        label=one.label,
        lang=one.lang,
        desk=one.desk,
        files=bool(one.files),
        by_time=one.order == "time" or one.shown == "closed",
    )


def all_views(known: TrustedLine, now: int, speakers: Speakers) -> dict[str, CaseFilter]:
    """Return what each view of the bar asks the vault for, by the view's name."""
    return {name: _view(name, known, now, speakers) for name in VIEWS}


def empty(view: str, speakers: Speakers, known: TrustedLine) -> str:
    """Return what a view's list says while nothing is in it."""
    unsaid = not any(speakers.said(desk) for desk in known.own_desks())
    return LANGUAGES_UNSAID if view == "unspoken" and unsaid else EMPTY[view]


def saved(tx: Transaction) -> dict[str, str]:
    """Return the names of saved views with their addresses."""
    return saved_views.all_saved(tx)


def save(tx: Transaction, name: str, one: ListQuery) -> None:
    """Save a list under a name; the oldest of too many goes."""
    saved_views.save(tx, name, "/" + one.query(), SAVED_MAX)


def forget(tx: Transaction, name: str) -> None:
    """Drop a saved view."""
    saved_views.forget(tx, name)


def place(text: str) -> Place | None:
    """Return where a page ended, from "rank-moved-id"; None for nonsense."""
    rank, _, rest = text.partition("-")
    moved, _, id_ = rest.partition("-")
    # No number here has more digits; a larger one would fit neither Python nor the vault.
    usable = all(one.isascii() and one.isdecimal() and len(one) <= 12 for one in (rank, moved))
    return (int(rank), int(moved), id_) if usable and id_ else None


def _view(name: str, known: TrustedLine, now: int, speakers: Speakers) -> CaseFilter:
    if name == "mine":
        return CaseFilter(open=True, owner=known.own_keys())
    if name == "spoken":
        return CaseFilter(open=True, spoken=speakers.of(known.own_keys()))
    if name == "unspoken":
        return CaseFilter(open=True, owner=("",), unspoken=speakers.by_desk())
    return {
        "open": CaseFilter(open=True),
        "unowned": CaseFilter(open=True, owner=("",)),
        "danger": CaseFilter(open=True, in_danger=True),
        "urgent": CaseFilter(open=True, urgent=True),
        "unread": CaseFilter(unread=True),
        "to-answer": CaseFilter(open=True, to_answer=True),
        "overdue": CaseFilter(open=True, due_before=now),
        "withdrawn": CaseFilter(withdrawn=True),
        "closed": CaseFilter(closed=True),
        "all": CaseFilter(),
    }[name]


def _plain(text: str) -> str:
    # What cannot be written as UTF-8 is nothing that could be found.
    usable = "\x00" not in text and len(text) <= VALUE_MAX and text.isprintable()
    return text.encode("utf-8", "ignore").decode() if usable else ""


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the filter's and the case's selections offer, as value and words."""
    closed = vocabulary.STATUSES[vocabulary.CLOSED]
    return {
        "statuses": list(vocabulary.STATUSES.items()),
        "priorities": list(vocabulary.PRIORITIES.items()),
        "dispositions": [
            (
                f"{vocabulary.CLOSED}/{name}",
                say("{status}: {disposition}", status=closed, disposition=words),
            )
            for name, words in vocabulary.DISPOSITIONS.items()
        ],
    }
