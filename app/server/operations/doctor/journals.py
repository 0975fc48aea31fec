"""Whether a journal of systemd writes what the server or Tor says to the disk, with the second.

A unit writes to the system's journal, or to one of its own (``LogNamespace=``), which is set up by
itself: what ``journald.conf`` says does not hold for it (systemd.exec(5), journald.conf(5)).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.operations.doctor.machine import Machine

_KEPT = "var/log/journal"
"""Journals are on the disk where this folder is, unless told otherwise."""
_OFF_THE_DISK = ("volatile", "none")
_UNITS = "etc/systemd/system", "usr/lib/systemd/system"
"""Where units are, put there by hand and by a package: the first goes before the second."""
_SERVER, _TOR = "quietline-*.service", "tor@default.service"


def check(machine: Machine) -> Notes:
    """Look at the journals of the units that are known here; without any, at the system's."""
    if not (machine.root / _KEPT).is_dir():
        return
    names = _journals(machine)
    for name in sorted(names):
        if _on_disk(machine, name):
            whose = "" if names[name] is None else f" of {names[name]}"
            yield Finding(
                "journal",
                f"The journal keeps the second of every line{whose} on the disk: set "
                f"Storage=volatile in /{_file(name)}, and remove /{_KEPT}.",
            )
        elif name:
            # systemd makes the folder for a journal in memory too, and leaves it empty.
            for left in filter(_has_files, sorted((machine.root / _KEPT).glob(f"*.{name}"))):
                yield Finding(
                    "journal",
                    "The server's journal is in memory now, but an older one is on the disk: "
                    f"remove /{left.relative_to(machine.root)}.",
                )
    if "" not in names and _on_disk(machine, ""):
        yield Unchecked(
            "journal",
            "The system's own journal is on the disk. It has no line of the server's, but other "
            "programs' and the seconds of each start, and was not looked at.",
        )


def _journals(machine: Machine) -> dict[str, str | None]:
    """Return a unit for each journal that is written to; the system's own has the name "".

    A unit that is not seen writes to that one; Tor's is a file of the distribution's, and is seen
    by what was added to it.
    """
    units = sorted({path.name for place in _UNITS for path in (machine.root / place).glob(_SERVER)})
    if not units:
        return {"": None}
    if machine.text("etc/tor/torrc") is not None:
        units.append(_TOR)
    names: dict[str, str | None] = {}
    for unit in units:
        names.setdefault(_last(_unit(machine, unit), "LogNamespace") or "", unit)
    return names


def _unit(machine: Machine, name: str) -> list[str]:
    """Return a unit's text, the one that counts, and what was added to it."""
    whole = [text for place in _UNITS for text in machine.texts(f"{place}/{name}").values()]
    added = [
        text
        for place in reversed(_UNITS)
        for text in machine.texts(f"{place}/{name}.d/*.conf").values()
    ]
    return whole[:1] + added


def _has_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _file(name: str) -> str:
    return f"etc/systemd/journald@{name}.conf" if name else "etc/systemd/journald.conf"


def _on_disk(machine: Machine, name: str) -> bool:
    texts = machine.texts(_file(name), f"{_file(name)}.d/*.conf")
    return _last(texts.values(), "Storage") not in _OFF_THE_DISK


def _last(texts: Iterable[str], setting: str) -> str | None:
    """Return the value that a setting was given last, which is the one that counts."""
    found = None
    for text in texts:
        for line in text.splitlines():
            name, equals, value = line.partition("=")
            if equals and name.strip() == setting:
                found = value.strip()
    return found
