"""The three consoles of the demo at work on a past, without a server between them.

Each step is done by the console's own code in the vault of who does it, at a time that is passed
in: no clock is read here. What one of them signs is judged and joined in the others' vaults by the
rules by which a console takes in what it receives. One transaction a vault, so the whole past is
there or nothing.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from app.cli.demo.synthetic_pictures import draw
from app.cli.demo.world import World
from app.console.cases import assessing, casework
from app.console.errors import ConsoleError
from app.console.feature import bring_tables
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, log
from app.console.rules.body import read_body
from app.console.rules.changes import Change
from app.console.rules.log import Verdict
from app.console.sync import deliver, receive
from app.console.vault import Transaction, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.attachments.files import FileState
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.installation import owner
from app.console.vault.records import case_lists, cases, messages
from app.console.vault.records.case_lists import CaseFilter
from app.protocol import bodies
from app.protocol.attachments import KEY_BYTES, TreeHash, chunk_count, encrypt_chunks
from app.protocol.encoding import b64u, read_json
from app.protocol.recipients import Recipient
from app.protocol.secrets import Secret

LIST_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Member:
    """One of them: the folder's name, the open vault and its transaction, what it believes."""

    name: str
    vault: Vault
    tx: Transaction
    known: TrustedLine

    @property
    def key(self) -> str:
        """The signing key, b64u, by which cases name their owner."""
        return b64u(self.known.owner.identity.vk)

    @property
    def desks(self) -> list[str]:
        """The desks that the vault reads for."""
        return self.known.own_desks()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a report brings it: how the body names it, and its encrypted parts."""

    ref: bodies.FileRef
    chunks: tuple[bytes, ...]
    sha256: str


class Colleagues:
    """Everybody who reads for the line; all times are Unix seconds."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = {one.name: one for one in members}

    @classmethod
    @contextmanager
    def at_work(cls, world: World, names: Sequence[str], at: int) -> Iterator[Colleagues]:
        """Open their vaults, each in one transaction that ends with this.

        ``at`` is when they first saw the line's directory.
        """
        directory = world.settings().directory_file.read_bytes()
        with ExitStack() as stack:
            members = []
            for name in names:
                vault = stack.enter_context(Vault.open(world.vault(name), world.passphrase))
                bring_tables(vault, FEATURES)
                tx = stack.enter_context(vault.write())
                owner.store_directory(tx, 1, directory, at)
                members.append(Member(name, vault, tx, trusted_line.load_in(tx)))
            yield cls(members)

    def member(self, name: str) -> Member:
        """Return one of them."""
        return self._members[name]

    def at(self, desk: str) -> list[Member]:
        """Return who reads for a desk."""
        return [one for one in self._members.values() if desk in one.desks]

    def receive(
        self,
        reporter: Recipient,
        kind: str,
        fields: dict[str, object],
        at: int,
        readers: Sequence[str],
        picture: Picture | None = None,
    ) -> None:
        """Let a reporter's message come to the desks that it is for."""
        named = [picture.ref.to_json()] if picture else []
        raw = bodies.write_body(kind, bodies.new_mid(os.urandom), fields | {"files": named})
        body = read_body(raw)
        for one in self._members.values():
            if not set(readers) & set(one.desks):
                continue
            receive.store_message(one.tx, one.known, reporter, raw, body, at, os.urandom)
            if picture is not None:
                _arrive(one, messages.case_id(reporter), picture)

    def open(self, who: str, case: str, at: int) -> None:
        """Let somebody read what is unread in a case, and tell the desk so."""
        if seen := self._read(who, case, at):
            self.act(who, case, seen, at)

    def open_and_act(self, who: str, case: str, wanted: Sequence[Change], at: int) -> None:
        """Let somebody read what is unread in a case, and change it."""
        self.act(who, case, [*self._read(who, case, at), *wanted], at)

    def catch_up(self, who: str, at: int) -> None:
        """Let somebody go through all that is unread in their list, as on a Monday morning."""
        one = self._members[who]
        seen: dict[str, list[Change]] = {}
        for listed in case_lists.inbox(one.tx, CaseFilter(unread=True), limit=LIST_MOST):
            seen.setdefault(listed.home, []).extend(self._read(who, listed.id, at))
        for desk, wanted in seen.items():
            casework.act(one.tx, one.known, desk, wanted, at)
        self.share(who, at)

    def _read(self, who: str, case: str, at: int) -> list[Change]:
        one = self._members[who]
        unread = [m for m in messages.messages_of(one.tx, case) if m.state == "unread"]
        if not unread:
            return []
        messages.mark_read(one.tx, case)
        audit_log.record(one.tx, AuditEvent(case, at, HERE, "opened", {"messages": len(unread)}))
        return [changes.seen(case, unread[-1].body.mid)]

    def act(self, who: str, case: str, wanted: Sequence[Change], at: int) -> None:
        """Let somebody change a case at its home desk; what decides of it assesses its danger."""
        one = self._members[who]
        home = self.home(who, case)
        decides = any(
            change["do"] == "set" and assessing.decides(change["name"], change["value"])
            for change in wanted
        )
        also = assessing.assess(one.tx, case) if decides else []
        casework.act(one.tx, one.known, home, [*wanted, *also], at)
        self.share(who, at)

    def answer(self, who: str, case: str, text: str, lang: str, at: int) -> None:
        """Let somebody answer, as if it had been sent at once; colleagues have its copy."""
        one = self._members[who]
        home = self.home(who, case)
        row = deliver.queue_reply_in(
            one.tx, one.known, case, text, desk=home, lang=lang, now=at, rng=os.urandom
        )
        messages.mark_sent(one.tx, row, at)
        raw = next(m.raw for m in messages.messages_of(one.tx, case) if m.id == row)
        for other in self.at(home):
            if other is not one:
                receive.keep_copy(other.tx, one.key, case, read_json(raw), at, os.urandom)
        self.share(who, at)

    def home(self, who: str, case: str) -> str:
        """Return the desk at which somebody has a case."""
        found = cases.find(self._members[who].tx, case)
        if found is None:
            raise ConsoleError(f"{who} has no such case.")
        return found.home

    def share(self, who: str, at: int) -> None:
        """Take into the others' vaults what somebody has signed and nobody has heard.

        Raises ConsoleError if one of them would refuse it.
        """
        one = self._members[who]
        journal = VaultLog(one.tx, one.known.owner.line.line_id, at)
        for desk in one.desks:
            said = journal.unpacked(desk)
            for other in self.at(desk):
                if other is one:
                    continue
                theirs = VaultLog(other.tx, other.known.owner.line.line_id, at)
                for operation in said:
                    taken = log.receive(
                        theirs,
                        operation,
                        member=lambda made: made.author == one.known.owner.identity.vk,
                        now=at,
                    )
                    if [verdict for verdict, _ in taken] != [Verdict.ACCEPTED]:
                        raise ConsoleError(f"{other.name} would not take in what {who} signed.")
                    casework.apply(other.tx, operation, at)
            journal.mark_packed(said)


def take_picture(name: str) -> Picture:
    """Draw a picture and encrypt it as a reporter's client does."""
    data, key, tree = draw(name), Secret(os.urandom(KEY_BYTES)), TreeHash()
    tree.update(data)
    chunks = tuple(chunk for _, chunk in encrypt_chunks(io.BytesIO(data), len(data), key))
    size = len(data)
    ref = bodies.FileRef(key, chunk_count(size), name, "image/jpeg", size, "clean", tree.digest())
    return Picture(ref, chunks, hashlib.sha256(data).hexdigest())


def _arrive(one: Member, case: str, picture: Picture) -> None:
    """Let a picture have been fetched: whole, and its hash compared."""
    file = files.of_case(one.tx, case)[-1]
    for place, chunk in enumerate(picture.chunks):
        ChunkFolder(one.vault.files, file.folder).write(place, chunk)
    files.progress(one.tx, file.id, len(picture.chunks))
    files.set_state(one.tx, file.id, FileState.HERE, None, picture.sha256)
