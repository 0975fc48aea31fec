"""The headers that every answer carries, whatever it is.

One differs on one page, the plain one to which "Leave this page" leads on an onion: it asks for no
process of its own, so browsers cannot show it in the process of the page that is left, and end that
one with everything in its memory (ADR 0048).
"""

from __future__ import annotations

import re

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    # With the one before it: browsers give the page a process that no other page shares.
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    (  # the microphone: for a voice note that the page itself records, after being asked for
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), "
        "microphone=(self), midi=(), payment=(), publickey-credentials-get=(), "
        "screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
    # Also for the site: what a browser keeps can be found on the phone.
    ("cache-control", "no-store"),
)
_AWAY = re.compile(r"/[A-Za-z-]+/measures/(index\.html)?")
_AWAY_HEADERS = tuple(
    (name, "unsafe-none" if name == "cross-origin-embedder-policy" else value)
    for name, value in HEADERS
)
_RAW_AWAY_HEADERS = tuple((name.encode(), value.encode()) for name, value in _AWAY_HEADERS)
RAW_HEADERS = tuple((name.encode(), value.encode()) for name, value in HEADERS)


def headers_of(path: str) -> tuple[tuple[str, str], ...]:
    """Return what every answer to this path carries, whether or not anything is there."""
    return _AWAY_HEADERS if _AWAY.fullmatch(path) else HEADERS


def raw_headers_of(path: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return ``headers_of`` as bytes."""
    return _RAW_AWAY_HEADERS if _AWAY.fullmatch(path) else RAW_HEADERS
