"""The server's settings, its start, and whether it answers."""

from __future__ import annotations

import json
import re
import shutil
import socket
from pathlib import Path

from app.protocol.encoding import b64u
from app.protocol.line import Line
from app.server.settings import Settings
from app.setup.dialogue import WrongAnswer
from app.setup.server.carried_folder import PUBLISHED
from app.setup.server.server_host import Host
from app.setup.steps import NotRight

CONFIG = "/etc/quietline/server.toml"
DATA = "/var/lib/quietline"
SOCKET = "/run/quietline/server.sock"
_UNITS = ("quietline-server", "quietline-backup.timer")
_GIB = 2**30
_MOST_GIB = 20
_SLOT_BYTES = 20_500
_ELSE_BYTES = _GIB
"""What backups, updates and the system's own files are left on the same disk."""
_ANSWERS_WITHIN = 90.0
_LINE_ID = re.compile(r"^line_id *=.*$", re.MULTILINE)


def room_gib(host: Host) -> int:
    """Return how much room attachments may have on the disk, in whole GiB, as suggested.

    Raises NotRight where there is too little for a server.
    """
    there = most_gib(host)
    if there < 1:
        raise NotRight(
            f"The disk of {DATA} has {_free(host) / _GIB:.1f} GiB free, and a server needs 3 GiB: "
            "1 GiB for files that reporters send, the rest for messages, backups and the system. "
            "Make room, or take a larger disk."
        )
    return min(_MOST_GIB, there)


def most_gib(host: Host) -> int:
    """Return how much room attachments could have at the most, in whole GiB."""
    fields = Settings.model_fields
    fixed = fields["slots_cap"].default * _SLOT_BYTES + fields["disk_reserve_bytes"].default
    made = sum(one.stat().st_size for one in host.at(f"{DATA}/blobs").rglob("*") if one.is_file())
    return int((_free(host) + made - fixed - _ELSE_BYTES) // _GIB)


def read_gib(text: str, most: int) -> int:
    """Read a number of GiB from 1 to ``most``. Raises WrongAnswer."""
    if not text.isdecimal() or not 1 <= int(text) <= max(1, most):
        raise WrongAnswer(f"A whole number from 1 to {max(1, most)}.")
    return int(text)


class Running:
    """The step that writes the settings and starts the server."""

    def __init__(self, host: Host, attachments_gib: int | None) -> None:
        self._host = host
        self._quota = None if attachments_gib is None else attachments_gib * _GIB

    def done(self) -> bool:
        """Say whether it runs with the line's settings."""
        return self._settings_stand() and self._active() and self._answers()

    def do(self) -> None:
        """Write settings, start the units, now and at each start of the machine."""
        if not self._settings_stand():
            self._write_settings()
            self._host.run("systemctl", "restart", _UNITS[0])
        for unit in _UNITS:
            self._host.run("systemctl", "enable", "--now", unit)

    def found(self) -> str:
        """Wait until it answers. Raises NotRight."""
        if not self._host.wait_for(_ANSWERS_WITHIN, self._answers):
            raise NotRight(
                "The server does not answer. What it says: journalctl --namespace=quietline -u "
                "quietline-server"
            )
        return "The server runs and answers; a backup is made each night in /var/backups/quietline."

    def _line_id(self) -> str:
        return b64u(Line.parse(self._host.at(f"{PUBLISHED}/line.json").read_bytes()).line_id)

    def _settings_stand(self) -> bool:
        there = _LINE_ID.search(self._host.text(CONFIG) or "")
        return there is not None and there[0] == f'line_id = "{self._line_id()}"'

    def _write_settings(self) -> None:
        """Write the few that a line needs; of settings that are there, the line's id alone."""
        named = f'line_id = "{self._line_id()}"'
        there = self._host.text(CONFIG)
        if there is not None and _LINE_ID.search(there):
            self._host.write(CONFIG, _LINE_ID.sub(named, there))
            return
        paths = {
            "directory_file": f"{PUBLISHED}/directory.json",
            "site_folder": f"{PUBLISHED}/site",
            "data_folder": DATA,
        }
        lines = [
            f"# {CONFIG}, by `quietline setup server`. Every setting is in docs/operating.md.",
            named,
            *(f"{key} = {json.dumps(str(self._host.at(path)))}" for key, path in paths.items()),
            *([] if self._quota is None else [f"blob_quota_bytes = {self._quota}"]),
        ]
        self._host.write(CONFIG, "\n".join(lines) + "\n")

    def _active(self) -> bool:
        return all(
            self._host.succeeds("systemctl", "is-enabled", "--quiet", unit)
            and self._host.succeeds("systemctl", "is-active", "--quiet", unit)
            for unit in _UNITS
        )

    def _answers(self) -> bool:
        return _is_well(self._host.at(SOCKET))


def _is_well(path: Path) -> bool:
    """Say whether a server of Quietline answers at a Unix socket."""
    try:
        with socket.socket(socket.AF_UNIX) as calling:
            calling.settimeout(10)
            calling.connect(str(path))
            calling.sendall(
                b"GET /healthz HTTP/1.1\r\nHost: quietline\r\nConnection: close\r\n\r\n"
            )
            return calling.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _free(host: Host) -> int:
    place = host.at(DATA)
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
