"""Invitations of this console: each has keys that open one file, and that are then destroyed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.console.errors import ConsoleError
from app.console.features.transfer.storage import kept_invitations
from app.console.features.transfer.storage.kept_invitations import KeptInvitation
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Rng, Transaction
from app.console.vault.installation import owner
from app.protocol.identities import BundleKeys
from app.protocol.transfer import Invitation, open_invitation, write_invitation
from app.sentences.translatable import say

DAYS, DAYS_MAX = 30, 90
OPEN_MAX = 100


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An open invitation.

    Its file, the same read back, the keys, and for whom it was made, in words that are kept here
    alone.
    """

    file: bytes
    invitation: Invitation
    keys: BundleKeys
    whom: str


def invite(
    tx: Transaction, known: TrustedLine, now: int, rng: Rng, days: int = DAYS, whom: str = ""
) -> OpenInvitation:
    """Make an invitation and keep its keys. Raises ConsoleError."""
    if not 1 <= days <= DAYS_MAX:
        raise ConsoleError(
            say("An invitation is good for 1 to {days_max} days. None was made.", days_max=DAYS_MAX)
        )
    directory, file = known.directory, owner.directory_file(tx)
    if directory is None or file is None or not known.active:
        raise ConsoleError(
            say("This console is not active in the hotline's directory: nobody can check it.")
        )
    if len(kept_invitations.all_kept(tx)) >= OPEN_MAX:
        raise ConsoleError(say("There are a hundred open invitations. Destroy some first."))
    keys = BundleKeys.generate(rng)
    expires = dt.datetime.fromtimestamp(now, dt.UTC).date() + dt.timedelta(days)
    made = write_invitation(
        known.owner.identity, keys, directory, file, known.owner.line.name, expires
    )
    new = KeptInvitation(open_invitation(made).hash, made, keys.secret(), whom)
    kept_invitations.add(tx, new)
    return _made(new)


def all_open(tx: Transaction, now: int) -> list[OpenInvitation]:
    """Return those that a file may still come for, the first made first."""
    today = dt.datetime.fromtimestamp(now, dt.UTC).date()
    return [
        one for one in map(_made, kept_invitations.all_kept(tx)) if one.invitation.expires >= today
    ]


def find(tx: Transaction, hash_: bytes, now: int) -> OpenInvitation | None:
    """Return an open one by its hash (32 bytes)."""
    return next((one for one in all_open(tx, now) if one.invitation.hash == hash_), None)


def destroy(tx: Transaction, hashes: Sequence[bytes]) -> None:
    """Forget the keys of these; what was sealed to them opens nowhere any more.

    The caller empties the write-ahead log (``Vault.forget_old_pages``).
    """
    kept_invitations.destroy(tx, hashes)


def expired(tx: Transaction, now: int) -> list[bytes]:
    """Return the hashes of those whose last day is over."""
    today = dt.datetime.fromtimestamp(now, dt.UTC).date()
    made = map(_made, kept_invitations.all_kept(tx))
    return [one.invitation.hash for one in made if one.invitation.expires < today]


def _made(kept: KeptInvitation) -> OpenInvitation:
    return OpenInvitation(kept.file, open_invitation(kept.file), BundleKeys(kept.keys), kept.whom)
