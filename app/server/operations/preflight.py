"""What must be right before a server starts, each in words that say what to do."""

from __future__ import annotations

import time

from app.server.chunks import BlobsAway, stores
from app.server.epochs.signed_directory import Refused, read_directory
from app.server.epochs.signed_site import Site, read_site
from app.server.settings import Settings
from app.server.storage import dialect, migrations
from app.server.storage.failures import OtherSchema, StorageError
from app.server.storage.leadership import Leadership

_LOOKS = 30
_BETWEEN_SECONDS = 0.1


class CannotStart(Exception):
    """The server must not start like this; the text says what to do."""


def check(settings: Settings) -> None:
    """Check folders, database, directory and site. Raises CannotStart."""
    if not settings.data_folder.is_dir():
        raise CannotStart(
            f"There is no data folder {settings.data_folder}: "
            'run "quietline server migrate", which makes it.'
        )
    try:
        if not migrations.is_current(settings.database):
            raise CannotStart(
                'The database is not at the newest version: run "quietline server migrate" first.'
            )
        if unsafe := migrations.unsafe(settings.database):
            raise CannotStart("\n".join(unsafe))
        _check_peers(settings)
        _check_blobs(settings)
        directory = read_directory(settings.directory_file, settings.line_id_bytes, None).directory
        if settings.site_folder is not None:
            read_site(settings.site_folder, directory.line_id, directory.root, Site())
    except OtherSchema as error:
        raise CannotStart(str(error)) from None
    except StorageError as error:
        raise CannotStart(f"{error} {dialect.advice(settings.database)}") from None
    except Refused as refused:
        raise CannotStart(str(refused)) from None


def _check_blobs(settings: Settings) -> None:
    """Refuse a folder of attachments that two servers write to: each destroys the other's."""
    problem = ""
    for _ in range(_LOOKS // 3):
        try:
            stores.check(settings)
        except stores.NoClient as error:
            raise CannotStart(str(error)) from None
        except BlobsAway as error:
            problem = str(error)
        else:
            return
        time.sleep(_BETWEEN_SECONDS)  # a server that was killed is there for a moment longer
    raise CannotStart(f"The attachments in {settings.blobs}: {problem}")


def _check_peers(settings: Settings) -> None:
    """Refuse servers on one database that do not know each other: each would make epochs."""
    leadership = Leadership(settings.database, None)
    try:
        for _ in range(_LOOKS):
            leader = leadership.leader()
            if leader is None or (leader and settings.peer_address):
                return
            time.sleep(_BETWEEN_SECONDS)  # a server that was killed is there for a moment longer
    finally:
        leadership.close()
    raise CannotStart(
        "Another server runs on this database: set peer_address on both, or stop the other."
    )
