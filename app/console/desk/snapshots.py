"""A desk's cases for a member who came later: all, the open ones, or none, as a member chooses.

A snapshot carries merged states, reporters' keys and messages, vouched for by who sends it alone.
So it is taken only by a console that came to the desk not long ago, and what it brings says who
passed it on. Messages go along only where their reporter chose the desk, and nothing of a case
whose reporter has taken that back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.console.cases import casework
from app.console.desk import membership
from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, packing
from app.console.rules.body import Body, read_body
from app.console.rules.merge import CaseState, DeskState
from app.console.rules.packing import DeskBody
from app.console.rules.passed import within, within_desk
from app.console.vault import Rng, Transaction
from app.console.vault.collaboration import desks, team
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import AuditEvent
from app.console.vault.records import case_lists, cases, messages
from app.console.vault.records.case_lists import CaseFilter, Listed
from app.protocol.bodies import WITHDRAWAL
from app.protocol.encoding import b64u, unb64u
from app.protocol.errors import BadBody, ProtocolError
from app.protocol.recipients import Recipient
from app.sentences.translatable import say

ALL, OPEN, NONE = "all", "open", "none"
SCOPES = (OPEN, ALL, NONE)
SNAPSHOT_ID_BYTES = 16
_MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class SentCase:
    """A case of a snapshot: its state, its reporter's keys, messages as they came and as read."""

    id: str
    state: CaseState
    reporter: Recipient
    messages: tuple[tuple[bytes, Body], ...]


def give(
    tx: Transaction, known: TrustedLine, desk: str, index: int, scope: str, now: int, rng: Rng
) -> int:
    """Put a desk's cases, and what was said of the desk, into bodies for its new member.

    Tells the desk so, and returns how many cases. Raises ConsoleError, BadBody for more than a
    snapshot holds.
    """
    directory = known.directory
    if directory is None or scope not in SCOPES or not membership.sits(directory, index, desk):
        raise ConsoleError(say("This member is not in the team (any more). Nothing was sent."))
    new = directory.investigators[index]
    chosen = [] if scope == NONE else [_case(tx, desk, one) for one in _of_desk(tx, desk, scope)]
    said = desks.state(tx, desk)
    contents: list[dict[str, Any]] = [{"cases": some} for some in packing.split_snapshot(chosen)]
    if said != DeskState():
        contents.append({"cases": [], "desk": said.to_json()})
    about = DeskBody(desk, directory.version, directory.hash)
    for content in contents:
        for body in packing.write_snapshot(about, content, rng(SNAPSHOT_ID_BYTES).hex(), rng):
            team.queue_body(tx, desk, new.vk, body, now)
    casework.act(tx, known, desk, [changes.welcome(b64u(new.vk), scope)], now)
    return len(chosen)


def cases_of(content: dict[str, Any]) -> Iterator[SentCase]:
    """Yield what a snapshot carries, read with distrust. Raises BadBody."""
    try:
        for one in content["cases"]:
            keys = [unb64u(key) for key in one["keys"]]
            reporter = Recipient(*keys)
            if messages.case_id(reporter) != one["case"]:
                raise BadBody(say("A snapshot gives a case another reporter's keys."))
            raw = [unb64u(text) for text in one["messages"]]
            state = CaseState.from_json(one["state"])
            yield SentCase(one["case"], state, reporter, tuple((b, read_body(b)) for b in raw))
    except (*_MALFORMED, ProtocolError) as error:
        raise BadBody(say("A snapshot is not in its form.")) from error


def take_in_desk(
    tx: Transaction, known: TrustedLine, desk: str, content: dict[str, Any], now: int
) -> int:
    """Join what a snapshot says of the desk itself, on the same terms.

    Returns how many things were left out. Raises BadBody.
    """
    if "desk" not in content:
        return 0
    if known.index is None or not membership.is_young(tx, desk, known.index, now):
        raise BadBody(say("Only somebody new in a team is told of it."))
    try:
        said = DeskState.from_json(content["desk"])
    except _MALFORMED as error:
        raise BadBody(say("A snapshot is not in its form.")) from error
    kept, left_out = within_desk(said, now)
    cases.join_desk(tx, desk, kept)
    return left_out


def take_in(
    tx: Transaction, known: TrustedLine, desk: str, one: SentCase, author: str, now: int
) -> int:
    """Join a case's state, passed on by ``author`` (b64u), if this console is new at the desk.

    Returns how many things were left out, since no operation says such. Raises BadBody.
    """
    if known.index is None or not membership.is_young(tx, desk, known.index, now):
        raise BadBody(say("Only somebody new in a team is given its cases."))
    kept, left_out = within(one.state, now)
    cases.join_passed(tx, one.id, desk, kept, author)
    detail = {"desk": desk}
    audit_log.record(tx, AuditEvent(one.id, now, author, "snapshot", detail))
    return left_out


def _of_desk(tx: Transaction, desk: str, scope: str) -> list[str]:
    wanted = CaseFilter(desk=desk, open=scope == OPEN, by_time=True)
    found = case_lists.inbox(tx, wanted, limit=1_000_000)
    # A case from another line has no keys by which a colleague's console could know it again.
    return [
        one.id
        for one in found
        if messages.can_answer(tx, one.id) and not _taken_back(tx, desk, one)
    ]


def _taken_back(tx: Transaction, desk: str, one: Listed) -> bool:
    """Say whether the reporter withdrew the desk's permission: no new member reads it then."""
    if desk in one.desks:
        return False
    said = messages.messages_of(tx, one.id)
    return any(m.body.kind == WITHDRAWAL and desk in m.body.desks for m in said)


def _case(tx: Transaction, desk: str, case: str) -> dict[str, Any]:
    reporter = messages.reporter(tx, case)
    received = [
        one
        for one in messages.messages_of(tx, case)
        if one.direction == "in" and (not one.body.desks or desk in one.body.desks)
    ]
    return {
        "case": case,
        "state": cases.state(tx, case, desk).to_json(),
        "keys": [
            b64u(key) for key in (reporter.fetch, reporter.dh, reporter.mlkem, reporter.xwing)
        ],
        "messages": [b64u(one.raw) for one in received],
    }
