"""A key for the investigators' onion, for a Tor of the system's: a file beside its configuration.

The console's own Tor has one too, which never leaves the vault (``vault.installation.tor_access``).
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.console.errors import ConsoleError
from app.console.vault.installation.tor_access import base32, onion_of, public_line
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
    onion = onion_of(line)
    if onion is None:
        raise ConsoleError(say("This hotline has no onion for investigators: no key is needed."))
    key = X25519PrivateKey.generate()
    private = base32(key.private_bytes_raw())
    text = f"{onion}:descriptor:x25519:{private}\n"
    try:
        write_new(file, [text.encode()])
    except FileExistsError:
        raise ConsoleError(
            say("{file} is there already. Choose another name.", file=file)
        ) from None
    return TorKey(file, public_line(key))
