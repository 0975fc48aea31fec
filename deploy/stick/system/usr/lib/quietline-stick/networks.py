"""The window for networks: which there are, and a password. By NetworkManager's own command."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from typing import Any

import widgets
from gi.repository import Gtk

_NETWORKS_MAX = 12


def show(say: Callable[[str], str]) -> None:
    """Open the window."""
    window = Gtk.Window()
    window.set_title("Quietline")
    window.set_default_size(widgets.WIDTH + 120, 420)
    column = widgets.page()
    said = widgets.text("")
    password = widgets.field(say("Password of the network"), lambda: None, hidden=True)

    def listed(found: list[tuple[str, str]]) -> None:
        for name, device in found:
            pressed = _joins(name, password, said, say)
            label = f"{name}  ✓" if device else name
            column.pack_start(widgets.button(label, pressed), False, False, 0)
        if not found:
            said.set_text(say("No Wi-Fi is heard. A cable works by itself."))
        column.show_all()

    for child in (
        widgets.text(say("Network"), "title"),
        widgets.text(say("A cable works by itself. For Wi-Fi type its password, then choose it.")),
        password,
        said,
    ):
        column.pack_start(child, False, False, 0)
    window.add(column)
    window.show_all()
    widgets.beside(heard, listed)


def heard() -> list[tuple[str, str]]:
    """Return the names of networks, the strongest first, with a mark for the one that is used."""
    done = subprocess.run(
        ["/usr/bin/nmcli", "-t", "-f", "SSID,IN-USE", "device", "wifi", "list"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        name, _, used = line.rpartition(":")  # a colon in a name stands behind a backslash
        found.setdefault(re.sub(r"\\(.)", r"\1", name), used.strip())
    found.pop("", None)
    return list(found.items())[:_NETWORKS_MAX]


def _joins(name: str, password: Any, said: Any, say: Callable[[str], str]) -> Callable[[], None]:
    def join() -> bool:
        # The password goes by standard input: a command's words can be read by every program.
        return (
            subprocess.run(
                ["/usr/bin/nmcli", "--ask", "device", "wifi", "connect", name],
                input=password.get_text() + "\n", text=True, capture_output=True, check=False,
            ).returncode
            == 0
        )  # fmt: skip

    def came_out(well: bool) -> None:
        said.set_text(say("Connected.") if well else say("It did not work. Is the password right?"))

    def pressed() -> None:
        said.set_text(say("One moment …"))
        widgets.beside(join, came_out)

    return pressed
