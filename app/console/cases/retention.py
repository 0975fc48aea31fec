"""Cases that a desk schedules for destruction, and each of its consoles destroys on that day.

    schedule_destruction  sets the day, a week ahead, for cases that are closed and not held:
                          shared, undoable
    set_legal_hold        keeps a case whatever the rule or colleagues say, with a reason; or
                          lets go of it
    destroy               what is due: nothing of it can be read from the vault afterwards
    survey                what the desk's rule proposes, what is due when, what is held and gone

The day, the hold and the rule are operations like any other (``rules.changes``), so consoles agree
once they have heard the same; each destroys its own copy, after a sync or when the page is opened.
Each counts the week by its own clock, from when it heard: no colleague's word makes it shorter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, keeping, vocabulary
from app.console.rules.merge import CaseState
from app.console.vault import Transaction, Vault, forgetting
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.collaboration import chain_gaps, desks
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import AuditEvent
from app.console.vault.records import case_lists, cases, messages
from app.console.vault.records.case_lists import CaseFilter, Listed
from app.sentences.translatable import say


@dataclass(frozen=True, slots=True)
class SurveyedCase:
    """A case and what is to become of it: a day and who set it (b64u), or why it is held."""

    case: Listed
    day: str = ""
    by: str = ""
    reason: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """Every closed case there is something to say of, at this console's desks."""

    proposed: list[SurveyedCase]
    scheduled: list[SurveyedCase]
    held: list[SurveyedCase]
    destroyed: list[AuditEvent]


def schedule_destruction(
    tx: Transaction, known: TrustedLine, chosen: Iterable[str], now: int
) -> int:
    """Set the day for each; return how many. Raises ConsoleError for one that is open or held."""
    return _say(tx, known, chosen, keeping.DESTROY_ON, keeping.destruction_day(now), now)


def cancel_destruction(tx: Transaction, known: TrustedLine, chosen: Iterable[str], now: int) -> int:
    """Take the day back."""
    return _say(tx, known, chosen, keeping.DESTROY_ON, "", now)


def set_legal_hold(tx: Transaction, known: TrustedLine, case: str, reason: str, now: int) -> None:
    """Hold a case, so that neither a rule nor a desk destroys it; an empty reason lets go of it."""
    _say(tx, known, [case], keeping.LEGAL_HOLD, reason, now)


def destroy(vault: Vault, known: TrustedLine, now: int) -> int:
    """Destroy what is due; return how many cases. What waits to be sent is sent first."""
    own, gone, folders = known.own_desks(), 0, set[str]()
    alone = {desk for desk in own if len(known.colleagues(desk)) < 2}
    with vault.read() as tx:
        due = [case for case in _marked(tx) if _author(tx, own, case, now) is not None]
    for case in due:
        with vault.write() as tx:
            author = _author(tx, own, case, now)
            if author is None or forgetting.unsent(tx, case, alone):
                continue
            mine = forgetting.case_folders(tx, case)
            forgetting.forget_case(tx, case, author, now)
            for desk in _desks(tx, case):
                state = keeping.stripped(cases.state(tx, case, desk))
                forgetting.keep_state(tx, case, desk, state)
        folders |= mine
        gone += 1
    if gone:
        vault.forget_old_pages()
        for name in folders:
            ChunkFolder(vault.files, name).remove()
    return gone


def kept_months(tx: Transaction, desk: str) -> int | None:
    """Return for how many months a desk keeps closed cases; None if it has no rule."""
    return keeping.read_months(desks.state(tx, desk).rule(keeping.KEEP_RULE))


