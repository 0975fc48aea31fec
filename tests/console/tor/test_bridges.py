"""Bridges are read as bridges, and as no other setting of Tor's."""

from __future__ import annotations

import pytest

from app.console.errors import ConsoleError
from app.console.tor.bridges import read_bridges, settings_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" Bridge  192.0.2.1:443 \n\n", ("192.0.2.1:443",)),
        (f"192.0.2.1:443 {'A' * 40}", (f"192.0.2.1:443 {'A' * 40}",)),
        ("[2001:db8::1]:443", ("[2001:db8::1]:443",)),
    ],
)
def test_bridges_are_read(text: str, expected: tuple[str, ...]) -> None:
    assert read_bridges(text) == expected
    lines = settings_of(expected)
    assert ("UseBridges 1" in lines) == bool(expected)


@pytest.mark.parametrize(
    "text",
    [
        "ControlPort 9051",
        "192.0.2.1:443\x0bControlPort 1",
        "obfs4 192.0.2.1:443 cert=x\rControlPort=1",
        'exec 192.0.2.1:443 "x"',
        # Tor reads on in the next line, or does not begin at all.
        "192.0.2.1:443 a=b\\",
        '192.0.2.1:443 a="b',
        "192.0.2.1:443 a=b#",
        "192.0.2.256:443",
        "192.0.2.1:65536",
        "192.0.2.1:0",
        "192.0.2.1:٤٤٣",
        "\n".join(["192.0.2.1:443"] * 21),
    ],
)
def test_what_is_no_bridge_is_refused(text: str) -> None:
    """Nothing that is pasted becomes another setting of Tor's."""
    with pytest.raises(ConsoleError):
        read_bridges(text)


def test_a_transport_needs_its_program(monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"obfs4 192.0.2.1:443 {'A' * 40} cert=abc iat-mode=0"
    monkeypatch.setattr("app.console.tor.bridges.shutil.which", lambda _: None)
    with pytest.raises(ConsoleError, match="obfs4proxy"):
        read_bridges(line)
    monkeypatch.setattr("app.console.tor.bridges.shutil.which", lambda name: f"/usr/bin/{name}")
    assert read_bridges(line) == (line,)
    assert "ClientTransportPlugin obfs4 exec /usr/bin/lyrebird" in settings_of((line,))
