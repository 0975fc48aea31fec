"""Bundles: an investigator's keys for one window, and those of an epoch (spec: bundles).

Public side. Their layout is in ``wire``, their private halves in ``identities``.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace

from app.protocol.directory import Directory
from app.protocol.errors import BadBundle, BadPoint
from app.protocol.recipients import check_encryption_keys
from app.protocol.signatures import TAG_BUNDLE, verify
from app.protocol.wire import MLKEM_PUBLIC_BYTES, Bundle, EpochBundles

GRACE_SECONDS = 30 * 86_400
"""How long after its window an investigator's newest bundle may stay in service (bundles)."""

OLD_SECONDS = 45 * 86_400
"""A reference time so long before a device's clock is of another time than the clock."""


def verify_bundle(bundle: Bundle, vk: bytes) -> None:
    """Check a bundle's window and its signature by the investigator's 32-byte key.

    Raises BadBundle, BadSignature. Whether its keys can be used is another question:
    ``check_bundle_keys``.
    """
    if bundle.not_before >= bundle.not_after:
        raise BadBundle("A bundle's window ends before it begins.")
    verify(TAG_BUNDLE, vk, bundle.message(), bundle.signature)


def check_bundle_keys(bundle: Bundle) -> None:
    """Refuse a bundle that nobody could seal to. Raises BadPoint."""
    check_encryption_keys(bundle.dh, bundle.mlkem)
    check_encryption_keys(bundle.xwing[MLKEM_PUBLIC_BYTES:], bundle.xwing[:MLKEM_PUBLIC_BYTES])


def bundle_in_service(bundles: Iterable[Bundle], now: int) -> Bundle | None:
    """Choose the bundle of one investigator that serves at ``now`` (Unix seconds), if any.

    The one that began last; without one for this window it stays up to 30 days after its end
    (spec: bundles), so that an investigator on leave does not silence reporters.
    """
    begun = [bundle for bundle in bundles if bundle.not_before <= now]
    newest = max(begun, key=lambda bundle: bundle.not_before, default=None)
    if newest is None or now >= newest.not_after + GRACE_SECONDS:
        return None
    return newest


def open_bundles(data: bytes, directory: Directory) -> EpochBundles:
    """Verify the bundles of an epoch against the directory they name, and return them.

    A bundle whose keys nobody could seal to is left out, as if its owner had none. Raises
    WrongLength, BadSignature, and BadBundle if they name another directory or someone who is not
    active in it, or if no server could have them in service at one moment.
    """
    bundles = EpochBundles.parse(data)
    if bundles.directory_hash != directory.hash:
        raise BadBundle("The bundles belong to another directory.")
    for index, bundle in bundles.bundles.items():
        if index not in directory.active:
            raise BadBundle("A bundle belongs to nobody who is active in the directory.")
        verify_bundle(bundle, directory.investigators[index].vk)
    usable = {i: one for i, one in bundles.bundles.items() if _usable(one)}
    # Leaving out whoever does not fit would let one key choose who reads: those of today or those
    # of then. No honest server shows both.
    begun = max((one.not_before for one in usable.values()), default=0)
    if any(one.not_after + GRACE_SECONDS <= begun for one in usable.values()):
        raise BadBundle("The bundles are of times so far apart that they serve at no one moment.")
    return replace(bundles, bundles=usable)


def _usable(bundle: Bundle) -> bool:
    try:
        check_bundle_keys(bundle)
    except BadPoint:
        return False
    return True


def reference_time(bundles: EpochBundles, directory: Directory) -> int | None:
    """Return the time that more than half of the active investigators vouch for.

    It is in Unix seconds, vouched for by the beginning of a window; None where fewer have a bundle.

    A borrowed phone's clock is not trusted, and a signature proves a time only as far as its signer
    tells the truth: so no single key of three moves it, and a server that leaves bundles out gets
    no time instead of the one that is left (spec: directory, the reference day).
    """
    starts = sorted((one.not_before for one in bundles.bundles.values()), reverse=True)
    half = len(directory.active) // 2
    return starts[half] if half < len(starts) else None


def looks_old(directory: Directory, reference: int | None, clock: int) -> bool:
    """Say whether by a device's clock (Unix seconds) what a line shows is plainly of the past.

    The directory's grace is over, or the reference time is 45 days ago, which no honest server
    shows. A clock that is earlier says nothing. What follows from it is the client's (spec:
    directory, the device's clock).
    """
    if directory.state_at(clock) == "expired":
        return True
    return reference is not None and clock - reference > OLD_SECONDS


def few_readers(members: Set[int], live: Set[int]) -> bool:
    """Say whether a person is to be asked before they write to a desk.

    That is so where of its active ``members`` only one of several, or fewer than half, are ``live``
    (indexes; spec: bundles, few readers).

    A server can leave bundles out, so that an investigator of its choice reads and the others do
    not.
    """
    now = len(members & live)
    return 2 * now < len(members) or now == 1 < len(members)
