"""Where a line is reached, as line.json carries it: addresses that reporters could safely use."""

import re
from typing import Final
from urllib.parse import urlsplit

from app.agency.errors import AgencyError

_ONION: Final = re.compile(r"[a-z2-7]{56}\.onion")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def clean_address(address: str) -> str:
    """Return a web address as line.json carries it: no path, no slash at the end.

    Raises AgencyError unless it is https, an onion, or this machine itself.
    """
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").lower()
    plain = parts.scheme in ("http", "https") and host and parts.path in ("", "/")
    if not plain or parts.query or parts.fragment or parts.username:
        raise AgencyError(
            f"'{address}' is not a web address such as https://tips.example.org, without a path."
        )
    if parts.scheme == "http" and not host.endswith(".onion") and host not in _LOOPBACK:
        raise AgencyError(
            f"'{address}' must begin with https://; only onions and this machine go without."
        )
    if host.endswith(".onion") and not _ONION.fullmatch(host):
        raise AgencyError(f"'{address}' is not a version 3 onion address: 56 characters, .onion.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def clean_onion(address: str) -> str:
    """Return an onion's address as line.json carries it. Raises AgencyError for another one."""
    cleaned = clean_address(address)
    if not (urlsplit(cleaned).hostname or "").endswith(".onion"):
        raise AgencyError(f"'{address}' is not an onion address.")
    return cleaned
