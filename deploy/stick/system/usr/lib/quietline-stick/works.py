"""Tells the system that what this start is for has come up: a version that is tried stays."""

from __future__ import annotations

import sys
from http.client import HTTPException
from urllib.parse import urljoin
from urllib.request import ProxyHandler, build_opener

import asking

_SECONDS = 30


def tell(link: str = "") -> bool:
    """Say that it has come up, of a console only if the one behind a link answers; whether so."""
    if link and not _answers(link):
        return False
    asking.ask("works")
    return True


def _answers(link: str) -> bool:
    """Say whether a console shows its first page. The link itself may work once: it is not used."""
    try:
        with build_opener(ProxyHandler({})).open(urljoin(link, "unlock"), timeout=_SECONDS) as page:
            return bool(page.status == 200)
    except (OSError, ValueError, HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(0 if tell(*sys.argv[1:2]) else 1)
