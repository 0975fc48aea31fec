"""What a set-up carries from the server to the agency and back: names, and the server's card.

Both are public. Nothing in them is believed because it came: the agency compares the addresses with
the server's screen, the server checks what the root key signed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

CARD = "quietline-server.json"
"""From the server to the agency: its addresses."""
FOLDER = "quietline-carry"
"""From the agency to investigators and to the server."""
LINE, DIRECTORY, SITE, CONSOLES = "line.json", "directory.json", "site", "consoles.json"
POSTERS = "posters"
"""For whoever prints them; the server takes nothing of it."""

_KIND = "quietline-server"
_ONION = re.compile(r"http://[a-z2-7]{56}\.onion")
_WEB = re.compile(r"https://[a-z0-9.-]{1,253}")
_KEY = re.compile(r"descriptor:x25519:[A-Z2-7]{52}")
_CONSOLE = re.compile(r"[a-z0-9-]{1,40}")
_CONSOLES_MAX = 1_000
_GROUPS = 5


class NotCarried(Exception):
    """A file is not what its name says; the text says so."""


@dataclass(frozen=True, slots=True)
class ServerCard:
    """A server's addresses, and the line's name as its operator says it.

    ``reporters`` and ``investigators`` are onions (http://….onion), ``web`` an https address.
    """

    line_name: str
    reporters: str
    investigators: str
    web: str | None

    def serialise(self) -> bytes:
        """Return the file's bytes: JSON that a person can read."""
        content = {
            "v": 1,
            "kind": _KIND,
            "line_name": self.line_name,
            "reporters": self.reporters,
            "investigators": self.investigators,
            "web": self.web,
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def parse(cls, data: bytes) -> ServerCard:
        """Read the file. Raises NotCarried."""
        try:
            content = json.loads(data)
            if content["v"] != 1 or content["kind"] != _KIND:
                raise ValueError("another kind of file")
            card = cls(
                str(content["line_name"]),
                _formed(content["reporters"], _ONION),
                _formed(content["investigators"], _ONION),
                None if content["web"] is None else _formed(content["web"], _WEB),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NotCarried(
                f"This is not the file {CARD} that `quietline setup server` makes, or it is "
                "damaged: copy it again."
            ) from None
        if not card.line_name.isprintable() or len(card.line_name) > 80:
            raise NotCarried(f"The hotline's name in {CARD} is not one: copy it again.")
        return card


def line_numbers(line_id: bytes) -> str:
    """Return five numbers of five digits for a line, to be compared by eye or on the telephone.

    80 bits of the SHA-256 of its id (32 bytes), which is its first root key: whoever wants another
    key with the same numbers makes 2^80 of them.
    """
    digest = hashlib.sha256(line_id).digest()
    pairs = (digest[at : at + 2] for at in range(0, 2 * _GROUPS, 2))
    return " ".join(f"{int.from_bytes(pair, 'big'):05}" for pair in pairs)


def consoles_file(keys: Mapping[str, str]) -> bytes:
    """Return the file of the consoles that the server's operator lets in: name to Tor's key."""
    return (json.dumps({"v": 1, "consoles": dict(sorted(keys.items()))}, indent=1) + "\n").encode()


def read_consoles(data: bytes) -> dict[str, str]:
    """Return Tor's public key of each console, by a name of [a-z0-9-]. Raises NotCarried."""
    try:
        content = json.loads(data)
        if content["v"] != 1 or len(content["consoles"]) > _CONSOLES_MAX:
            raise ValueError("another kind of file")
        return {
            _formed(name, _CONSOLE): _formed(key, _KEY) for name, key in content["consoles"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotCarried(f"{CONSOLES} is damaged: copy the folder again.") from None


def _formed(text: object, form: re.Pattern[str]) -> str:
    if not isinstance(text, str) or form.fullmatch(text) is None:
        raise ValueError("not of the form")
    return text
