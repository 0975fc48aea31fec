"""What comes after the case store is made: what is done, what is not, and what that needs."""

from dataclasses import dataclass
from enum import StrEnum

from app.console.errors import ConsoleError, ServerLies
from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording
from app.console.tor.own_tor import OwnTor, TorState
from app.console.vault import Vault
from app.console.vault.installation import owner, settings
from app.console.vault.installation.tor_access import TorAccess
from app.console.vault.setup import enrolment_request
from app.console.web.background_sync import SyncState
from app.protocol.directory import open_directory
from app.protocol.errors import ProtocolError
from app.protocol.receipt import words_of
from app.sentences.translatable import say
from app.sentences.values import Listing

DIRECTORY_MAX = 8 * 1024**2


class Mark(StrEnum):
    """How a step stands."""

    DONE = "done"
    NOW = "now"
    WAITS = "waits"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Step:
    """How it stands, and that in words."""

    mark: Mark
    words: str


def request_of(vault: Vault) -> bytes:
    """Return the request file for the agency, made again: the same each time."""
    with vault.read() as tx:
        who, access = owner.load_owner(tx), settings.load(tx, TorAccess)
    return enrolment_request(who.identity.public(who.label), who.line, access)


def words_to_read(known: TrustedLine) -> list[str]:
    """Return the twelve words that the agency compares."""
    who = known.owner
    return words_of(who.identity.public(who.label).fingerprint(who.line)).split()


def take_directory(vault: Vault, known: TrustedLine, file: bytes, now: int) -> None:
    """Take in the agency's answer, brought by hand: its signed directory.

    It is believed as one from the server is. Raises ServerLies, ConsoleError for one that says
    nothing new.
    """
    try:
        shown = open_directory(file, known.owner.line.line_id)
    except ProtocolError:
        raise ServerLies(
            say(
                "This file is not a directory that this hotline's agency signed. Choose the file "
                "directory.json of what the agency gave you."
            )
        ) from None
    if shown.state_at(now) == "expired":
        raise ServerLies(
            say(
                "This directory ended on {day}, by this computer's clock. Is the clock right? If "
                "it is, ask the agency for a new one.",
                day=wording.date(shown.expires),
            )
        )
    before = known.directory
    if before is not None and not (shown.follows(before) and shown.version >= before.version):
        raise ServerLies(
            say("This directory is older than the one that is here. Nothing was changed.")
        )
    if before is not None and shown.version == before.version:
        if shown.hash != before.hash:
            raise ServerLies(
                say(
                    "There are two different directories with version {version}. The new one was "
                    "refused; call the agency: somebody else may hold its key.",
                    version=shown.version,
                )
            )
        raise ConsoleError(say("This directory is here already."))
    with vault.write() as tx:
        owner.store_directory(tx, shown.version, file, now)


def enrolled(known: TrustedLine) -> Step:
    """Say whether the agency has answered."""
    if known.directory is None:
        return Step(
            Mark.NOW,
            say("The agency has not answered yet, or its answer has not come here."),
        )
    if known.index is None:
        return Step(
            Mark.NOW,
            say(
                "The agency's directory is here, and this computer is not in it yet. Give the "
                "agency the file, and read it the words."
            ),
        )
    entry, line = known.directory.investigators[known.index], known.owner.line
    if words_of(entry.fingerprint(line)).split() != words_to_read(known):
        return Step(
            Mark.TROUBLE,
            say(
                "The directory lists this computer under other words than its own: call the "
                "agency, and change nothing."
            ),
        )
    if not known.active:
        return Step(Mark.TROUBLE, say("The agency has taken this computer out. Call it."))
    desks = Listing.of(known.desk_name(one) for one in known.own_desks())
    if not known.own_desks():
        return Step(Mark.TROUBLE, say("The agency has assigned this computer to no team."))
    return Step(
        Mark.DONE,
        say(
            "The agency has enrolled this computer, with the same twelve words, for: {teams}.",
            teams=desks,
        ),
    )


def reached(tor: OwnTor | None, sync: SyncState) -> tuple[TorState | None, Step]:
    """Say whether the hotline is reached, and how far the console's own Tor is, if it has one."""
    state = tor.state if tor is not None else None
    if state is not None and not state.ready:
        return state, Step(Mark.TROUBLE if state.trouble else Mark.NOW, state.words)
    if sync.failure is not None:
        return state, Step(Mark.TROUBLE, sync.failure)
    if sync.at is None:
        return state, Step(Mark.NOW, say("Asking the hotline for what is new."))
    return state, Step(Mark.DONE, say("The hotline is reached."))
