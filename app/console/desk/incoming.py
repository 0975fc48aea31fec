"""One body of kind ``desk``, opened and known to be from an investigator: what becomes of it."""

from dataclasses import dataclass
from typing import Any

from app.console.cases import casework, stale_vault
from app.console.desk import alarms, gaps, holdings, membership, silence
from app.console.line.trusted_line import TrustedLine
from app.console.rules import log, packing
from app.console.rules.log import Head, Verdict
from app.console.rules.packing import DeskBody
from app.console.vault import Rng, Transaction
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.copies import quarantine
from app.protocol.directory import Directory
from app.protocol.encoding import b64u
from app.protocol.errors import ProtocolError
from app.protocol.operation import Operation, open_operation
from app.sentences.translatable import say


@dataclass(slots=True)
class Received:
    """What a body was good for.

    Operations accepted, the copy of an answer (case, its body), a snapshot that is whole now.
    """

    desk: str = ""
    operations: int = 0
    copy: tuple[str, dict[str, Any]] | None = None
    snapshot: dict[str, Any] | None = None


def receive(
    tx: Transaction, known: TrustedLine, sender: int, raw: bytes, now: int, rng: Rng
) -> Received:
    """Take in a body from an investigator (index). Raises BadBody for one in no known form."""
    body = packing.read_desk_body(raw)
    directory, index = known.directory, known.index
    if directory is None or index is None or not membership.sits(directory, index, body.desk):
        return Received()
    journal = VaultLog(tx, known.owner.line.line_id, now)
    result = Received(body.desk)
    colleague = membership.sits(directory, sender, body.desk)
    name = directory.investigators[sender].label
    taking = _Taking(tx, known, directory, journal, name, now)
    if colleague:
        silence.note(tx, body.desk, directory.investigators[sender].vk, now)
        alarms.compare_directories(tx, known, name, body, now)
        if membership.is_young(tx, body.desk, index, now):
            _begin(taking, index, sender, body)
    for value in body.operations:
        result.operations += taking.take(body.desk, value)
    if not colleague:
        return result
    quarantine.heard(tx, body.desk)
    for head in gaps.compare(tx, known, journal, body, sender, now):
        author = directory.investigators[head.index].label
        text = say(
            "{name}'s console has another change number {seq} by {author} than this one: "
            "somebody is shown two histories. Call both and the agency.",
            name=name,
            seq=head.seq,
            author=author,
        )
        alarms.alarm(tx, text, now, name)
    own = journal.head(body.desk, known.owner.identity.vk).seq
    claimed = stale_vault.standing(tx, known, body.desk, own, now)
    if claimed is not None and claimed != stale_vault.PROVEN:
        alarms.alarm(tx, claimed, now, name)
    holdings.compare(tx, known, directory.investigators[sender].vk, body, now)
    gaps.give(tx, known, journal, sender, body, now, rng)
    result.copy = body.copy
    if body.part is not None and membership.is_young(tx, body.desk, index, now):
        part, vk = body.part, directory.investigators[sender].vk
        pieces = team.keep_part(
            tx, vk, body.desk, part.snapshot, part.place, part.count, part.data, now
        )
        if pieces is not None:
            result.snapshot = packing.read_snapshot(pieces)
    return result


def release(tx: Transaction, known: TrustedLine, now: int) -> int:
    """Take in what was held and need not wait any more; return how many operations."""
    directory = known.directory
    if directory is None:
        return 0
    journal = VaultLog(tx, known.owner.line.line_id, now)
    count = 0
    for desk in known.own_desks():
        for author in journal.held_authors(desk):
            if gaps.waits(journal, known, desk, author, now) or journal.forked(desk, author):
                continue
            name = known.label_of(b64u(author)) or "somebody"
            taking = _Taking(tx, known, directory, journal, name, now, waited=True)
            for number in journal.held_numbers(desk, author):
                for one in journal.held(desk, author, number):
                    count += taking.work_off(one)
    return count


@dataclass(slots=True)
class _Taking:
    tx: Transaction
    known: TrustedLine
    directory: Directory
    journal: VaultLog
    carrier: str
    now: int
    waited: bool = False
    """Whether what is taken in has waited for as long as it is to."""

    def take(self, desk: str, value: Any) -> int:
        """Take in one operation and what waited for it; return how many were accepted."""
        try:
            one = open_operation(value, self.known.owner.line.line_id)
        except ProtocolError:
            text = say(
                "{carrier}'s console passed on a change that is damaged or forged. It was "
                "refused; call them.",
                carrier=self.carrier,
            )
            alarms.alarm(self.tx, text, self.now, self.carrier)
            return 0
        if one.desk != desk:
            return 0
        return self.work_off(one)

    def work_off(self, operation: Operation) -> int:
        """Judge an operation, and keep it, apply it, or tell of it."""
        accepted = 0
        received = log.receive(
            self.journal, operation, member=self._may, now=self.now, waits=self._waits
        )
        for verdict, one in received:
            name = self._name(one.author)
            if verdict is Verdict.ACCEPTED:
                mine = one.author == self.known.owner.identity.vk
                casework.apply(self.tx, one, self.now, mine=mine)
                accepted += 1
                if one.clock[0] > self.now + log.FOLLOW_SECONDS:
                    alarms.alarm(self.tx, _far_ahead(name), self.now, name)
            elif verdict is Verdict.FORK:
                self.journal.keep_fork(one)
                text = say(
                    "There are two different changes number {seq} by {name} at {team}. Their case "
                    "store was copied, or their console is in other hands. The first was saved; "
                    "call them and the agency.",
                    seq=one.seq,
                    name=name,
                    team=self.known.desk_name(one.desk),
                )
                alarms.alarm(self.tx, text, self.now, name)
            elif verdict is Verdict.AHEAD:
                text = say(
                    "A change by {name} is dated more than a day ahead of this computer's clock. It"
                    " waits. Compare the clocks of both computers.",
                    name=name,
                )
                alarms.alarm(self.tx, text, self.now, name)
        return accepted

    def _may(self, one: Operation) -> bool:
        if one.author == self.known.owner.identity.vk:
            # Own ones come back to an old copy of a vault; nothing else proves that it is one.
            stale_vault.came_back(self.tx, self.journal, one)
        author = self._index(one.author)
        return author is not None and casework.may_write(
            self.directory, author, one.desk, one.changes
        )

    def _waits(self, one: Operation) -> bool:
        return not self.waited and gaps.waits(
            self.journal, self.known, one.desk, one.author, self.now
        )

    def _index(self, vk: bytes) -> int | None:
        for index, one in enumerate(self.directory.investigators):
            if one.vk == vk:
                return index
        return None

    def _name(self, vk: bytes) -> str:
        index = self._index(vk)
        return "somebody" if index is None else self.directory.investigators[index].label


def _far_ahead(name: str) -> str:
    return say(
        "A change by {name} is dated more than 18 hours ahead of this computer's clock."
        " Until then their word may win over what others say later. Compare the clocks "
        "of both computers.",
        name=name,
    )


def _begin(taking: _Taking, index: int, sender: int, body: DeskBody) -> None:
    """Take over where the sender says that its chain begins for this console, who came later."""
    vk = taking.directory.investigators[sender].vk
    for one in body.since:
        if one.index == index:
            taking.journal.begin_at(body.desk, vk, Head(one.seq, one.hash))
            for waiting in taking.journal.held(body.desk, vk, one.seq + 1):
                taking.work_off(waiting)
