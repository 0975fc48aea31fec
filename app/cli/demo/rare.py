"""What only a few of the demo's past cases have: letters, withdrawals, referrals, a legal hold.

Also what the desks have settled for themselves: who speaks what, whose telephone numbers they read.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from functools import partial

from app.cli.demo.caseload import SPEAKS, Caseload, CaseOf
from app.cli.demo.corpus import DAYS, SYNTHETIC, words
from app.cli.demo.reports import POLICE, SUPPORT
from app.console.cases import casework, retention
from app.console.features.letters import held_letters
from app.console.features.links import unlinking
from app.console.rules import changes, deadlines, keeping, referrals
from app.console.rules.changes import DUE, SNOOZE, STATUS
from app.console.rules.lifecycle import DAY, HOUR
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import notes
from app.protocol import bodies
from app.protocol.letter import NONCE_BYTES, letter_public

OPEN = ("acknowledged", "in-progress", "waiting")
COUNTRY = "GB"
CAUGHT_UP_DAYS = 5
"""So long ago everybody had read everything; then each went through their list once a week."""
RETAIN_MONTHS = "2"
LETTERS, REFERRALS, PRIVATE_NOTES = 3, 9, 2


def settle(load: Caseload) -> None:
    """Let each say what they speak, and each desk by whose rules it reads numbers."""
    began = load.now - DAYS * DAY
    for name, languages in SPEAKS.items():
        one = load.team.member(name)
        for desk in one.desks:
            casework.act(one.tx, one.known, desk, [changes.speak(languages)], began)
        load.team.share(name, began)
    head = load.team.member("ana")
    for desk in (SUPPORT, POLICE):
        unlinking.choose_region(head.tx, head.known, desk, COUNTRY, began)
        rule = changes.rule(keeping.KEEP_RULE, RETAIN_MONTHS)
        casework.act(head.tx, head.known, desk, [rule], began)
    load.team.share("ana", began)
    for days in range(CAUGHT_UP_DAYS, DAYS, 7):
        for hours, name in enumerate(SPEAKS):
            read_all = partial(load.team.catch_up, name)
            load.later(load.now - days * DAY + hours * HOUR, read_all)


def plan(load: Caseload) -> str:
    """Add the rare things to the cases that are planned, each to the first that it suits.

    Returns the case whose reporter agrees that another agency is told.
    """
    choice = _Choice(load)
    for place, one in enumerate(choice.take(_referred, REFERRALS)):
        load.later(load.after(one, 130), partial(_refer, load, one, place))
    (handed,) = choice.take(_to_be_handed, 1)
    load.later(load.now - 8 * DAY, partial(_hand, load, handed))
    for place, one in enumerate(choice.take(_both_desks, 2)):
        gone = list(one.past.desks) if place else [POLICE]
        load.later(load.now - (5 + 4 * place) * DAY, partial(_withdraw, load, one, gone))
    asking = choice.take(_letter_suits_closed, LETTERS - 1) + choice.take(_letter_suits, 1)
    for place, one in enumerate(asking):
        load.later(load.after(one, 150), partial(_ask_for_letter, load, one, place))
    (moved,) = choice.take(_letter_suits, 1)
    load.later(load.now - 12 * DAY, partial(_agree, load, moved))
    for days, one in zip((-2, 0, 1, 4), choice.take(_of_ana, 4), strict=True):
        day = dt.datetime.fromtimestamp(load.now + days * DAY, dt.UTC).date()
        made = changes.put(one.id, DUE, day.isoformat())
        load.later(load.now - 3 * HOUR, partial(_say, load, one, [made]))
    (asleep,) = choice.take(_open, 1)
    until = dt.datetime.fromtimestamp(load.now + 6 * DAY, dt.UTC).date()
    why = deadlines.write_snooze(until, "The interpreter is back on that day.")
    put_off = [changes.put(asleep.id, SNOOZE, why)]
    load.later(load.now - 2 * DAY, partial(_say, load, asleep, put_off))
    for one in choice.take(_of_ana, PRIVATE_NOTES):
        load.later(load.now - 4 * DAY, partial(_note_privately, load, one))
    (held,) = choice.take(lambda one: one.outcome == "closed/under-investigation", 1)
    load.later(load.after(held, 24 * 20), partial(_hold, load, held))
    (going,) = choice.take(lambda one: one.outcome == "closed/no-action", 1)
    load.later(load.now - 2 * DAY, partial(_schedule, load, going))
    return moved.id


class _Choice:
    """Chooses cases of some age whose worker speaks their language, each once."""

    def __init__(self, load: Caseload) -> None:
        self._left = [
            one
            for one in load.cases
            if not (one.past.network or one.past.noise) and one.past.repeats is None
            and one.past.day > 12 and load.spoken(one)
        ]  # fmt: skip

    def take(self, suits: Callable[[CaseOf], bool], count: int) -> list[CaseOf]:
        """Return so many that suit. Raises LookupError where there are fewer."""
        found = [one for one in self._left if suits(one)][:count]
        if len(found) < count:
            raise LookupError("The demo's past has too few cases for this.")
        self._left = [one for one in self._left if one not in found]
        return found


def _open(one: CaseOf) -> bool:
    return one.outcome in OPEN


def _of_ana(one: CaseOf) -> bool:
    return _open(one) and one.worker == "ana"


def _referred(one: CaseOf) -> bool:
    return one.outcome in ("closed/referred", "closed/victim-contacted")


def _letter_suits(one: CaseOf) -> bool:
    return _open(one) and _ana_may_answer(one)


def _letter_suits_closed(one: CaseOf) -> bool:
    return one.closed and _ana_may_answer(one)


def _ana_may_answer(one: CaseOf) -> bool:
    return one.worker == "ana" and one.past.answers["safe_to_reply"] == "yes"


def _both_desks(one: CaseOf) -> bool:
    return _open(one) and len(one.past.desks) == 2


def _to_be_handed(one: CaseOf) -> bool:
    return _both_desks(one) and one.worker == "ana"


def _say(load: Caseload, one: CaseOf, wanted: list[changes.Change], at: int) -> None:
    load.team.act(one.worker, one.id, wanted, at)


def _ask_for_letter(load: Caseload, one: CaseOf, place: int, at: int) -> None:
    n = os.urandom(NONCE_BYTES)
    keys = {"n": n.hex(), "pk": letter_public(one.code, n).hex()}
    load.say(one, bodies.LETTER_REQUEST, at, **keys)
    load.team.open(one.worker, one.id, at + HOUR)
    if place == LETTERS - 1:
        return  # the last one waits to be made
    who = load.team.member(one.worker)
    statement = list(held_letters.statements())[place]
    held_letters.issue(who.tx, who.known, one.id, statement, at + 2 * HOUR, checked=True)


def _refer(load: Caseload, one: CaseOf, place: int, at: int) -> None:
    kind = list(referrals.KINDS)[place % 4]
    id_, day = os.urandom(referrals.ID_BYTES).hex(), dt.datetime.fromtimestamp(at, dt.UTC).date()
    agreed = "wrote “yes, please” in the second message"
    made = referrals.offer(one.id, id_, kind, f"Example {referrals.KINDS[kind].lower()}")
    offered = referrals.step(one.id, id_, referrals.OFFERED, day, "", "")
    load.team.act(one.worker, one.id, [made, offered], at)
    if place % 3 == 2:
        declined = referrals.step(one.id, id_, referrals.DECLINED, day, "Not now.", "")
        load.team.act(one.worker, one.id, [declined], at + HOUR)
        return
    for state in (referrals.ACCEPTED, referrals.DONE)[: 1 + (place % 3 == 0)]:
        at += 2 * HOUR
        step = referrals.step(one.id, id_, state, day, "", agreed)
        load.team.act(one.worker, one.id, [step], at)


def _withdraw(load: Caseload, one: CaseOf, desks: list[str], at: int) -> None:
    load.say(one, bodies.WITHDRAWAL, at, desks=desks)


def _note_privately(load: Caseload, one: CaseOf, at: int) -> None:
    who = load.team.member(one.worker)
    text = words().note("private", one.place)
    notes.add(who.tx, one.id, f"{SYNTHETIC} {text}", at)
    audit_log.record(who.tx, AuditEvent(one.id, at, HERE, "private-note"))


def _hold(load: Caseload, one: CaseOf, at: int) -> None:
    who = load.team.member(one.worker)
    reason = "Court case EXAMPLE-12: keep until the judgment."
    retention.set_legal_hold(who.tx, who.known, one.id, reason, at)
    load.team.share(one.worker, at)


def _schedule(load: Caseload, one: CaseOf, at: int) -> None:
    who = load.team.member(one.worker)
    retention.schedule_destruction(who.tx, who.known, [one.id], at)
    load.team.share(one.worker, at)


def _hand(load: Caseload, one: CaseOf, at: int) -> None:
    """Hand a case from the desk for support to the police, both of which its reporter chose."""
    who = load.team.member(one.worker)
    handed = changes.hand(one.id, SUPPORT, POLICE, "She wants to make a statement.")
    closed = changes.put(one.id, STATUS, "closed/referred")
    casework.act(who.tx, who.known, SUPPORT, [handed, closed], at)
    casework.act(who.tx, who.known, POLICE, [handed], at)
    load.team.share(one.worker, at)


def _agree(load: Caseload, one: CaseOf, at: int) -> None:
    load.say(one, bodies.MESSAGE, at, text=words().consent)
    load.team.open(one.worker, one.id, at + HOUR)
