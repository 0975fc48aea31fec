"""What this console believes about its line, and how it is brought up to date.

Everything is verified against the line id pinned in the vault. A directory with a lower version
than one seen before is refused, and so are two directories with the same version, and one whose
chain of roots does not begin with the roots seen before (QL1, directory, going back). What
contradicts is an alarm in words, never a silent fallback.
"""

from dataclasses import dataclass, field, replace

from app.client.line_client import LineClient
from app.console.errors import ServerLies
from app.console.line import questionnaire
from app.console.rules import lifecycle, wording
from app.console.rules.intake_labels import Intake
from app.console.vault import Transaction, Vault
from app.console.vault.installation import owner
from app.console.vault.installation.owner import Owner
from app.console.vault.keys import bundle_keys
from app.protocol.bundles import open_bundles, reference_time
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import b64u
from app.protocol.errors import ProtocolError
from app.protocol.wire import EpochBundles
from app.sentences.translatable import said_by, say


@dataclass(frozen=True, slots=True)
class TrustedLine:
    """What is believed of a line.

    The owner's keys, the highest verified directory, the bundles of this epoch if fetched, what the
    line asks reporters.
    """

    owner: Owner
    directory: Directory | None
    bundles: EpochBundles | None = None
    intake: Intake = field(default_factory=Intake)

    @property
    def index(self) -> int | None:
        """The machine's place in the directory, if the agency has enrolled it."""
        if self.directory is None:
            return None
        for index, one in enumerate(self.directory.investigators):
            if one.vk == self.owner.identity.vk:
                return index
        return None

    @property
    def active(self) -> bool:
        """Whether reporters write to this machine."""
        return self.directory is not None and self.index in self.directory.active

    def names(self) -> list[str]:
        """Return the line's name and its desks', in all languages: an answer should hold none."""
        names = {self.owner.line.name}
        for desk in self.directory.desks if self.directory else ():
            names.update(desk.name.values())
        return sorted(names)

    def label_of(self, vk: str) -> str:
        """Return the public label of a key (b64u), empty for one that is not in the directory."""
        for one in self.directory.investigators if self.directory else ():
            if b64u(one.vk) == vk:
                return one.label
        return ""

    def own_keys(self) -> tuple[str, ...]:
        """Return the keys (b64u) of this person's machines: those that bear this one's label."""
        own = b64u(self.owner.identity.vk)
        label = self.label_of(own)
        listed = self.directory.investigators if self.directory and label else ()
        return (
            own,
            *(b64u(one.vk) for one in listed if one.label == label and b64u(one.vk) != own),
        )

    def colleagues(self, desk: str) -> list[tuple[str, str]]:
        """Return key (b64u) and label of a desk's active members, sorted by label."""
        if self.directory is None:
            return []
        found = [self.directory.investigators[index] for index in self.members(desk)]
        return sorted(((b64u(one.vk), one.label) for one in found), key=lambda pair: pair[1])

    def keys_at(self, desk: str) -> tuple[str, ...]:
        """Return the keys (b64u) of who works at a desk, those of their earlier machines, too."""
        labels = {label for _, label in self.colleagues(desk)}
        listed = self.directory.investigators if self.directory else ()
        return tuple(b64u(one.vk) for one in listed if one.label in labels)

    def members(self, desk: str) -> set[int]:
        """Return indexes of a desk's active members, none for a desk not in the directory."""
        if self.directory is None or all(one.id != desk for one in self.directory.desks):
            return set()
        return self.directory.members({desk})

    def own_desks(self) -> list[str]:
        """Return the ids of the desks that this machine reads for."""
        if self.directory is None:
            return []
        return [desk.id for desk in self.directory.desks if self.index in desk.members]

    def desk_name(self, desk: str, language: str = "en") -> str:
        """Return a desk's name in a language, in any, or its id."""
        for one in self.directory.desks if self.directory else ():
            if one.id == desk:
                return one.name.get(language) or next(iter(one.name.values()), desk)
        return desk

    def tells_immigration(self, desk: str) -> str:
        """Return whether a desk is bound to tell immigration: ``yes``, ``no`` or ``unknown``."""
        found = (one for one in self.directory.desks if one.id == desk) if self.directory else ()
        return next((one.tells_immigration for one in found), "unknown")

    @property
    def reference(self) -> int | None:
        """The time that more than half of the investigators vouch for, in Unix seconds."""
        if self.directory is None or self.bundles is None:
            return None
        return reference_time(self.bundles, self.directory)

    def to_send(self, now: int) -> tuple[Directory, EpochBundles, int]:
        """Return what sealing an answer needs.

        Raises ServerLies with the reason why it cannot be done.
        """
        if self.directory is None or self.bundles is None:
            raise ServerLies(
                say("The hotline's directory has not been seen yet; the answer waits for it.")
            )
        if self.index is None or not self.active:
            raise ServerLies(
                say("This console is not active in the hotline's directory; answers wait.")
            )
        if self.directory.state_at(self.reference or 0) == "expired":
            raise ServerLies(
                say("The directory of this hotline has expired; the answer waits for a new one.")
            )
        if self.directory.state_at(now) == "expired":
            raise ServerLies(
                say(
                    "By this computer's clock the directory of this hotline has expired; the "
                    "answer waits for a new one. If the clock is wrong, set it right."
                )
            )
        return self.directory, self.bundles, self.index


