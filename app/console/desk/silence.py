"""When each colleague's console was heard last: each writes to its desks some times a day, always.

Gaps are found by what others say of a chain. A server that holds back all that one console sends,
or all that comes to one, leaves nothing to compare: what it cannot hide is the silence.
"""

from app.console.desk import membership
from app.console.line.trusted_line import Level, Notice, TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction, owner
from app.protocol.encoding import b64u

HEARD = "team_heard"
"""The fact that keeps, by desk and colleague (key, b64u), when a body of theirs came last."""
SILENT_DAYS = 7


def note(tx: Transaction, desk: str, sender: bytes, now: int) -> None:
    """Note that a body from a member of a desk has come."""
    heard = owner.fact(tx, HEARD) or {}
    heard.setdefault(desk, {})[b64u(sender)] = now
    owner.store_fact(tx, HEARD, heard)


def since(tx: Transaction, known: TrustedLine, desk: str, index: int) -> int | None:
    """Return when a colleague was heard last, or since when they sit there unheard (Unix s)."""
    if known.directory is None:
        return None
    heard = (owner.fact(tx, HEARD) or {}).get(desk, {})
    at = heard.get(b64u(known.directory.investigators[index].vk))
    return membership.at_desk_since(tx, desk, index) if at is None else int(at)


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
    text = (
        f"Nothing has come from {', '.join(sorted(names))} for more than {SILENT_DAYS} days, "
        "though every console that is open writes to its desks several times a day. If theirs was "
        "open, the server holds back what one of you sends: call them, and the agency."
    )
    return [Notice(Level.WARNING, text)]
