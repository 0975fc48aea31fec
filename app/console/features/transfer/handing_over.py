"""A case, as far as its reporter allowed it, sealed to another line's invitation.

What goes is a copy with the rest taken out (``evidence``), made anew and signed, inside an
attachment whose key stands in an envelope to the invitation's keys. Nothing is written plain
anywhere.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.console.cases.origin import origin
from app.console.errors import ConsoleError
from app.console.evidence import bundle
from app.console.evidence.bundle import ExportBundle
from app.console.evidence.case_document import Document
from app.console.evidence.redaction import Redaction
from app.console.features.transfer import scope as scopes
from app.console.features.transfer.scope import Scope
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Rng, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.files import File
from app.console.vault.custody import export_marks
from app.console.vault.records import cases, messages
from app.console.vault.records.case_lists import Listed
from app.console.vault.records.messages import Message
from app.protocol.attachments import (
    FILE_BYTES_MAX,
    KEY_BYTES,
    TreeHash,
    chunk_count,
    encrypt_chunks,
)
from app.protocol.bodies import FileRef, new_mid
from app.protocol.secrets import Secret
from app.protocol.transfer import Invitation, pack, seal_head
from app.sentences.translatable import said_by, say

SENT = "transferred"
TYPE = "application/x-quietline-case"
OTHER_BYTES = 64 * 1024 * 1024
"""More than all that goes beside the attachments."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A case (its id, and the name it goes by) to an invitation, as far as its reporter agreed."""

    known: TrustedLine
    case: str
    name: str
    invitation: Invitation
    scope: Scope
    now: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A transfer that was told to the custody log; ``pieces`` gives its file, once."""

    bundle: ExportBundle
    head: bytes
    key: Secret
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Yield the file's bytes: 19,984, then chunks of 262,144. Raises FileProblem."""
        yield self.head
        stream = Pieces(pack(self.bundle.entries()))
        for _, chunk in encrypt_chunks(stream, self.size, self.key):
            yield chunk


def check_invitation(invitation: Invitation, own: bytes, now: int) -> None:
    """Refuse an invitation that nothing may be sealed to.

    ``own`` is the id of the sender's line (32 bytes). Raises ConsoleError.
    """
    if invitation.line_id == own:
        raise ConsoleError(
            say("This invitation is of your own hotline: transfer the case to a team instead.")
        )
    if invitation.expires < dt.datetime.fromtimestamp(now, dt.UTC).date():
        raise ConsoleError(say("This invitation's last day is over. Ask them for a new one."))
    if invitation.directory.state_at(now) == "expired":
        raise ConsoleError(
            say(
                "The directory that this invitation brings ended on {expires} by this "
                "computer's clock: whoever signed it may have left since. Ask them for a new "
                "one.",
                expires=invitation.directory.expires,
            )
        )


def preview(vault: Vault, handover: Handover) -> Document:
    """Return what would go, as the other line will read it; nothing is told.

    Raises ConsoleError.
    """
    taking_out, _ = _planned(vault, handover)
    known, now = handover.known, handover.now
    return bundle.preview(vault, known, handover.case, handover.name, now, taking_out).document


def prepare(vault: Vault, handover: Handover, rng: Rng) -> Outgoing:
    """Check what may go, tell the custody log, and return what is to be written.

    Raises ConsoleError with the reason for a refusal, and then nothing was told.
    """
    taking_out, detail = _planned(vault, handover)
    known, invitation = handover.known, handover.invitation
    binding = {"consent": handover.scope.consent, "invitation": invitation.hash.hex()}
    entry = bundle.CustodyEntry(SENT, detail, binding)
    made = bundle.prepare(
        vault, known, handover.case, handover.name, handover.now, taking_out, entry
    )
    key, size, tree = Secret(rng(KEY_BYTES)), 0, TreeHash()
    for piece in pack(made.entries()):
        size += len(piece)
        tree.update(piece)
    file = FileRef(key, chunk_count(size), "case", TYPE, size, "original", tree.digest())
    identity, own = known.owner.identity, known.owner.line.line_id
    head = seal_head(identity, own, invitation, file, new_mid(rng), rng)
    return Outgoing(made, head, key, size)


def refusal(vault: Vault, case: str) -> str | None:
    """Return why nothing of a case may go to any line, if that is so."""
    try:
        found, said, _ = _own_case(vault, case)
    except ConsoleError as error:
        return said_by(error)
    return scopes.refusal(said, found.desks)


def _own_case(vault: Vault, case: str) -> tuple[Listed, list[Message], list[File]]:
    with vault.read() as tx:
        found = cases.find(tx, case)
        if found is None:
            raise ConsoleError(say("There is no such case here."))
        export_marks.check_case(tx, case)
        if origin(tx, case) is not None:
            raise ConsoleError(
                say(
                    "This case came from another hotline, and its reporter cannot be asked from "
                    "here. Only that hotline can pass it on."
                )
            )
        return found, messages.messages_of(tx, case), files.of_case(tx, case)


def _planned(vault: Vault, handover: Handover) -> tuple[Redaction, dict[str, Any]]:
    """Return what is taken out, and what the custody log is told. Raises ConsoleError."""
    known, invitation, scope = handover.known, handover.invitation, handover.scope
    check_invitation(invitation, known.owner.line.line_id, handover.now)
    if not known.active:
        raise ConsoleError(
            say("This console is not active in the hotline's directory: it signs nothing.")
        )
    found, said, kept = _own_case(vault, handover.case)
    scopes.check(said, found.desks, scope)
    there = frozenset(range(1, len(said) + 1))
    going = {said[place - 1].id for place in scope.messages}
    wanted = {
        place: one for place, one in enumerate(kept, start=1)
        if place in scope.files and one.message in going
    }  # fmt: skip
    if sum(one.size for one in wanted.values()) > FILE_BYTES_MAX - OTHER_BYTES:
        raise ConsoleError(say("Together these files are more than 2 GB. Leave some out."))
    taking_out = Redaction(
        scope.reason,
        messages=there - scope.messages,
        files=frozenset(range(1, len(kept) + 1)) - wanted.keys(),
        phrases=scope.phrases,
    )
    detail = {
        "to": invitation.name,
        "line_id": invitation.line_id.hex(),
        "invitation": invitation.hash.hex(),
        "consent": scope.consent,
        "messages": sorted(scope.messages),
        "files": sorted(wanted),
        "phrases": len(scope.phrases),
        "reason": scope.reason,
    }
    return taking_out, detail


class Pieces:
    """Bytes that come in pieces of any size, read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
