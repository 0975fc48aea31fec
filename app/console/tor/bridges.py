"""Bridges: ways into Tor for a network that blocks it. What a person pasted, read and bounded.

A line is what torrc has after "Bridge": a transport or none, an address, a fingerprint or none,
and what the transport needs. Nothing but that is passed on, so that no line can be another setting.
"""

import re
import shutil
from collections.abc import Sequence
from ipaddress import ip_address

from app.console.errors import ConsoleError
from app.console.vault.installation.tor_access import BRIDGE
from app.sentences.translatable import say

LINES_MAX = 20
PROGRAMS = {"obfs4": ("lyrebird", "obfs4proxy"), "webtunnel": ("lyrebird",)}
"""For each transport the programs that speak it (Debian: obfs4proxy, which lyrebird replaced)."""


def read_bridges(text: str) -> tuple[str, ...]:
    """Return the bridges of a text, one a line; empty lines and a "Bridge" before one are passed.

    Raises ConsoleError, which says which line is none, or for what a program is missing.
    """
    lines = [" ".join(one.split()) for one in text.splitlines()]
    lines = [re.sub(r"(?i)^bridge ", "", one) for one in lines if one]
    if len(lines) > LINES_MAX:
        raise ConsoleError(say("These are more than {most} bridges.", most=LINES_MAX))
    for number, one in enumerate(lines, 1):
        found = BRIDGE.fullmatch(one)
        if found is None or not _is_place(found["address"], found["port"]):
            raise ConsoleError(
                say(
                    "Line {number} is no bridge. One looks like this: obfs4 192.0.2.1:443 …",
                    number=number,
                )
            )
        if (name := found["transport"]) and plugin(name) is None:
            raise ConsoleError(
                say(
                    "Bridges of the kind {name} need a program that is not on this computer. "
                    "For obfs4 install the package obfs4proxy.",
                    name=name,
                )
            )
    return tuple(lines)


def _is_place(address: str, port: str) -> bool:
    """Say whether there can be such an address: with another Tor does not begin at all."""
    try:
        ip_address(address.strip("[]"))
    except ValueError:
        return False
    return 0 < int(port) < 2**16


def plugin(transport: str) -> str | None:
    """Return the path of a program that speaks a transport, None if there is none."""
    found = (shutil.which(one) for one in PROGRAMS.get(transport, ()))
    return next(filter(None, found), None)


def settings_of(bridges: Sequence[str]) -> list[str]:
    """Return the lines of Tor's configuration for bridges; none for none."""
    if not bridges:
        return []
    used = {found["transport"] for one in bridges if (found := BRIDGE.fullmatch(one))} - {None}
    plugins = [(name, plugin(name)) for name in sorted(filter(None, used))]
    return [
        "UseBridges 1",
        *(f"ClientTransportPlugin {name} exec {path}" for name, path in plugins if path),
        *(f"Bridge {one}" for one in bridges),
    ]
