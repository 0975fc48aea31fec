"""The database, and the store that servers share: reachable, up to date, and no diary kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.settings import Settings
from app.server.storage import dialect, inspection, migrations
from app.server.storage.failures import OtherSchema, StorageError
from app.server.storage.inspection import DatabaseState

_WEAK = frozenset({"postgres", "password", "quietline", "secret", "admin", "root", "123456"})
_DISTINCT = 10
"""A random secret of 32 characters has more than so many different ones."""


def look(
    settings: Settings, vks: Sequence[bytes], now: float
) -> tuple[DatabaseState | None, list[Finding]]:
    """Look at the database and at investigators' bundles; None where that was not possible."""
    try:
        if not _exists(settings) or not migrations.is_current(settings.database):
            return None, [
                Finding(
                    "database",
                    'The database is not at the newest version: run "quietline server migrate".',
                )
            ]
        wrong = migrations.unsafe(settings.database)
        seen = inspection.look(settings.database, vks, int(now))
    except OtherSchema as error:
        return None, [Finding("database", str(error))]
    except StorageError as error:
        return None, [Finding("database", f"{error} {dialect.advice(settings.database)}")]
    said = {sentence.partition(":")[0] for sentence in wrong}
    wrong += [one for one in seen.wrong if one.partition(":")[0] not in said]
    return seen, [Finding("database", sentence) for sentence in wrong]


def check_secrets(settings: Settings) -> Notes:
    """Look for secrets that are none."""
    password = settings.database.partition("://")[2].rpartition("@")[0].partition(":")[2]
    if password.lower() in _WEAK:
        yield Finding(
            "secrets", "The database's password can be guessed: draw one (openssl rand -base64 32)."
        )
    shared = settings.shared_secret
    if shared is not None and len(set(shared.get_secret_value())) < _DISTINCT:
        yield Finding(
            "secrets", "shared_secret is no random value: draw one (openssl rand -base64 32)."
        )


def check_shared(settings: Settings) -> Notes:
    """Look at the store that servers share."""
    if settings.shared_url is None:
        return
    from redis import Redis
    from redis.exceptions import RedisError, ResponseError

    store = Redis.from_url(
        settings.shared_url.get_secret_value(), socket_timeout=2, socket_connect_timeout=2
    )
    try:
        store.ping()
        save, append = store.config_get("save"), store.config_get("appendonly")
    except ResponseError:
        yield Unchecked("shared", "The shared store does not tell its settings (CONFIG GET).")
        return
    except (RedisError, OSError):
        yield Finding(
            "shared",
            "The shared store does not answer: start it, or check shared_url. Until then each "
            "server counts alone.",
        )
        return
    finally:
        store.close()
    if save.get("save") or append.get("appendonly") == "yes":
        yield Finding(
            "shared",
            "The shared store writes to a disk when each message came: set save to nothing and "
            "appendonly to no.",
        )


def _exists(settings: Settings) -> bool:
    """Say whether the database is there; SQLite would make the file by looking for it."""
    path = settings.database.removeprefix("sqlite:///")
    return path == settings.database or Path(path).is_file()
