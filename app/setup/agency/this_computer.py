"""The agency's computer: whether it is off every network, and whether its date is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from app.setup.dialogue import Dialogue, Question, WrongAnswer, yes_or_no
from app.setup.steps import NotRight

_INTERFACES = Path("/sys/class/net")


def connected(interfaces: Path = _INTERFACES) -> list[str]:
    """Return the names of network interfaces that have a link, but for the loopback's."""
    found = []
    for one in sorted(interfaces.glob("*")):
        try:
            state = (one / "operstate").read_text().strip()
        except OSError:
            continue
        if one.name != "lo" and state not in ("down", "notpresent", "lowerlayerdown"):
            found.append(one.name)
    return found


class ThisComputer:
    """The step that looks at both. ``links`` returns the network's interfaces with a link."""

    def __init__(
        self, dialogue: Dialogue, today: dt.date, links: Callable[[], list[str]] = connected
    ) -> None:
        self._dialogue = dialogue
        self._today = today
        self._links = links
        self._anyway = False
        self.date_is_right = False
        """Whether somebody said that the date is."""

    def done(self) -> bool:
        """Say no: it is looked at each time."""
        return False

    def do(self) -> None:
        """Ask about the date, and about a network where there is one. Raises NotRight."""
        date = f"{self._today:%A}, {self._today.day} {self._today:%B %Y}"
        question = f"This computer's date is {date}. Is that right?"
        right = self._dialogue.ask(
            Question("date_is_right", question, yes_or_no, "yes", kept=False)
        )
        if not right:
            raise NotRight(
                "Set the date first (in the system's settings): what is signed is good from this "
                "day on."
            )
        self.date_is_right = self._dialogue.known("date_is_right") or not self._dialogue.unattended
        if links := self._links():
            self._anyway = self._dialogue.ask(
                Question(
                    "offline",
                    f"This computer is on a network ({', '.join(links)}). The root key must never "
                    "be on one that is. Pull the cable out, switch Wi-Fi off, then press Enter; or "
                    "type anyway, to try things out",
                    _anyway,
                    "yes",
                    kept=False,
                )
            )

    def found(self) -> str:
        """Say how it stands. Raises NotRight."""
        links = self._links()
        if links and not self._anyway:
            raise NotRight(f"This computer is still on a network ({', '.join(links)}).")
        if links:
            return (
                "THIS COMPUTER IS ON A NETWORK: good for trying things out, and for no line that "
                "anybody is to trust."
            )
        return "This computer is on no network."


def _anyway(text: str) -> bool:
    if text not in ("", "yes", "anyway"):
        raise WrongAnswer("Press Enter once it is off the network, or type anyway.")
    return text == "anyway"
