"""A key for the investigators' onion: which Tor, on this machine, is let in there.

Tor keeps it, not the vault: it is a file beside Tor's configuration. It opens no message and signs
nothing; whoever has it reaches an address, and finds the server's own checks there.
"""

import base64
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.console.errors import ConsoleError
from app.files.writing import write_new
from app.protocol.line import Line
from app.sentences.translatable import say


@dataclass(frozen=True, slots=True)
class TorKey:
    """The file for this machine's Tor, and the line for the operator (public)."""

    file: Path
    public: str


def make_tor_key(line: Line, file: Path) -> TorKey:
    """Make a new key for the line's investigators' onion and write ``file`` for Tor to read.

    The form is Tor's (rend-spec-v3, client authorisation): 32 bytes of X25519, base32 in capitals.
    Raises ConsoleError where the line has no such onion or the file is there already.
    """
    host = urlsplit(line.investigators or "").hostname or ""
    if not host.endswith(".onion"):
        raise ConsoleError(say("This hotline has no onion for investigators: no key is needed."))
    key = X25519PrivateKey.generate()
    private = _base32(key.private_bytes_raw())
    text = f"{host.removesuffix('.onion')}:descriptor:x25519:{private}\n"
    try:
        write_new(file, [text.encode()])
    except FileExistsError:
        raise ConsoleError(
            say("{file} is there already. Choose another name.", file=file)
        ) from None
    return TorKey(file, f"descriptor:x25519:{_base32(key.public_key().public_bytes_raw())}")


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")
