"""The libraries that everything rests on: their versions, and whether they still get mended."""

from __future__ import annotations

import datetime as dt
import platform
import sqlite3
import ssl
from collections.abc import Mapping

from cryptography.hazmat.backends.openssl import backend

from app.protocol import group
from app.server.operations.doctor.findings import Finding, Notes

_PYTHON_ENDS = {
    "3.11": dt.date(2027, 10, 31),
    "3.12": dt.date(2028, 10, 31),
    "3.13": dt.date(2029, 10, 31),
}
"""The last month in which a version gets security fixes (PEP 664, 693, 719)."""
_LEAST = {"OpenSSL": (3, 0), "OpenSSL of cryptography": (3, 5), "libsodium": (1, 0, 18)}
"""Older ones get no fixes; lack ML-KEM; lack ristretto255."""


def versions() -> dict[str, str]:
    """Return the versions in use here."""
    return {
        "Python": platform.python_version(),
        "OpenSSL": ssl.OPENSSL_VERSION.split()[1],
        "OpenSSL of cryptography": backend.openssl_version_text().split()[1],
        "libsodium": group.library_version(),
        "SQLite": sqlite3.sqlite_version,
    }


def check(found: Mapping[str, str], today: dt.date) -> Notes:
    """Look at versions by name."""
    python = ".".join(found["Python"].split(".")[:2])
    ends = _PYTHON_ENDS.get(python)
    if ends is not None and today > ends:
        yield Finding(
            "versions", f"Python {python} gets no security fixes since {ends}: install a newer one."
        )
    for name, least in _LEAST.items():
        parts = found[name].split(".")
        if tuple(int(part) for part in parts[: len(least)]) < least:
            wanted = ".".join(map(str, least))
            yield Finding(
                "versions", f"{name} {found[name]} is older than {wanted}: update the system."
            )
