"""What the vault keeps for the console's own Tor: its key for the investigators' onion, bridges.

The key is Tor's (rend-spec-v3, client authorisation): X25519. It opens no message and signs
nothing; whoever has it reaches an address, and finds the server's own checks there.

Both are passed on to Tor, for which a line more is another setting, such as a program to be run. A
case store may be a copy that somebody else made, so each is read as what it is and nothing more.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.console.vault.installation.settings import Setting
from app.protocol.group import Rng
from app.protocol.line import Line

KEY_BYTES = 32
BRIDGE = re.compile(
    r"(?:(?P<transport>[a-zA-Z][a-zA-Z0-9_]{0,30}) )?"
    r"(?P<address>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]{2,45}\]):(?P<port>\d{1,5})"
    r"(?: [0-9A-Fa-f]{40})?"
    # Neither " nor # nor \\: by the last Tor reads the next line as if it stood in this one.
    r"(?: [a-zA-Z0-9_-]{1,40}=[!$-\[\]-~]{1,400}){0,10}",
    re.ASCII,
)
"""What torrc has after "Bridge"."""
_ONION = re.compile(r"[a-z2-7]{56}")


@dataclass(frozen=True, slots=True)
class TorAccess(Setting):
    """The private key, base64 as Tor's control port takes it; empty where none was made."""

    NAME: ClassVar[str] = "tor_access"
    private: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no key. Raises ValueError."""
        try:
            raw = base64.b64decode(self.private, validate=True)
        except binascii.Error:
            raise ValueError("not base64") from None
        if self.private and len(raw) != KEY_BYTES:
            raise ValueError("not a key")

    @classmethod
    def new(cls, rng: Rng) -> "TorAccess":
        """Make a key."""
        return cls(base64.b64encode(rng(KEY_BYTES)).decode())

    @property
    def public(self) -> str:
        """Return what the operator is given: the text of a file NAME.auth for Tor; empty if none.

        It is public: 32 bytes, base32 in capitals.
        """
        if not self.private:
            return ""
        return public_line(X25519PrivateKey.from_private_bytes(base64.b64decode(self.private)))


@dataclass(frozen=True, slots=True)
class Bridges(Setting):
    """Ways into Tor for a network that blocks it: lines as torrc has them, without "Bridge"."""

    NAME: ClassVar[str] = "tor_bridges"
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no bridge. Raises ValueError."""
        if not all(BRIDGE.fullmatch(one) for one in self.lines):
            raise ValueError("not a bridge")


def onion_of(line: Line) -> str | None:
    """Return the name of the line's onion for investigators, without ``.onion``; None if none."""
    host = urlsplit(line.investigators or "").hostname or ""
    name = host.removesuffix(".onion")
    return name if name != host and _ONION.fullmatch(name) else None


def public_line(key: X25519PrivateKey) -> str:
    """Return a key's public half as Tor's server reads it."""
    return f"descriptor:x25519:{base32(key.public_key().public_bytes_raw())}"


def base32(data: bytes) -> str:
    """Return bytes as Tor writes keys in files."""
    return base64.b32encode(data).decode().rstrip("=")
