"""The first screen: language and keyboard, then the stick's storage. It ends when that is open.

Nothing that is typed here is kept but by the storage itself; a window that is closed comes again.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import asking
import sentences
import widgets
from gi.repository import GLib, Gtk

TITLES = {
    "investigator": "For an investigator",
    "agency": "For the agency, without any network",
    "practise": "To practise",
}


class FirstScreen:
    """One window, whose one page is made anew at each step."""

    def __init__(self) -> None:
        self.done = False
        self._mode = asking.ask("look")["mode"]
        self._say: Callable[[str], str] = sentences.speak("en")
        self._window = Gtk.Window()
        self._window.connect("destroy", Gtk.main_quit)
        self._window.set_title("Quietline")
        self._window.set_decorated(False)
        self._window.fullscreen()
        self._welcome()

    def _show(self, *children: Any) -> None:
        for old in self._window.get_children():
            self._window.remove(old)
        self._window.add(widgets.page(*children))
        self._window.show_all()

    def _welcome(self) -> None:
        say, chosen = self._say, asking.chosen()
        go_on = self._storage if self._mode != "practise" else self._finish
        first = widgets.button(say("Continue"), go_on, first=True)
        self._show(
            widgets.text("Quietline", "title"),
            widgets.text(say(TITLES[self._mode]) + ". " + say(_ABOUT[self._mode])),
            widgets.text(say("Language"), "quiet"),
            widgets.choice(sentences.LANGUAGES, chosen["language"], self._speak),
            widgets.text(say("Keyboard"), "quiet"),
            widgets.choice(sentences.LAYOUTS, chosen["layout"], asking.use_layout),
            widgets.field(say("Try your keys here"), go_on),
            widgets.row(first, self._off()),
        )
        first.grab_focus()

    def _speak(self, tag: str) -> None:
        asking.choose(language=tag)
        self._say = sentences.speak(tag)
        widgets.set_direction(tag in sentences.FROM_THE_RIGHT)
        self._welcome()

    def _storage(self, wrong: str = "") -> None:
        state = asking.ask("look").get("storage", "")
        match state:
            case "open":
                self._finish()
            case "closed":
                self._unlock(wrong)
            case "none":
                self._make(wrong)
            case "other":
                self._cannot(self._say(_OTHER))
            case "small":
                self._cannot(self._say(_SMALL))
            case _:
                self._cannot(self._say(_FAILED))

    def _cannot(self, why: str) -> None:
        self._show(
            widgets.text(self._say("This stick cannot be used for this"), "title"),
            widgets.text(why),
            widgets.row(self._off()),
        )

    def _unlock(self, wrong: str) -> None:
        say = self._say
        typed = widgets.field(say("Passphrase"), lambda: go_on(), hidden=True)

        def go_on() -> None:
            self._do("open", typed.get_text())

        self._show(
            widgets.text(say("The passphrase of this stick"), "title"),
            typed,
            widgets.shown(say("Show what I type"), typed),
            widgets.text(wrong, "wrong"),
            widgets.row(
                widgets.button(say("Open"), go_on, first=True),
                widgets.button(say("Back"), self._welcome),
                widgets.button(say("The passphrase is lost"), self._lost),
                self._off(),
            ),
        )
        typed.grab_focus()

    def _make(self, wrong: str) -> None:
        sentences.own_packages()
        from app.passphrases import suggestion, weakness
        from app.protocol.secrets import Secret

        say = self._say
        typed = widgets.field(say("Passphrase"), lambda: go_on(), hidden=True)
        again = widgets.field(say("The same once more"), lambda: go_on(), hidden=True)
        complaint = widgets.text(wrong, "wrong")

        def go_on() -> None:
            passphrase = typed.get_text()
            if weakness(Secret(passphrase.encode())) is not None:
                complaint.set_text(say(_WEAK))
            elif passphrase != again.get_text():
                complaint.set_text(say("The two are not the same."))
            else:
                self._do("make", passphrase)

        self._show(
            widgets.text(say("A storage on this stick"), "title"),
            widgets.text(say(_WHAT_IT_IS)),
            widgets.text(suggestion(os.urandom), "words"),
            widgets.text(say(_WRITE_DOWN)),
            typed,
            again,
            widgets.shown(say("Show what I type"), typed, again),
            complaint,
            widgets.row(
                widgets.button(say("Make it"), go_on, first=True),
                widgets.button(say("Back"), self._welcome),
                self._off(),
            ),
        )
        typed.grab_focus()

    def _lost(self) -> None:
        say = self._say
        self._show(
            widgets.text(say("The passphrase is lost"), "title"),
            widgets.text(say(_LOST)),
            widgets.row(widgets.button(say("Back"), self._storage, first=True), self._off()),
        )

    def _do(self, what: str, passphrase: str) -> None:
        """Ask the system beside the screen, which says meanwhile that it waits."""
        self._show(widgets.text(self._say("One moment …"), "title"))

        def work() -> None:
            said = asking.ask(what, passphrase)
            GLib.idle_add(self._done, said.get("error", ""))

        threading.Thread(target=work, daemon=True).start()

    def _done(self, error: str) -> None:
        if error:
            self._storage(self._say(_WRONG if error == "wrong" else _FAILED))
        else:
            self._finish()

    def _finish(self) -> None:
        self.done = True
        Gtk.main_quit()

    def _off(self) -> Any:
        return widgets.button(self._say("Switch off"), lambda: asking.ask("off"))


_ABOUT = {
    "investigator": (
        "What you keep lies encrypted on this stick. The disks of this computer are not touched."
    ),
    "agency": (
        "What you keep lies encrypted on this stick. This start has no driver for any network, "
        "and none can be loaded."
    ),
    "practise": ("The cases are made up. Nothing is kept, and there is no network."),
}
_WHAT_IT_IS = (
    "An encrypted storage is made in the free room of this stick. Whoever has the stick and "
    "the passphrase reads everything in it. These words were drawn for you:"
)
_WRITE_DOWN = (
    "Write them on paper, by hand, then type them. Or type several words of your own that do "
    "not belong together. Nobody can bring a lost passphrase back: not the agency, and not "
    "who made this stick."
)
_WEAK = (
    "This passphrase would be guessed. Take the words above, or four or more words of your "
    "own that do not belong together."
)
_LOST = (
    "Nobody can open the storage without it. Look for the paper first, and whether the "
    "keyboard is set as it was. If it stays lost, tell your agency today. Then begin with a "
    "new stick: from the copy of your case store, if there is one, or with a new one, which "
    "the agency enrols."
)
_WRONG = "That is not the passphrase. Is the keyboard the right one?"
_FAILED = "It did not work. Take the stick out, start again, and use another stick if it stays so."
_OTHER = (
    "Its storage was made by another way to start. The agency’s storage is never opened where "
    "there is a network. Switch off and start the other way, or take another stick."
)
_SMALL = "There is no room for a storage. Use a stick of 8 GB or more."


def main() -> int:
    """Show it; exit code 0: go on."""
    widgets.dress()
    screen = FirstScreen()
    Gtk.main()
    return 0 if screen.done else 1


if __name__ == "__main__":
    sys.exit(main())
