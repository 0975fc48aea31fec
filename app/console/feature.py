"""What a feature of the console registers: all that the rest of the console knows of it.

A feature is a folder in ``features/`` with its pages, templates, styles, scripts and tables. Its
module ``NAME_feature`` makes one ``Feature``; one line in ``features.all_features`` puts it into
the console, and without that line nothing of it is there. ``CONTRIBUTING.md`` goes through it.
"""

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter

from app.console.cases.case_model import Case, EventWords
from app.console.line.notices import Notice
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Transaction, Vault
from app.console.vault.database import feature_tables
from app.console.vault.database.feature_tables import FeatureTables


class Where(Enum):
    """In which consoles something is: those of real lines, of practice, or both."""

    EVERYWHERE = "everywhere"
    REAL = "real"
    PRACTICE = "practice"

    def includes(self, *, practice: bool) -> bool:
        """Return whether it is there in a console whose cases are made up, or in a real one."""
        return self is Where.EVERYWHERE or (self is Where.PRACTICE) == practice


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages, by their router.

    What changes something takes ``OurForm``, ``OurFields`` or ``OurFile``.
    """

    router: APIRouter
    where: Where = Where.EVERYWHERE


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the bar: its address, what the bar calls it; the lowest ``order`` stands first.

    ``hint`` is its tooltip: what is there, and its key.
    """

    address: str
    words: str
    order: int
    where: Where = Where.EVERYWHERE
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a case's page.

    Its name and title, what its template is given as ``its`` (None hides it; ``count`` of it stands
    on the tab); the lowest ``order`` stands first, at ``details`` beside the messages, on its
    ``tab``: triage, links, notes or more; at ``todo`` above them, as what is to be done. ``hint``
    says of a folded one what is in it.
    """

    name: str
    title: str
    values: Callable[[Case], dict[str, Any] | None]
    order: int
    template: str
    place: str = "details"
    folded: bool = False
    tab: str = "more"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """A style sheet in the feature's static/."""

    file: str
    where: Where = Where.EVERYWHERE


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """A row of the list of keys."""

    keys: tuple[str, ...]
    words: str
    where: Where = Where.EVERYWHERE


@dataclass(frozen=True, slots=True)
class SetupStep:
    """Something that a person sets once.

    What it is and why, the page where it is set (``posted`` if that is begun by a form), whether it
    is lacking in a vault (at that time, Unix seconds); the lowest ``order`` stands first.
    """

    words: str
    why: str
    address: str
    lacking: Callable[[Vault, TrustedLine, int], bool]
    order: int
    posted: bool = False


class CardValues(Protocol):
    """Says what a card shows."""

    def __call__(
        self, vault: Vault, known: TrustedLine, features: Sequence["Feature"], now: int
    ) -> dict[str, Any] | None:
        """Return what the template is given as ``its``, None to show no card."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands beside the list while no case is open, by its template."""

    template: str
    values: CardValues
    where: Where = Where.EVERYWHERE


LinkedCases = Callable[[Transaction, TrustedLine, Collection[str]], Mapping[str, tuple[str, ...]]]


class Watch(Protocol):
    """Goes on for as long as a console is served, beside its sync."""

    def __call__(self, console: Any) -> Coroutine[Any, Any, None]:
        """Go on until cancelled; ``console`` is the running one (``app.console.web``)."""


class Reading(Protocol):
    """Reads what is new of a vault."""

    def __call__(
        self, vault: Vault, now: int, *, on_progress: Callable[[int, int], None]
    ) -> object:
        """Read on; ``now`` is Unix seconds, ``on_progress`` hears how much of how much is done."""


@dataclass(frozen=True, slots=True)
class ReadOn:
    """What goes on after each sync from where it last stopped.

    In words, and a function that does it, in transactions of its own.
    """

    words: str
    read: Reading


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    ``folder`` is its own: templates/ are found there under ``name``/FILE, static/ is at the address
    /features/NAME/static.

    ``setup`` is what a person sets once; ``cards`` stand where no case is open; ``bar`` is a
    template in the bar of a real console, beside sync and lock.

    ``entrances`` are addresses in practice to which links on other pages may lead; ``unlock`` is a
    template that a real console shows where it asks for the passphrase; ``words`` say in a case's
    history what the feature noted there (None for what it does not know); ``before_case`` is done
    in the transaction before a case is shown (case, Unix seconds); ``notices`` are said after each
    sync.

    ``linked_cases`` say with which others each of many cases is linked, that with most first;
    ``settings`` are pages to which “This computer” leads; ``watch`` goes on beside the sync;
    ``reply_tool`` is a template among the tools of an answer.
    """

    name: str
    folder: Path
    pages: tuple[Pages, ...] = ()
    places: tuple[Place, ...] = ()
    sections: tuple[Section, ...] = ()
    styles: tuple[Style, ...] = ()
    scripts: tuple[str, ...] = ()
    keys: tuple[KeyHelp, ...] = ()
    setup: tuple[SetupStep, ...] = ()
    cards: tuple[Card, ...] = ()
    bar: str = ""
    entrances: frozenset[str] = frozenset()
    unlock: str = ""
    words: EventWords | None = None
    tables: FeatureTables | None = None
    before_case: Callable[[Transaction, str, int], None] | None = None
    read_on: ReadOn | None = None
    notices: Callable[[Vault, TrustedLine], list[Notice]] | None = None
    linked_cases: LinkedCases | None = None
    watch: Watch | None = None
    reply_tool: str = ""
    settings: tuple[Place, ...] = ()


def linked_cases(
    features: Iterable[Feature], tx: Transaction, known: TrustedLine, cases: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the cases that each of these is linked with, as features say; none for most."""
    found: dict[str, tuple[str, ...]] = {}
    for one in features:
        if one.linked_cases is not None:
            for case, others in one.linked_cases(tx, known, cases).items():
                found[case] = tuple(dict.fromkeys((*found.get(case, ()), *others)))
    return found


def bring_tables(vault: Vault, features: Iterable[Feature]) -> None:
    """Make what a vault lacks of the tables of these features. Raises VaultDamaged."""
    with vault.write() as tx:
        for one in features:
            if one.tables is not None:
                feature_tables.bring(tx, one.name, one.tables)
