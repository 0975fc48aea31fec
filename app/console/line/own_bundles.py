"""The console's own bundles: made ahead, given to the server, destroyed when their time is over.

A key is durable in the vault before the server has its bundle, and is destroyed only by lifecycle's
three conditions.
"""

import asyncio
from collections.abc import Callable

from app.client.line_client import LineClient
from app.console.line.trusted_line import TrustedLine
from app.console.rules import lifecycle
from app.console.vault import Rng, Vault
from app.console.vault.copies import quarantine
from app.console.vault.keys import bundle_keys
from app.protocol.identities import BundleKeys
from app.protocol.wire import BundleUpload
from app.sentences.translatable import say

UPLOAD_BATCH = 60


async def top_up(
    vault: Vault,
    client: LineClient,
    known: TrustedLine,
    *,
    days: int,
    now: int,
    rng: Rng,
    progress: Callable[[str, int, int], None],
    checkpoint: Callable[[str], None],
) -> None:
    """Make and keep the windows up to ``days`` ahead that lack a key; upload what is lacking.

    Raises KeysNotTaken, LineRefused, LineError.
    """
    if known.directory is None or known.index is None or not known.active:
        return
    identity, index = known.owner.identity, known.index
    with vault.read() as tx:
        existing = bundle_keys.windows(tx)
        copies = quarantine.copies(tx)
    length = known.directory.params.get("window_seconds")
    wanted = lifecycle.windows_to_make(
        now,
        length if type(length) is int else lifecycle.HOUR,
        days,
        existing,
        stretch=1 + copies,
    )
    made = [(begin, end, BundleKeys.generate(rng)) for begin, end in wanted]
    with vault.write() as tx:
        bundle_keys.add(tx, made)
    checkpoint("bundles kept")
    while True:
        with vault.read() as tx:
            batch = bundle_keys.to_upload(tx, UPLOAD_BATCH)
        if not batch:
            return
        progress(say("Giving the server new keys"), 0, len(batch))
        signed = await asyncio.to_thread(
            lambda held: tuple(
                key.keys.bundle(identity, key.not_before, key.not_after) for key in held
            ),
            batch,
        )
        await client.post_bundles(BundleUpload(index, signed).serialise())
        checkpoint("bundles posted")
        with vault.write() as tx:
            bundle_keys.mark_uploaded(tx, [key.id for key in batch])


def destroy(vault: Vault, full_sync_began: int | None) -> int:
    """Destroy the keys whose time is over; return how many.

    ``full_sync_began`` is when the latest full sync that has finished began, in Unix seconds.
    """
    with vault.write() as tx:
        doomed = [
            id_
            for id_, superseded_at in bundle_keys.superseded(tx)
            if lifecycle.may_destroy(superseded_at, full_sync_began)
        ]
        bundle_keys.destroy(tx, doomed)
    if doomed:
        vault.forget_old_pages()
    return len(doomed)
