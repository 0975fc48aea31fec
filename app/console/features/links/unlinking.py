"""What people say of links: dismissed, ignored, a desk's country; and all of it taken back.

    dismiss    a link is wrong, for good; with who and why, shared where the desk sees both cases
    ignore     a value links nothing, for a desk; choose_region: its country's numbers
    dismissals, ignored_at    what was said and stands, to be taken back by link_again and unignore

These judgements travel as signed operations (``rules.linked``). A desk that may not see one of two
cases is told nothing of either.
"""

from collections.abc import Sequence

from app.console.cases import casework
from app.console.cases.casework import Back
from app.console.errors import ConsoleError
from app.console.features.links.storage import links
from app.console.features.links.storage.links import HERE_ALONE, Dismissal, Value
from app.console.line.trusted_line import TrustedLine
from app.console.occurrences import phones
from app.console.occurrences.link_kinds import mark
from app.console.rules import changes, linked
from app.console.rules.changes import Change
from app.console.vault import Transaction
from app.console.vault.collaboration import desks
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import cases
from app.console.vault.records.case_lists import Listed
from app.protocol.encoding import b64u
from app.sentences.translatable import say

DISMISSALS_MOST = 100


def shared_desk(known: TrustedLine, one: Listed, other: Listed) -> str:
    """Return a desk of this console's that may see both cases; HERE_ALONE for none."""

    def sees(desk: str) -> bool:
        return all(not case.desks or desk in case.desks for case in (one, other))

    own = [desk for desk in known.own_desks() if sees(desk)]
    return one.home if one.home in own else own[0] if own else HERE_ALONE


def dismiss(
    tx: Transaction, known: TrustedLine, one: Listed, other: Listed, link: str, why: str, now: int
) -> tuple[Back, Sequence[Change]]:
    """Say for good that a link (its mark) is wrong; return how to undo it, and what was done.

    Raises ConsoleError without a reason.
    """
    if not why:
        raise ConsoleError(
            say("Say why these are not linked: others read it later. Nothing was done.")
        )
    desk = shared_desk(known, one, other)
    if desk == HERE_ALONE:
        who = b64u(known.owner.identity.vk)
        links.dismiss_here(tx, Dismissal(one.id, other.id, link, HERE_ALONE, who, why))
        audit_log.record(tx, AuditEvent(one.id, now, HERE, "unlinked", {"other": other.id}))
        return (), ()
    return casework.act_undoably(
        tx,
        known,
        desk,
        [changes.add(one.id, linked.UNLINKED, linked.unlinked_value(other.id, link, why))],
        now,
    )


def link_again(
    tx: Transaction, known: TrustedLine, one: str, other: str, link: str, now: int
) -> tuple[Back, Sequence[Change]]:
    """Take back every dismissal of a link that this console knows of."""
    back: list[tuple[str, tuple[Change, ...]]] = []
    made: list[Change] = []
    for dismissal in links.dismissed(tx, one):
        pair = {dismissal.case, dismissal.other}
        if dismissal.mark != link or pair != {one, other}:
            continue
        if dismissal.desk == HERE_ALONE:
            links.link_here(tx, dismissal)
            audit_log.record(tx, AuditEvent(dismissal.case, now, HERE, "linked", {"other": other}))
            continue
        state = cases.state(tx, dismissal.case, dismissal.desk)
        wanted = [
            changes.drop(
                dismissal.case,
                linked.UNLINKED,
                said.raw,
                state.tags(linked.UNLINKED, said.raw),
            )
            for said in linked.unlinked(state)
            if said.other == dismissal.other and said.mark == link
        ]
        undone, done = casework.act_undoably(tx, known, dismissal.desk, wanted, now)
        back += undone
        made += done
    return tuple(back), made


def ignore(
    tx: Transaction, known: TrustedLine, desk: str, kind: str, value: str, why: str, now: int
) -> tuple[Back, Sequence[Change]]:
    """Put a value on a desk's list of what links nothing.

    Returns how to take it back, and what was done. Raises ConsoleError without a reason.
    """
    if not why:
        raise ConsoleError(say("Say why this is ignored: others read it later. Nothing was done."))
    return _rule(
        tx,
        known,
        desk,
        linked.ignored_name(kind, value),
        linked.ignored_value(kind, value, why),
        now,
    )


def unignore(
    tx: Transaction, known: TrustedLine, desk: str, kind: str, value: str, now: int
) -> tuple[Back, Sequence[Change]]:  # fmt: skip
    """Take a value off a desk's list; return how to put it back, and what was done."""
    return _rule(tx, known, desk, linked.ignored_name(kind, value), "", now)


def choose_region(
    tx: Transaction, known: TrustedLine, desk: str, region: str, now: int
) -> tuple[Back, Sequence[Change]]:
    """Say whose telephone numbers are written without a country's code.

    Returns how to take it back, and what was done. Raises ConsoleError.
    """
    if region and region != linked.NO_REGION and region not in phones.regions():
        raise ConsoleError(say("There is no such country in the list. Nothing was done."))
    return _rule(tx, known, desk, linked.REGION, region, now)


def ignored_at(tx: Transaction, desk: str) -> list[linked.Ignored]:
    """Return a desk's list of what links nothing."""
    return linked.ignored(desks.state(tx, desk))


def dismissals(tx: Transaction, known: TrustedLine) -> list[tuple[Dismissal, Value | None]]:
    """Return every link that was dismissed here or at this console's desks, the latest first.

    Each with what it linked; None if that is in the case no longer.
    """
    found: list[tuple[Dismissal, Value | None]] = []
    marks: dict[str, dict[str, Value]] = {}
    for one in links.all_dismissed(tx, [HERE_ALONE, *known.own_desks()], DISMISSALS_MOST):
        if one.case not in marks:
            marks[one.case] = {
                mark(value.kind, value.value, theirs.value): value
                for value in links.values_of(tx, one.case)
                for theirs in (value, *links.alike(tx, value.id))
            }
        found.append((one, marks[one.case].get(one.mark)))
    return found


def _rule(
    tx: Transaction, known: TrustedLine, desk: str, name: str, value: str, now: int
) -> tuple[Back, Sequence[Change]]:
    before = desks.state(tx, desk).rule(name)
    made = [changes.rule(name, value)]
    casework.act(tx, known, desk, made, now)
    return ((desk, (changes.rule(name, before),)),), made
