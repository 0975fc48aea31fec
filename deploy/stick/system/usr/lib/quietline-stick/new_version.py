"""The window for a new version: which one runs, what another stick has, how taking it went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asking
import widgets
from gi.repository import Gtk

Say = Callable[[str], str]


def show(say: Say) -> None:
    """Open the window."""
    window = Gtk.Window()
    window.set_title("Quietline")
    window.set_default_size(widgets.WIDTH + 120, 420)
    window.show_all()
    _look(window, say)


def _look(window: Any, say: Say, wrong: str = "") -> None:
    widgets.beside(lambda: asking.ask("versions"), lambda said: _page(window, say, said, wrong))


def _page(window: Any, say: Say, said: dict[str, str], wrong: str) -> None:
    offer = said.get("offer", "")
    words = [widgets.text(f"{say('This version')}: {said.get('version', '?')}", "quiet")]
    match said.get("last"):
        case "written":
            words.append(widgets.text(say(_WRITTEN)))
        case "failed":
            words.append(widgets.text(say(_DID_NOT_COME_UP)))
        case "no-key":
            words.append(widgets.text(say(_NO_KEY)))
    if said.get("last") != "no-key":
        words.append(widgets.text(offer or say(_HOW)))
    if not wrong and (error := said.get("error")):
        wrong = say(_WHY_NOT.get(error, _FAILED))
    if wrong:
        words.append(widgets.text(wrong, "wrong"))
    take = widgets.button(say("Check and take it"), lambda: _take(window, say), first=True)
    again = widgets.button(say("Look again"), lambda: _look(window, say))
    _put(
        window,
        widgets.text(say("New version"), "title"),
        *words,
        widgets.row(*([take] if offer else []), again),
    )


def _take(window: Any, say: Say) -> None:
    _put(window, widgets.text(say("New version"), "title"), widgets.text(say(_MINUTES)))

    def done(said: dict[str, str]) -> None:
        error = said.get("error")
        _look(window, say, say(_WHY_NOT.get(error, _FAILED)) if error else "")

    widgets.beside(lambda: asking.ask("take"), done)


def _put(window: Any, *children: Any) -> None:
    for old in window.get_children():
        window.remove(old)
    window.add(widgets.page(*children))
    window.show_all()


_HOW = (
    "Put in another stick that has three files on it, in no folder: the new version, SHA256SUMS "
    "and SHA256SUMS.sig."
)
_MINUTES = (
    "It is checked, written and read again. That takes minutes. Leave both sticks in, and the "
    "computer on."
)
_WRITTEN = (
    "A new version is written. It is tried at the next start: switch off, and start again. If it "
    "does not come up twice, this one starts again. What you keep is not touched."
)
_DID_NOT_COME_UP = "The version that was written last did not come up twice. This one is used."
_FAILED = "It did not work. Take the stick out, start again, and use another stick if it stays so."
_NO_KEY = (
    "This stick was made without the key by which new versions are believed. It takes none: "
    "write a new stick."
)
_WHY_NOT = {
    "busy": _MINUTES,
    "none": _HOW,
    "not-now": (
        "Not yet: this version is not the one that is used for good. Wait until its console has "
        "been open for a minute. If this stays, start again and choose no version in the menu."
    ),
    "no-storage": (
        "A new version is taken beside a storage: start as an investigator or as the agency, and "
        "make one if there is none."
    ),
    "undecided": (
        "What says which version is used is damaged on this stick: the oldest one starts. Write a "
        "new stick, and move to it what you keep."
    ),
    "no-key": _NO_KEY,
    "not-signed": (
        "This is not what was signed, and was not taken. Copy it once more. If it stays so, do not "
        "use it, and tell who gave it to you."
    ),
    "older": "It is not newer than what is on this stick, and was not taken.",
    "no-room": "There is no room on this stick for a second version. Write a new stick.",
}
