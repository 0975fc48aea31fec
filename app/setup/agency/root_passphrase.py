"""The root key's passphrase: drawn by lot and typed from paper, or typed; kept for one run."""

from __future__ import annotations

import os

from app.agency.errors import WrongPassphrase
from app.agency.folder import AgencyFolder
from app.passphrases import suggestion, weakness
from app.protocol.secrets import Secret
from app.setup.dialogue import Dialogue
from app.setup.steps import NotRight

_KEY = "passphrase"
_CLEAR = "\x1b[3J\x1b[2J\x1b[H"
"""Empties a terminal and what can be scrolled back to (xterm's control sequences)."""


class RootPassphrase:
    """Asked for when it is first needed, then known until ``wipe``. It is written nowhere."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._known: Secret | None = None

    def new(self, line_name: str) -> Secret:
        """Choose one for a new root key. Raises NotRight, Stopped, Misused."""
        self.wipe()
        self._known = (
            self._given(line_name) if self._dialogue.unattended else self._drawn(line_name)
        )
        return self._known

    def of(self, agency: AgencyFolder) -> Secret:
        """Return the one that opens an agency's root key. Raises NotRight, Stopped, Misused."""
        while self._known is None:
            typed = self._ask("Passphrase of the root key")
            try:
                agency.root_key().open(typed).wipe()
            except WrongPassphrase as error:
                typed.wipe()
                if self._dialogue.unattended:
                    raise NotRight(str(error)) from None
                self._dialogue.say(str(error))
                continue
            self._known = typed
        return self._known

    def wipe(self) -> None:
        """Forget it."""
        if self._known is not None:
            self._known.wipe()
        self._known = None

    def _ask(self, words: str) -> Secret:
        return Secret(self._dialogue.hidden(_KEY, words).encode())

    def _given(self, line_name: str) -> Secret:
        chosen = self._ask("the passphrase of the root key that is made")
        if (weak := weakness(chosen, line_name)) is not None:
            raise NotRight(weak)
        return chosen

    def _drawn(self, line_name: str) -> Secret:
        words = suggestion(os.urandom)
        self._dialogue.say(
            "\nThe root key is locked with a passphrase. Without it nobody can ever change this "
            "line; whoever has both can take the line over. These words were drawn by lot:\n\n"
            f"      {words}\n\n"
            "Write them on paper, by hand: it goes into a safe, and not the one of the stick. Then "
            "type them here. (Or draw words of your own with dice, six or more.)"
        )
        while True:
            first = self._ask("The passphrase, from your paper")
            if (weak := weakness(first, line_name)) is not None:
                self._dialogue.say(weak)
            elif first == Secret(words.encode()) or first == self._ask("The same again"):
                break
            else:
                self._dialogue.say("They differ, or are not the words above. Once more.")
        self._dialogue.say(f"{_CLEAR}The passphrase is no longer on the screen.")
        return first
