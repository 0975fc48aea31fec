"""The files that the system has to have: units, user, folders, journal, AppArmor's line.

The package lays them below /usr; where it was not installed (sources in /opt/quietline), they are
laid below /etc, as docs/by-hand.md does. What is there is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.setup.server.server_host import Host
from app.setup.steps import NotRight

USER = "quietline"
_ETC, _USR = "/etc/systemd/system", "/usr/lib/systemd/system"
_TOR_PROFILE, _TOR_LINES = "/etc/apparmor.d/system_tor", "/etc/apparmor.d/local/system_tor"


@dataclass(frozen=True, slots=True)
class Laid:
    """A file of ``deploy/``, where it is laid by hand, and where a package has laid it."""

    source: str
    place: str
    packaged: str


FILES = (
    Laid(
        "systemd/quietline.sysusers",
        "/etc/sysusers.d/quietline.conf",
        "/usr/lib/sysusers.d/quietline.conf",
    ),
    Laid(
        "systemd/quietline.tmpfiles",
        "/etc/tmpfiles.d/quietline.conf",
        "/usr/lib/tmpfiles.d/quietline.conf",
    ),
    *(
        Laid(f"systemd/{unit}", f"{_ETC}/{unit}", f"{_USR}/{unit}")
        for unit in (
            "quietline-server.service",
            "quietline-backup.service",
            "quietline-backup.timer",
        )
    ),
    Laid(
        "systemd/journald@quietline.conf",
        "/etc/systemd/journald@quietline.conf",
        "/usr/lib/systemd/journald@quietline.conf",
    ),
    Laid(
        "systemd/tor-quietline.conf",
        f"{_ETC}/tor@default.service.d/quietline.conf",
        f"{_USR}/tor@default.service.d/quietline.conf",
    ),
)


def deploy_folder() -> Path:
    """Return the folder of deploy/: beside the program's sources, or the package's."""
    for place in (Path(__file__).parents[3] / "deploy", Path("/usr/share/quietline/deploy")):
        if (place / "systemd").is_dir():
            return place
    raise NotRight(
        "The files that belong to a server (deploy/) are not beside the program: install Quietline "
        "anew, from its package or its sources."
    )


class LaidFiles:
    """The step that lays them."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def done(self) -> bool:
        """Say whether all is there."""
        return not self._missing() and self._user_is_there() and self._tor_may()

    def do(self) -> None:
        """Lay what is missing, make user and folders, let systemd and AppArmor read it."""
        host, deploy = self._host, deploy_folder()
        for one in self._missing():
            host.write(one.place, (deploy / one.source).read_text())
        host.run("systemd-sysusers")
        host.run("systemd-tmpfiles", "--create")
        host.run("systemctl", "daemon-reload")
        if not self._tor_may():
            # The file is Debian's, for the administrator's lines: ours comes after them.
            lines = (deploy / "apparmor/system_tor").read_text()
            host.write(_TOR_LINES, (host.text(_TOR_LINES) or "").rstrip("\n") + f"\n{lines}")
            host.run("systemctl", "reload-or-restart", "apparmor")

    def found(self) -> str:
        """Say what is there now. Raises NotRight."""
        if missing := self._missing():
            raise NotRight(f"{missing[0].place} is missing.")
        if not self._user_is_there():
            raise NotRight(f"The user {USER} was not made: systemd-sysusers should have made it.")
        return f"Units, folders and the user {USER} are there."

    def _missing(self) -> list[Laid]:
        return [
            one
            for one in FILES
            if not any(self._host.at(place).is_file() for place in (one.place, one.packaged))
        ]

    def _user_is_there(self) -> bool:
        return self._host.succeeds("getent", "passwd", USER)

    def _tor_may(self) -> bool:
        """Say whether Tor may reach the sockets: where nothing confines it, it may."""
        if not self._host.at(_TOR_PROFILE).is_file():
            return True
        return "/run/quietline-tor/" in (self._host.text(_TOR_LINES) or "")
