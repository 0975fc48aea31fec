"""What the vault keeps for the console's own Tor: its key for the investigators' onion, bridges.

The key is Tor's (rend-spec-v3, client authorisation): X25519. It opens no message and signs
nothing; whoever has it reaches an address, and finds the server's own checks there.
"""

import base64
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.console.vault.settings import Setting
from app.protocol.group import Rng
from app.protocol.line import Line

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class TorAccess(Setting):
    """The private key, base64 as Tor's control port takes it; empty where none was made."""

    NAME: ClassVar[str] = "tor_access"
    private: str = field(default="", repr=False)

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


def onion_of(line: Line) -> str | None:
    """Return the name of the line's onion for investigators, without ``.onion``; None if none."""
    host = urlsplit(line.investigators or "").hostname or ""
    return host.removesuffix(".onion") if host.endswith(".onion") else None


def public_line(key: X25519PrivateKey) -> str:
    """Return a key's public half as Tor's server reads it."""
    return f"descriptor:x25519:{base32(key.public_key().public_bytes_raw())}"


def base32(data: bytes) -> str:
    """Return bytes as Tor writes keys in files."""
    return base64.b32encode(data).decode().rstrip("=")
