"""Danger that a reporter speaks of: taken by who goes to look, assessed by whoever decides.

What nobody has had on the screen is not assessed by anything that is done: the page may be of
before it came, or it is the list. It is taken unread: who takes a case goes to look.
"""

from app.console.rules import changes, vocabulary
from app.console.rules.changes import PRIORITY, STATUS, Change
from app.console.rules.danger import ASSESSED, TAKEN
from app.console.vault import Transaction
from app.console.vault.records import cases

AT_ONCE = 200
"""Messages that one act assesses: more are a flood, and its rest stays where it is."""


def decides(name: str, value: str) -> bool:
    """Return whether setting a field of a case so says how urgent it is.

    To put it away as a duplicate does not: the case that stands for it stands for its danger.
    """
    if name == PRIORITY:
        return value != ""
    status, disposition = vocabulary.split_status(value)
    return name == STATUS and status == vocabulary.CLOSED and disposition != vocabulary.DUPLICATE


def assess(tx: Transaction, case: str) -> list[Change]:
    """Return the changes that say that what was read here of danger has been assessed."""
    marks = [one.mark for one in cases.unassessed(tx, case) if one.read]
    return [changes.add(case, ASSESSED, mark) for mark in marks[:AT_ONCE]]


def take(tx: Transaction, case: str) -> list[Change]:
    """Return the changes that say that somebody goes to look: what is here ends to alarm."""
    marks = [one.mark for one in cases.unassessed(tx, case) if not one.taken]
    return [changes.add(case, TAKEN, mark) for mark in marks[:AT_ONCE]]
