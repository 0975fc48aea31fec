"""Few plain widgets of GTK, so that every screen of the stick looks the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

WIDTH = 560
_STYLE = b"""
window, .page { background: #f7f6f3; color: #1f2328; }
label { font-size: 17px; }
.title { font-size: 30px; font-weight: 600; }
.words { font-size: 26px; font-weight: 600; background: #ffffff; padding: 14px; }
.wrong { color: #9b1c1c; }
.quiet { color: #57606a; font-size: 15px; }
button { font-size: 17px; padding: 8px 18px; background-image: none; }
button.first { background: #1f4e79; color: #ffffff; }
button.first label { color: #ffffff; }
entry, combobox button { font-size: 17px; padding: 8px; }
.bar { background: #1f2328; }
.bar button { font-size: 14px; padding: 2px 12px; background: transparent; border: none; }
.bar button { box-shadow: none; }
.bar label, .bar cellview, .bar arrow { color: #f7f6f3; font-size: 14px; }
"""


def dress() -> None:
    """Give every window the same colours and sizes."""
    style = Gtk.CssProvider()
    style.load_from_data(_STYLE)
    Gtk.StyleContext.add_provider_for_screen(
        Gdk.Screen.get_default(), style, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION
    )


def set_direction(right_to_left: bool) -> None:
    """Write from the right, or from the left."""
    side = Gtk.TextDirection.RTL if right_to_left else Gtk.TextDirection.LTR
    Gtk.Widget.set_default_direction(side)


def page(*children: Any) -> Any:
    """Return a column in the middle of the screen."""
    column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=14)
    column.set_halign(Gtk.Align.CENTER)
    column.set_valign(Gtk.Align.CENTER)
    column.set_size_request(WIDTH, -1)
    for child in children:
        column.pack_start(child, False, False, 0)
    return column


def text(words: str, *classes: str) -> Any:
    """Return a paragraph."""
    label = Gtk.Label(label=words)
    label.set_line_wrap(True)
    label.set_max_width_chars(56)
    label.set_xalign(0.0)
    for name in classes:
        label.get_style_context().add_class(name)
    return label


def button(words: str, pressed: Callable[[], object], *, first: bool = False) -> Any:
    """Return a button; ``first`` is what most people want."""
    made = Gtk.Button(label=words)
    made.connect("clicked", lambda _: pressed())
    if first:
        made.get_style_context().add_class("first")
    return made


def row(*children: Any) -> Any:
    """Return things beside each other."""
    line = Gtk.Box(orientation=Gtk.Orientation.HORIZONTAL, spacing=12)
    for child in children:
        line.pack_start(child, False, False, 0)
    return line


def choice(options: Mapping[str, str], chosen: str, changed: Callable[[str], object]) -> Any:
    """Return a list of which one is chosen."""
    box = Gtk.ComboBoxText()
    for key, words in options.items():
        box.append(key, words)
    box.set_active_id(chosen)
    box.connect("changed", lambda it: changed(it.get_active_id()))
    return box


def field(hint: str, entered: Callable[[], object], *, hidden: bool = False) -> Any:
    """Return a field of one line; Enter does what the page's first button does."""
    made = Gtk.Entry()
    made.set_placeholder_text(hint)
    made.set_visibility(not hidden)
    made.connect("activate", lambda _: entered())
    return made


def shown(words: str, *fields: Any) -> Any:
    """Return a box to tick, by which what is typed can be read."""
    tick = Gtk.CheckButton(label=words)
    tick.connect("toggled", lambda it: [one.set_visibility(it.get_active()) for one in fields])
    return tick


def beside(work: Callable[[], Any], then: Callable[[Any], object]) -> None:
    """Do something slow beside the screen, then something with what came of it."""
    threading.Thread(target=lambda: GLib.idle_add(then, work()), daemon=True).start()
