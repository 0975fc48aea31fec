"""The server's two onions: torrc, the keys of who is let in at the second, and the addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from app.setup.server.laid_files import deploy_folder
from app.setup.server.server_host import Host
from app.setup.steps import NotRight

TORRC = "/etc/tor/torrc"
REPORTERS, DESK = "/var/lib/tor/quietline", "/var/lib/tor/quietline-desk"
_BEFORE = "/etc/tor/torrc.before-quietline"
_BEGINS = "# The reporters' onion."
_KEYS = f"{DESK}/authorized_clients"
_OURS = "agency-"
"""What the names of keys begin with that came in the agency's folder; others are the operator's."""
_ONION = re.compile(r"[a-z2-7]{56}\.onion\n?")
_APPEARS_WITHIN = 120.0


class TorOnions:
    """The step that makes Tor publish both onions."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def done(self) -> bool:
        """Say whether Tor runs with both."""
        return (
            self._host.has("tor")
            and self._configured()
            and self._address(REPORTERS) is not None
            and self._address(DESK) is not None
            and self._host.at(f"{_KEYS}/nobody.auth").is_file()
            and self._host.succeeds("systemctl", "is-active", "--quiet", "tor@default")
        )

    def do(self) -> None:
        """Install Tor where it is missing, write torrc, and start Tor; the second onion closed."""
        host = self._host
        if not host.has("tor"):
            host.run("apt-get", "update")
            host.run("apt-get", "install", "-y", "--no-install-recommends", "tor")
        if not self._configured():
            self._configure()
        # Before Tor first sees the folder: without a key in it, everybody would be let in.
        if not host.at(f"{_KEYS}/nobody.auth").is_file():
            desk = str(host.at(DESK))
            # As Tor's user, who owns what is above: root would follow a link that it put there.
            tor = ("setpriv", "--reuid", "debian-tor", "--regid", "debian-tor", "--clear-groups")
            host.run(*tor, "install", "-d", "-m", "0700", desk)
            host.run(str(_desk_keys()), desk, "init")
        host.run("systemctl", "restart", "tor@default")

    def found(self) -> str:
        """Wait until both addresses are there. Raises NotRight."""
        if not self._host.wait_for(
            _APPEARS_WITHIN, lambda: None not in (self._address(REPORTERS), self._address(DESK))
        ):
            raise NotRight(
                "Tor made no onions within two minutes. What it says: journalctl "
                "--namespace=quietline -u tor@default, and journalctl -u tor@default."
            )
        return "Tor runs, with an onion for reporters and one for investigators' consoles."

    def reporters(self) -> str:
        """Return the reporters' address, http://….onion. Raises NotRight."""
        return self._needed(REPORTERS)

    def investigators(self) -> str:
        """Return the address at which consoles give their keys. Raises NotRight."""
        return self._needed(DESK)

    def let_in(self, consoles: Mapping[str, str]) -> None:
        """Let these consoles in, and those no more that came from the agency before.

        By name of [a-z0-9-]: Tor's public key. Raises NotRight, OSError.
        """
        tool, desk = str(_desk_keys()), str(self._host.at(DESK))
        there = self.known_consoles()
        wanted = {_OURS + name: key for name, key in consoles.items()}
        for name, key in wanted.items():
            if there.get(name) != key:
                self._host.run(tool, desk, "add", name, key)
        for name in there.keys() - wanted.keys():
            self._host.run(tool, desk, "remove", name)
        if there != wanted:
            self._host.run("systemctl", "reload", "tor@default")

    def lets_in(self, consoles: Mapping[str, str]) -> bool:
        """Say whether just these of the agency's consoles are let in."""
        return self.known_consoles() == {_OURS + name: key for name, key in consoles.items()}

    def known_consoles(self) -> dict[str, str]:
        """Return the keys that came in the agency's folder, by name. Raises OSError."""
        return {
            path.stem: path.read_text().strip()
            for path in sorted(self._host.at(_KEYS).glob(f"{_OURS}*.auth"))
        }

    def _configured(self) -> bool:
        lines = _active(self._host.text(TORRC) or "")
        return all(f"HiddenServiceDir {folder}" in lines for folder in (REPORTERS, DESK))

    def _configure(self) -> None:
        host, ours = self._host, (deploy_folder() / "tor/torrc").read_text()
        there = host.text(TORRC) or ""
        if _active(there):  # this Tor does something else as well, and goes on doing it
            there, ours = there.rstrip("\n") + "\n\n", ours[ours.index(_BEGINS) :]
        else:
            if there:
                host.write(_BEFORE, there)
            there = ""
        host.write(TORRC, there + ours)

    def _address(self, folder: str) -> str | None:
        name = self._host.text(f"{folder}/hostname")
        return f"http://{name.strip()}" if name and _ONION.fullmatch(name) else None

    def _needed(self, folder: str) -> str:
        address = self._address(folder)
        if address is None:
            raise NotRight(f"{folder}/hostname has no onion's address: start Tor again.")
        return address


def _active(torrc: str) -> list[str]:
    """Return the lines of a torrc that say something, as words with one blank between them."""
    lines = (" ".join(line.split("#", 1)[0].split()) for line in torrc.splitlines())
    return [line for line in lines if line]


def _desk_keys() -> Path:
    return deploy_folder() / "tor" / "desk-keys"
