"""Marks "never export", put on and taken off as signed operations that colleagues share."""

from collections.abc import Sequence

from app.console.cases import casework
from app.console.cases.casework import Back
from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes
from app.console.rules.changes import Change
from app.console.rules.never_export import NEVER_EXPORT, WHOLE_CASE
from app.console.vault import Transaction
from app.console.vault.attachments import files
from app.console.vault.records import cases
from app.console.vault.records.case_lists import Listed
from app.sentences.translatable import say


def put_on(
    tx: Transaction, known: TrustedLine, case: Listed, value: str, now: int
) -> tuple[Back, Sequence[Change]]:
    """Mark a case (``case``) or a file (its tree); return how to undo it, and what was done.

    Raises ConsoleError for a file that the case has not.
    """
    trees = {one.tree for one in files.of_case(tx, case.id) if one.tree}
    if value != WHOLE_CASE and value not in trees:
        raise ConsoleError(say("This case has no such file. Nothing was marked."))
    return casework.act_undoably(
        tx, known, case.home, [changes.add(case.id, NEVER_EXPORT, value)], now
    )


def take_off(
    tx: Transaction, known: TrustedLine, case: Listed, value: str, now: int
) -> tuple[Back, Sequence[Change]]:
    """Take a mark off wherever this console may; return how to undo it, and what was done."""
    back: list[tuple[str, tuple[Change, ...]]] = []
    made: list[Change] = []
    for desk in known.own_desks():
        tags = cases.state(tx, case.id, desk).tags(NEVER_EXPORT, value)
        if tags:
            dropped = changes.drop(case.id, NEVER_EXPORT, value, sorted(tags))
            undone, done = casework.act_undoably(tx, known, desk, [dropped], now)
            back += undone
            made += done
    return tuple(back), made
