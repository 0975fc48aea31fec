"""line.json: what everyone may know of a line (spec: directory). Public side.

The agency makes it; investigators get it from the agency, by a way that they trust and not from the
server: everything is verified against the line id in it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from app.protocol.encoding import b64u, unb64u
from app.protocol.errors import BadLine, ProtocolError
from app.protocol.wire import LINE_ID_BYTES

VERSION = 1
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal obeys, and what turns a line's direction: these texts are shown as they stand."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line id (32 bytes), the line's name, and its addresses, URLs without a slash at the end.

    ``server`` is the reporters' address, ``onion`` the same as an onion, ``investigators`` an onion
    to which consoles alone give their bundles; the last two are None where there are none.
    """

    line_id: bytes
    name: str
    server: str
    onion: str | None
    investigators: str | None = None

    def serialise(self) -> bytes:
        """Return the file's bytes: JSON that a person can read."""
        content = {
            "v": VERSION,
            "line_id": b64u(self.line_id),
            "name": self.name,
            "server": self.server,
            "onion": self.onion,
        }
        if self.investigators is not None:
            content["investigators"] = self.investigators
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def parse(cls, data: bytes) -> Line:
        """Read the file. Raises BadLine."""
        try:
            content = json.loads(data)
            version = content["v"]
            line = cls(
                line_id=unb64u(content["line_id"], LINE_ID_BYTES),
                name=str(content["name"]),
                server=str(content["server"]).rstrip("/"),
                onion=_address(content["onion"]),
                investigators=_address(content.get("investigators")),
            )
        except (ProtocolError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadLine("This is not a line.json, or it is damaged.") from error
        if version != VERSION:
            raise BadLine("This line.json was written by a newer version of Quietline.")
        texts = (line.name, line.server, line.onion, line.investigators)
        if any(_UNSEEN.search(one or "") for one in texts):
            raise BadLine("line.json has characters that cannot be seen: somebody changed it.")
        if not line.server.startswith(("http://", "https://")):
            raise BadLine("The server's address in line.json must begin with http:// or https://.")
        return line


def _address(value: object) -> str | None:
    return None if value is None else str(value).rstrip("/")
