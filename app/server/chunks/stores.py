"""Which store the settings name. The S3 client is loaded only where it is used."""

from __future__ import annotations

import os

from app.server.chunks import BlobsAway, BlobStore
from app.server.chunks.disk import DiskStore
from app.server.chunks.pool import Pool
from app.server.settings import Settings

_NO_CLIENT = (
    "blob_url names an S3-compatible store, and the Python package obstore, which talks to it, is "
    "not installed: install it (locks/s3.txt), or take blob_url out. For Linux on arm64 none is "
    "published; there attachments lie in a folder."
)


class NoClient(BlobsAway):
    """The settings name a bucket, and the package that talks to one is not here."""


def store_of(settings: Settings) -> BlobStore:
    """Return the store of attachments' chunks, not yet opened.

    Raises NoClient.
    """
    if settings.blob_url is None:
        return DiskStore(
            settings.blobs,
            settings.blob_quota_bytes,
            settings.disk_reserve_bytes,
            settings.chunk_slots_initial,
        )
    try:
        from app.server.chunks.s3 import S3Store
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "obstore":
            raise
        raise NoClient(_NO_CLIENT) from None
    return S3Store(settings.blob_url, settings.blob_quota_bytes)


def check(settings: Settings) -> None:
    """Raise BlobsAway, in words, if attachments cannot be kept where the settings say.

    Of a bucket that is whether there is a client for it (NoClient).
    """
    if settings.blob_url is not None:
        store_of(settings).close()
    elif settings.blobs.is_dir():
        pool = Pool(settings.blobs, os.urandom)
        pool.open()
        pool.close()
