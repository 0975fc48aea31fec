"""A case goes to another team: asked for at once, done when the desk's changes are next sent.

Until then nothing of it is signed, so it can be undone without a trace at the other team. The case
closes here as soon as it is asked for.
"""

from app.console.cases import assessing, casework
from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, vocabulary
from app.console.rules.changes import STATUS, Change
from app.console.rules.danger import ASSESSED
from app.console.rules.merge import EARLIEST, CaseState
from app.console.vault import Transaction
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import cases, to_transfer
from app.console.vault.records.case_lists import Listed
from app.console.vault.records.to_transfer import PendingTransfer
from app.sentences.translatable import say

REQUESTED, UNDONE = "transfer-requested", "transfer-undone"
"""What the custody log says of it."""
_REFERRED = f"{vocabulary.CLOSED}/referred"


def check(
    tx: Transaction, known: TrustedLine, found: Listed, target: str, reason: str, now: int
) -> None:
    """Refuse what could not be sent either. Raises ConsoleError."""
    if target not in found.desks or target == found.home:
        raise ConsoleError(
            say(
                "The reporter did not choose that team, so the case cannot be transferred to it. "
                "Ask the reporter first. Nothing was done."
            )
        )
    if not reason:
        raise ConsoleError(say("Say why: the other team reads the reason. Nothing was done."))
    if to_transfer.find(tx, found.id) is not None:
        raise ConsoleError(say("This case is to be transferred already. Undo that first."))
    trial = tx.begin_nested()
    try:
        _send(tx, known, found.home, PendingTransfer(found.id, target, reason, "", now), now)
    finally:
        trial.rollback()


def ask(
    tx: Transaction, known: TrustedLine, found: Listed, target: str, reason: str, now: int
) -> tuple[list[Change], list[Change]]:
    """Close the case here and let it wait; return what was changed and what takes that back.

    Raises ConsoleError.
    """
    check(tx, known, found, target, reason, now)
    state = cases.state(tx, found.id, found.home)
    done = [changes.put(found.id, STATUS, _REFERRED), *assessing.assess(tx, found.id)]
    back = casework.undoing(state, done)
    casework.act(tx, known, found.home, done, now)
    waiting = PendingTransfer(found.id, target, reason, state.get(STATUS), now)
    to_transfer.keep(tx, waiting)
    detail = {"to": target, "reason": reason}
    audit_log.record(tx, AuditEvent(found.id, now, HERE, REQUESTED, detail))
    return done, back


def undo(tx: Transaction, known: TrustedLine, found: Listed, now: int) -> None:
    """Take it back, and open the case here again as it was. Raises ConsoleError once it went."""
    waiting = to_transfer.find(tx, found.id)
    take_off(tx, found.id, now)
    state = cases.state(tx, found.id, found.home)
    if waiting is not None and state.get(STATUS) == _REFERRED:
        put = changes.put(found.id, STATUS, waiting.status_before)
        again = [
            changes.drop(found.id, ASSESSED, mark, state.tags(ASSESSED, mark))
            for mark in _assessed_since_closed(state)
        ]
        casework.act(tx, known, found.home, [put, *again], now)


def _assessed_since_closed(state: CaseState) -> list[str]:
    """Return the marks of danger that were assessed by closing the case, or later.

    Its danger is nobody else's now: what is told again too much harms less than what is not.
    """
    (at, count, *_), _ = state.fields[STATUS]
    return [
        mark
        for mark in state.values(ASSESSED)
        if all(state.added.get(tag, EARLIEST) >= (at, count) for tag in state.tags(ASSESSED, mark))
    ]


def take_off(tx: Transaction, case: str, now: int) -> None:
    """Let a transfer wait no longer. Raises ConsoleError once it went."""
    if not to_transfer.forget(tx, case):
        raise ConsoleError(
            say("The transfer was sent already. It cannot be undone. Nothing was done.")
        )
    audit_log.record(tx, AuditEvent(case, now, HERE, UNDONE))


def send_pending(tx: Transaction, known: TrustedLine, now: int) -> None:
    """Sign all that wait, so that they go with what is packed next.

    What cannot go yet waits on; what was destroyed or merged out of this vault is gone with it.
    """
    for one in to_transfer.every(tx):
        found = cases.find(tx, one.case)
        if found is None:
            continue
        try:
            with tx.begin_nested():
                _send(tx, known, found.home, one, now)
                to_transfer.forget(tx, one.case)
        except ConsoleError:
            continue


def _send(tx: Transaction, known: TrustedLine, home: str, one: PendingTransfer, now: int) -> None:
    handed = changes.hand(one.case, home, one.target, one.reason)
    casework.act(tx, known, home, [handed], now)
    casework.act(tx, known, one.target, [handed], now)
