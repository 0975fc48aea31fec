"""When each colleague's console was heard last: each writes to its desks some times a day, always.

Gaps are found by what others say of a chain. A server that holds back all that one console sends,
or all that comes to one, leaves nothing to compare: what it cannot hide is the silence.
"""

from app.console.desk import membership
from app.console.line.notices import Level, Notice
from app.console.line.trusted_line import TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction
from app.console.vault.collaboration import members
from app.sentences.translatable import say
from app.sentences.values import Listing

SILENT_DAYS = 7


def note(tx: Transaction, desk: str, sender: bytes, now: int) -> None:
    """Note that a body from a member of a desk has come."""
    members.hear(tx, desk, sender, now)


def since(tx: Transaction, known: TrustedLine, desk: str, index: int) -> int | None:
    """Return when a colleague was heard last, or since when they sit there unheard (Unix s)."""
    if known.directory is None:
        return None
    at = members.heard(tx, desk, known.directory.investigators[index].vk)
    return membership.at_desk_since(tx, desk, index) if at is None else at


def notices(tx: Transaction, known: TrustedLine, now: int) -> list[Notice]:
    """Return those of whom nothing came for long, in words."""
    if known.directory is None or not known.active:
        return []
    names = {
        known.directory.investigators[index].label
        for desk in known.own_desks()
        for index in known.members(desk) - {known.index}
        if (at := since(tx, known, desk, index)) is not None and now - at > SILENT_DAYS * DAY
    }
    if not names:
        return []
    text = say(
        "Nothing has come from {names} for more than {silent_days} days, though every "
        "console that is open writes to its teams several times a day. If theirs was "
        "open, the server holds back what one of you sends: call them, and the agency.",
        names=Listing.of(sorted(names)),
        silent_days=SILENT_DAYS,
    )
    return [Notice(Level.WARNING, text)]
