"""The line's addresses as they are printed: in letters that can be copied, and as QR codes.

A code holds the address as line.json has it and nothing else: no path, no parameter, no name of a
campaign. So nobody can tell from a visit which card, or which wall, it came from.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import segno

from app.agency.errors import AgencyError
from app.protocol.line import Line

QUIET: Final = 4
"""White around a code, in modules (ISO/IEC 18004)."""
_LARGEST: Final = 6
"""QR version that a phone still reads on a strip, 21 mm wide: 106 bytes at error level M."""
_GROUP: Final = 4
_GROUPS_A_LINE: Final = 4


@dataclass(frozen=True, slots=True)
class Address:
    """One address: as it is encoded, the lines in which it is printed, and whether it is Tor's."""

    url: str
    lines: tuple[str, ...]
    is_onion: bool

    @property
    def pieces(self) -> list[list[str]]:
        """Return each line in the pieces between which it may go on below.

        A web address goes on after a dot: a hyphen at a line's end could be the printer's own.
        """
        if self.is_onion:
            return [[line] for line in self.lines]
        return [re.findall(r"https?://|[^.]+\.?", line) for line in self.lines]

    def modules(self) -> tuple[str, int]:
        """Return the code as one SVG path, a unit a module, and its width with the white around."""
        return _modules(self.url)


def addresses_of(line: Line) -> tuple[Address, ...]:
    """Return where reporters write: the web address first, if there is one, then the onion.

    The investigators' onion is none of them. Raises AgencyError for an address too long to scan.
    """
    urls = dict.fromkeys([line.server] if line.onion is None else [line.server, line.onion])
    return tuple(_address(url) for url in urls)


def _address(url: str) -> Address:
    if not url.isascii():
        raise AgencyError(
            f"{url} has letters that a keyboard may lack: use its ASCII form (xn--…)."
        )
    parts = urlsplit(url)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise AgencyError(f"{url} is more than an address: posters carry no path and no parameter.")
    try:
        segno.make_qr(url, error="m", version=_LARGEST, boost_error=False)
    except segno.DataOverflowError:
        raise AgencyError(
            f"{url} is too long: its code could not be scanned from a card."
        ) from None
    host = parts.hostname or ""
    if not host.endswith(".onion"):
        return Address(url, (url,), is_onion=False)
    name = host.removesuffix(".onion")
    groups = [name[at : at + _GROUP] for at in range(0, len(name), _GROUP)]
    lines = [
        " ".join(groups[at : at + _GROUPS_A_LINE]) for at in range(0, len(groups), _GROUPS_A_LINE)
    ]
    port = "" if parts.port is None else f":{parts.port}"
    return Address(url, (*lines[:-1], f"{lines[-1]} .onion{port}"), is_onion=True)


@cache
def _modules(url: str) -> tuple[str, int]:
    rows = [bytes(row) for row in segno.make_qr(url, error="m", boost_error=False).matrix]
    runs = [run for y, row in enumerate(rows, start=QUIET) for run in _runs(y, row)]
    return "".join(runs), len(rows) + 2 * QUIET


def _runs(y: int, row: bytes) -> list[str]:
    """Return each run of dark modules of a row as a rectangle; in one path no seams show."""
    found, x = [], 0
    while x < len(row):
        if not row[x]:
            x += 1
            continue
        end = x
        while end < len(row) and row[end]:
            end += 1
        found.append(f"M{x + QUIET} {y}h{end - x}v1h-{end - x}z")
        x = end
    return found
