"""The bar at the top: the console again, the network, the keyboard, switching off."""

from __future__ import annotations

import subprocess
from typing import Any

import asking
import gi
import networks
import new_version
import sentences
import widgets

gi.require_version("GtkLayerShell", "0.1")
from gi.repository import GLib, Gtk, GtkLayerShell  # noqa: E402


def main() -> None:
    """Show it until the stick is switched off."""
    widgets.dress()
    mode = asking.ask("look")["mode"]
    chosen = asking.chosen()
    say = sentences.speak(chosen["language"])
    widgets.set_direction(chosen["language"] in sentences.FROM_THE_RIGHT)
    window = Gtk.Window()
    window.get_style_context().add_class("bar")
    GtkLayerShell.init_for_window(window)
    GtkLayerShell.set_layer(window, GtkLayerShell.Layer.TOP)
    for edge in (GtkLayerShell.Edge.TOP, GtkLayerShell.Edge.LEFT, GtkLayerShell.Edge.RIGHT):
        GtkLayerShell.set_anchor(window, edge, True)
    # What is typed is for what lies below: the bar is for the mouse.
    GtkLayerShell.set_keyboard_mode(window, GtkLayerShell.KeyboardMode.NONE)
    GtkLayerShell.auto_exclusive_zone_enable(window)
    line = Gtk.Box(spacing=4)
    line.get_style_context().add_class("bar")
    if mode == "investigator":
        line.pack_start(widgets.button(say("Console"), _console), False, False, 0)
        wire = widgets.button(say("Network"), lambda: networks.show(say))
        line.pack_start(wire, False, False, 0)
    else:
        line.pack_start(widgets.text(say("No network")), False, False, 12)
    if mode != "practise":
        other = widgets.button(say("New version"), lambda: new_version.show(say))
        line.pack_start(other, False, False, 0)
    line.pack_end(widgets.button(say("Switch off"), lambda: _sure(line, say)), False, False, 0)
    keyboard = widgets.choice(sentences.LAYOUTS, chosen["layout"], asking.use_layout)
    line.pack_end(keyboard, False, False, 0)
    window.add(line)
    window.show_all()
    Gtk.main()


def _console() -> None:
    """Lead to the console that runs, when its window was closed."""
    subprocess.Popen(["/usr/bin/quietline", "console"], start_new_session=True)


def _sure(line: Any, say: Any) -> None:
    """Ask once, in the bar itself: a press by mistake ends nobody's work."""
    question = Gtk.Box(spacing=4)

    def no() -> bool:
        line.remove(question)
        return False

    question.pack_start(widgets.text(say("Switch off now?")), False, False, 8)
    question.pack_start(widgets.button(say("Yes"), lambda: asking.ask("off")), False, False, 0)
    question.pack_start(widgets.button(say("No"), no), False, False, 0)
    line.pack_end(question, False, False, 0)
    line.show_all()
    GLib.timeout_add_seconds(15, lambda: no() if question.get_parent() else False)


if __name__ == "__main__":
    main()
