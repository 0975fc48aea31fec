"""Which store the settings name. The S3 client is loaded only where it is used."""

from __future__ import annotations

import os

from app.server.chunks import BlobStore
from app.server.chunks.disk import DiskStore
from app.server.chunks.pool import Pool
from app.server.settings import Settings


def store_of(settings: Settings) -> BlobStore:
    """Return the store of attachments' chunks, not yet opened."""
    if settings.blob_url is None:
        return DiskStore(
            settings.blobs,
            settings.blob_quota_bytes,
            settings.disk_reserve_bytes,
            settings.chunk_slots_initial,
        )
    from app.server.chunks.s3 import S3Store

    return S3Store(settings.blob_url, settings.blob_quota_bytes)


def check(settings: Settings) -> None:
    """Raise BlobsAway, in words, if the folder of attachments cannot be used as it is."""
    if settings.blob_url is None and settings.blobs.is_dir():
        pool = Pool(settings.blobs, os.urandom)
        pool.open()
        pool.close()
