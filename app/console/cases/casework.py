"""Everything that an investigator does to a case goes through here; so does what the team did.

    act        changes by whoever sits here: an operation is made, signed, kept to be sent
    act_undoably  the same, with how it is taken back
    apply      an accepted operation, own or received: joined to the cases' states and told
    undoing    the changes that take changes back

Both end in ``vault.custody.audit_log.record``, in the same transaction: nothing is done to a case
without its row there. What is not shared (private notes, files saved, answers) calls ``record``
itself.
"""

from collections.abc import Iterable, Sequence

from app.console.cases import stale_vault
from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes as change
from app.console.rules import log
from app.console.rules.changes import Change
from app.console.rules.merge import CaseState, DeskState, changed_cases, changed_desk
from app.console.vault import Transaction
from app.console.vault.collaboration import members, own_chain
from app.console.vault.collaboration.members import Welcome
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.copies import quarantine
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import AuditEvent
from app.console.vault.records import cases
from app.protocol.directory import Directory
from app.protocol.encoding import b64u, json_bytes
from app.protocol.operation import OPERATION_MAX, Operation, Seen, write_operation
from app.sentences.translatable import say

Back = tuple[tuple[str, tuple[Change, ...]], ...]
"""How something is taken back: by desk, the changes that say the opposite."""

_ENVELOPE = 2_400
"""Bytes kept free in an operation for all but its changes: author, hashes, heads of others."""


def act(
    tx: Transaction, known: TrustedLine, desk: str, wanted: Sequence[Change], now: int
) -> list[Operation]:
    """Make, keep and apply as many operations as the changes need.

    Raises ConsoleError where this console may not write for the desk, or must not yet.
    """
    if not wanted:
        return []
    directory, index = known.directory, known.index
    if directory is None or index is None or not may_write(directory, index, desk, wanted):
        raise ConsoleError(
            say(
                "This console reads for no team of this case, so nobody would see the change. "
                "Nothing was done."
            )
        )
    quarantine.refuse(tx, directory, index, desk)
    who = known.owner.identity
    journal = VaultLog(tx, known.owner.line.line_id, now)
    head = journal.head(desk, who.vk)
    stale_vault.refuse(tx, known, desk, head.seq, now)
    made = []
    for some in _packed(wanted):
        clock = log.tick(own_chain.clock(tx, desk), now)
        one = write_operation(
            who.signing_seed,
            known.owner.line.line_id,
            desk=desk,
            seq=head.seq + 1,
            previous=head.hash,
            heads=_news(journal, directory, desk, who.vk),
            directory=directory.hash,
            clock=clock,
            changes=tuple(some),
        )
        journal.accept(one, to_send=True)
        head = log.Head(one.seq, one.hash)
        apply(tx, one, now, mine=True)
        made.append(one)
    return made


def act_undoably(
    tx: Transaction, known: TrustedLine, desk: str, wanted: Sequence[Change], now: int
) -> tuple[Back, Sequence[Change]]:
    """Act for one desk; return how that is taken back, and what was done. Raises as ``act``."""
    back: list[Change] = []
    for one in wanted:
        back += undoing(cases.state(tx, one["case"], desk), [one])
    act(tx, known, desk, wanted, now)
    return ((desk, tuple(back)),), wanted


def apply(tx: Transaction, operation: Operation, now: int, *, mine: bool = False) -> None:
    """Join an accepted operation to the cases it names, and tell what was done.

    ``mine`` is one of this console's own, now or earlier.
    """
    last, came = own_chain.clock(tx, operation.desk), operation.clock
    reading = max(last, came) if mine else log.follow(last, came, now)
    own_chain.set_clock(tx, operation.desk, reading)
    for case, new in changed_cases(operation).items():
        cases.join(tx, case, operation.desk, new)
    if (said := changed_desk(operation)) != DeskState():
        cases.join_desk(tx, operation.desk, said)
    author = b64u(operation.author)
    for each in operation.changes:
        if not change.sensible(each):
            continue
        if each["do"] == "welcome":
            members.welcome(tx, operation.desk, each["member"], Welcome(author, each["scope"]))
        if "case" not in each:
            continue
        detail = {name: value for name, value in each.items() if name not in ("case", "do")}
        detail |= {
            "desk": operation.desk,
            "said_at": operation.clock[0],
            "operation": operation.hash.hex(),
        }
        audit_log.record(tx, AuditEvent(each["case"], now, author, each["do"], detail))


def may_write(
    directory: Directory, index: int, desk: str, wanted: Iterable[Change]
) -> bool:  # fmt: skip
    """Say whether an author's changes at a desk count.

    An active member's do; and a member of another desk may hand a case from that one to this one.
    """
    desks = {one.id for one in directory.desks}
    if desk not in desks or index not in directory.active:
        return False
    if index in directory.members({desk}):
        return True
    return all(
        one.get("do") == "hand"
        and one.get("to") == desk
        and one.get("from") in desks
        and index in directory.members({one["from"]})
        for one in wanted
    )


def undoing(state: CaseState, wanted: Sequence[Change]) -> list[Change]:
    """Return the changes that take a case back to ``state`` once ``wanted`` have been made.

    For sets that lack a value again, the tags are only known afterwards: they are left out here
    and filled in by ``fill_tags``. Notes, handings over and read marks cannot be taken back.
    """
    back: list[Change] = []
    for one in reversed(wanted):
        case, name = one["case"], one.get("name", "")
        if one["do"] == "set":
            back.append(change.put(case, name, state.get(name)))
        elif one["do"] == "add" and one["value"] not in state.values(name):
            back.append(change.drop(case, name, one["value"], []))
        elif one["do"] == "drop" and one["value"] in state.values(name):
            back.append(change.add(case, name, one["value"]))
    return back


def fill_tags(state: CaseState, wanted: Sequence[Change]) -> list[Change]:
    """Return the same changes, each drop naming the additions that are seen now."""
    return [
        {**one, "tags": state.tags(one["name"], one["value"])} if one["do"] == "drop" else one
        for one in wanted
    ]


def _packed(wanted: Sequence[Change]) -> list[list[Change]]:
    packs: list[list[Change]] = [[]]
    size = 0
    for one in wanted:
        cost = len(json_bytes(one)) + 1
        if packs[-1] and size + cost > OPERATION_MAX - _ENVELOPE:
            packs.append([])
            size = 0
        packs[-1].append(one)
        size += cost
    return packs


def _news(journal: VaultLog, directory: Directory, desk: str, own: bytes) -> tuple[Seen, ...]:
    """Return the heads of others that this console has seen and not yet named in its operations."""
    indexes = {one.vk: index for index, one in enumerate(directory.investigators)}
    fresh = journal.heads_since_own(desk, own)
    found = [Seen(indexes[vk], head.seq, head.hash) for vk, head in fresh.items() if vk in indexes]
    return tuple(found[:12])