def load(vault: Vault) -> TrustedLine:
    """Return what was known when the vault was last open, verified again: that costs nothing."""
    with vault.read() as tx:
        return load_in(tx)


def load_in(tx: Transaction) -> TrustedLine:
    """Return the same in a transaction that is open."""
    who, file = owner.load_owner(tx), owner.directory_file(tx)
    directory = open_directory(file, who.line.line_id) if file else None
    return TrustedLine(who, directory, intake=questionnaire.load(tx))


async def refresh(vault: Vault, client: LineClient, known: TrustedLine, now: int) -> TrustedLine:
    """Fetch this epoch's bundles, and the directory if they name another one.

    Own bundles in service are noted. Raises ServerLies, LineError.
    """
    data = await client.bundles()
    try:
        named = EpochBundles.parse(data).directory_hash
    except ProtocolError as error:
        raise ServerLies(
            say(
                "What came instead of the hotline's keys is not in their form: the server is "
                "broken, or something on the way answers in its place. {reason}",
                reason=said_by(error),
            )
        ) from None
    if known.directory is None or named != known.directory.hash:
        known = await refresh_directory(vault, client, known, now)
        data = await client.bundles()
    if known.directory is None:
        raise ServerLies(say("The server shows no directory."))
    try:
        bundles = open_bundles(data, known.directory)
    except ProtocolError as error:
        raise ServerLies(
            say(
                "The keys that the server gives out do not fit the hotline's directory. {reason}",
                reason=said_by(error),
            )
        ) from None
    known = replace(known, bundles=bundles)
    _note_own_bundle(vault, known, now)
    return known


async def refresh_directory(
    vault: Vault, client: LineClient, known: TrustedLine, now: int
) -> TrustedLine:
    """Fetch and verify the directory; keep it if it is newer. Raises ServerLies."""
    file = await client.directory()
    try:
        shown = open_directory(file, known.owner.line.line_id)
    except ProtocolError as error:
        raise ServerLies(
            say(
                "The directory that the server shows is not signed by this hotline's agency. "
                "Nothing of it was believed; call the agency. {reason}",
                reason=said_by(error),
            )
        ) from None
    if known.directory is None and shown.state_at(now) == "expired":
        raise ServerLies(
            say(
                "The directory that the server shows ended on {day}, by this computer's clock. "
                "Nothing of it was believed: people may stand in it who have left since. Is the"
                " clock right? If it is, call the agency.",
                day=wording.date(shown.expires),
            )
        )
    if known.directory is not None and shown.hash != known.directory.hash:
        if not shown.follows(known.directory):
            raise ServerLies(
                say(
                    "The server shows a directory signed by a root key that this hotline has "
                    "replaced. It was refused; call the agency: somebody else may hold that key."
                )
            )
        if shown.version < known.directory.version:
            raise ServerLies(
                say(
                    "The server shows an old directory (version {version}; this console has seen "
                    "version {version_2}). It was refused; call the agency.",
                    version=shown.version,
                    version_2=known.directory.version,
                )
            )
        if shown.version == known.directory.version:
            raise ServerLies(
                say(
                    "There are two different directories with version {version}. The new one was "
                    "refused; call the agency: somebody else may hold its key.",
                    version=shown.version,
                )
            )
    if known.directory is None or shown.version > known.directory.version:
        with vault.write() as tx:
            owner.store_directory(tx, shown.version, file, now)
    return replace(known, directory=shown)


def _note_own_bundle(vault: Vault, known: TrustedLine, now: int) -> None:
    if known.bundles is None or known.index is None:
        return
    shown = known.bundles.bundles.get(known.index)
    if shown is None or not lifecycle.counts_as_in_service(shown.not_before, now):
        return
    with vault.write() as tx:
        # A bundle whose key is elsewhere says nothing about the keys that are here.
        if (shown.not_before, shown.not_after) in bundle_keys.windows(tx):
            bundle_keys.supersede_before(tx, shown.not_before, now)