def survey(tx: Transaction, known: TrustedLine, now: int) -> Survey:
    """Return what the page of retention shows."""
    found = Survey([], [], [], forgetting.destroyed(tx))
    own = known.own_desks()
    months = {desk: kept_months(tx, desk) for desk in own}
    for one in case_lists.inbox(tx, CaseFilter(closed=True, by_time=True), limit=1_000_000):
        if one.home not in own:
            continue
        state = cases.state(tx, one.id, one.home)
        if reason := state.get(keeping.LEGAL_HOLD):
            found.held.append(SurveyedCase(one, reason=reason))
        elif state.get(keeping.DESTROY_ON):
            day = keeping.day_here(state, _heard(tx, one.id))
            by = state.fields[keeping.DESTROY_ON][0][2]
            waits = one.unread > 0 or _last_in(tx, one.id) > state.fields[keeping.DESTROY_ON][0][0]
            found.scheduled.append(SurveyedCase(one, day, by, waits=waits))
        elif keeping.is_proposed(state, one.last_at, months[one.home], now):
            found.proposed.append(SurveyedCase(one))
    return found


def _say(
    tx: Transaction, known: TrustedLine, chosen: Iterable[str], name: str, value: str, now: int
) -> int:
    by_desk: dict[str, list[changes.Change]] = {}
    for case in chosen:
        found = cases.find(tx, case)
        if found is None:
            raise ConsoleError(say("There is no such case (any more). Nothing was done."))
        state = cases.state(tx, case, found.home)
        if name == keeping.DESTROY_ON and value and found.status != vocabulary.CLOSED:
            raise ConsoleError(say("Only closed cases can be destroyed. Nothing was done."))
        if name == keeping.DESTROY_ON and value and state.get(keeping.LEGAL_HOLD):
            raise ConsoleError(say("One of these cases is on legal hold. Nothing was done."))
        if state.get(name) != value:
            by_desk.setdefault(found.home, []).append(changes.put(case, name, value))
    for desk, made in by_desk.items():
        casework.act(tx, known, desk, made, now)
    return sum(map(len, by_desk.values()))


def _marked(tx: Transaction) -> list[str]:
    return list(dict.fromkeys(case for case, _ in forgetting.marked(tx)))


def _desks(tx: Transaction, case: str) -> list[str]:
    return [desk for one, desk in forgetting.marked(tx) if one == case]


def _author(tx: Transaction, own: list[str], case: str, now: int) -> str | None:
    """Return who gave a case up (b64u) that is due and of which anything is left, else None."""
    found = cases.find(tx, case)
    if found is None:
        return _left_over([cases.state(tx, case, desk) for desk in _desks(tx, case)])
    if _stays_open(found, cases.state(tx, case, found.home)):
        return None
    # Every desk of this console's that has said anything of the case must have given it up.
    said = [cases.state(tx, case, desk) for desk in sorted({found.home, *found.desks} & set(own))]
    states = [state for state in said if state != CaseState()]
    if not keeping.is_due(states, _last_in(tx, case), found.unread, _heard(tx, case), now):
        return None
    return states[0].fields[keeping.DESTROY_ON][0][2]


def _stays_open(found: Listed, state: CaseState) -> bool:
    """Say whether a closed case is among the open ones: it stands for others, merged all round."""
    return keeping.is_closed(state) and found.status != vocabulary.CLOSED


def _left_over(states: list[CaseState]) -> str | None:
    """Return who gave up a destroyed case, if words about it have come since."""
    for state in states:
        if state != keeping.stripped(state):
            return state.fields[keeping.DESTROY_ON][0][2]
    return None


def _heard(tx: Transaction, case: str) -> int:
    """Return when this console last heard something that decides, or misses a change that may.

    What came with a snapshot has no time of its own, so then it is when it first heard of the case.
    """
    log = audit_log.of_case(tx, case)
    said = (one.at for one in log if one.what == "set" and one.detail["name"] in keeping.DECIDING)
    heard = max(said, default=log[-1].at if log else 0)
    return max(heard, chain_gaps.noticed(tx, _desks(tx, case)))


def _last_in(tx: Transaction, case: str) -> int:
    """Return when the reporter's last message came."""
    came = [one.at for one in messages.messages_of(tx, case) if one.direction == "in"]
    return max(came, default=0)
