"""Bundles: an investigator's keys for one window, and those of an epoch (spec: bundles).

Public side. Their layout is in ``wire``, their private halves in ``identities``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.protocol.directory import Directory
from app.protocol.errors import BadBundle, BadPoint
from app.protocol.recipients import check_encryption_keys
from app.protocol.signatures import TAG_BUNDLE, verify
from app.protocol.wire import MLKEM_PUBLIC_BYTES, Bundle, EpochBundles

GRACE_SECONDS = 30 * 86_400
"""How long after its window an investigator's newest bundle may stay in service (bundles)."""


def verify_bundle(bundle: Bundle, vk: bytes) -> None:
    """Check a bundle's window and its signature by the investigator's 32-byte key.

    Raises BadBundle, BadSignature. Whether its keys can be used is another question:
    :func:`check_bundle_keys`.
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

    A bundle whose keys nobody could seal to, or that ended more than 30 days before the reference
    time of the others, is left out, as if its owner had none. Raises WrongLength, BadSignature, and
    BadBundle if they name another directory or someone who is not active in it.
    """
    bundles = EpochBundles.parse(data)
    if bundles.directory_hash != directory.hash:
        raise BadBundle("The bundles belong to another directory.")
    for index, bundle in bundles.bundles.items():
        if index not in directory.active:
            raise BadBundle("A bundle belongs to nobody who is active in the directory.")
        verify_bundle(bundle, directory.investigators[index].vk)
    usable = {i: one for i, one in bundles.bundles.items() if _usable(one)}
    now = max((one.not_before for one in usable.values()), default=0)
    fresh = {i: one for i, one in usable.items() if now < one.not_after + GRACE_SECONDS}
    return replace(bundles, bundles=fresh)


def _usable(bundle: Bundle) -> bool:
    try:
        check_bundle_keys(bundle)
    except BadPoint:
        return False
    return True


def reference_time(bundles: EpochBundles) -> int | None:
    """Return the latest ``not_before`` (Unix seconds), or None without bundles.

    A borrowed phone's clock is not trusted; an investigator's signature over a window is
    (spec: directory, reference time).
    """
    return max((bundle.not_before for bundle in bundles.bundles.values()), default=None)
