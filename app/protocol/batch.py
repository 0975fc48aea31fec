"""A send: exactly one envelope per active investigator, shuffled (spec: batch). Private side.

Whoever is not addressed gets a cover: a real envelope by a fresh throw-away identity. Nobody but
the addressed can tell the two apart, nor a report from a reply.
"""

from __future__ import annotations

from collections.abc import Callable

from app.protocol.bodies import cover_body
from app.protocol.directory import Directory
from app.protocol.envelope import seal
from app.protocol.errors import BadBundle
from app.protocol.group import Rng
from app.protocol.identities import ReporterIdentity, Sender
from app.protocol.recipients import Recipient
from app.protocol.shuffle import shuffled
from app.protocol.wire import EpochBundles


def seal_batch(
    directory: Directory,
    bundles: EpochBundles,
    sender: Sender,
    chosen: set[int],
    body: bytes,
    rng: Rng,
) -> bytes:
    """Seal a body to the chosen investigators (indexes), covers to all others.

    Returns active × 19,936 bytes. Raises BadBundle if none of the chosen is in service (the
    desk is closed), BadBody if the body is too long.
    """
    if not chosen & set(directory.active) & set(bundles.bundles):
        raise BadBundle("Nobody at the desks that were chosen can receive messages now.")

    def slot(index: int) -> bytes:
        bundle = bundles.bundles.get(index)
        if index in chosen and bundle is not None:
            recipient = directory.investigators[index].recipient(bundle)
            return seal(sender, recipient, body, directory.line_id, rng)
        return _cover(directory, bundles, index, rng)

    return _batch(directory, slot, rng)


def seal_reply_batch(
    directory: Directory,
    bundles: EpochBundles,
    own_index: int,
    sender: Sender,
    reporter: Recipient,
    body: bytes,
    rng: Rng,
    copies: dict[int, bytes] | None = None,
) -> bytes:
    """Seal an investigator's answer as a batch for the reporter and the team.

    The reporter's envelope takes the writer's own slot, copies for the team (bodies by index) take
    theirs.

    Returns active × 19,936 bytes. Raises BadBundle if the writer is not active, BadBody if a body
    is too long.
    """
    if own_index not in directory.active:
        raise BadBundle("Whoever answers must be active in the directory.")

    def slot(index: int) -> bytes:
        if index == own_index:
            return seal(sender, reporter, body, directory.line_id, rng)
        bundle = bundles.bundles.get(index)
        if copies and index in copies and bundle is not None:
            recipient = directory.investigators[index].recipient(bundle)
            return seal(sender, recipient, copies[index], directory.line_id, rng)
        return _cover(directory, bundles, index, rng)

    return _batch(directory, slot, rng)


def seal_team_batch(
    directory: Directory,
    bundles: EpochBundles,
    sender: Sender,
    said: dict[int, bytes],
    rng: Rng,
) -> bytes:
    """Seal bodies to colleagues (by index), covers to all others, the writer's own slot too.

    Returns active × 19,936 bytes. Who is not in service gets nothing now, and asks later (spec:
    team, gaps). Raises BadBody if a body is too long.
    """

    def slot(index: int) -> bytes:
        bundle = bundles.bundles.get(index)
        if index in said and bundle is not None:
            recipient = directory.investigators[index].recipient(bundle)
            return seal(sender, recipient, said[index], directory.line_id, rng)
        return _cover(directory, bundles, index, rng)

    return _batch(directory, slot, rng)


def _batch(directory: Directory, slot: Callable[[int], bytes], rng: Rng) -> bytes:
    return b"".join(shuffled([slot(index) for index in directory.active], rng))


def _cover(directory: Directory, bundles: EpochBundles, index: int, rng: Rng) -> bytes:
    """Seal a cover to an investigator's bundle; without a bundle, to keys that nobody keeps."""
    bundle = bundles.bundles.get(index)
    recipient = (
        directory.investigators[index].recipient(bundle)
        if bundle is not None
        else ReporterIdentity.throwaway(rng).public
    )
    sender = ReporterIdentity.throwaway(rng).sender()
    return seal(sender, recipient, cover_body(rng), directory.line_id, rng)
