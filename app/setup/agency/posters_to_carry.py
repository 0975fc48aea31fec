"""Cards, posters and screens, made in the folder to carry: for whoever prints them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.posters.drawing import drawing_problem
from app.agency.posters.kit import SHEET, are_current, write_posters
from app.setup.carried import POSTERS
from app.setup.dialogue import Dialogue, Question, yes_or_no
from app.setup.steps import NotRight

_KEY = "posters"


class PostersToCarry:
    """The step that makes them, where somebody wants them; a file of answers must say so."""

    def __init__(
        self,
        agency: Callable[[], AgencyFolder],
        carried: Path,
        dialogue: Dialogue,
        today: dt.date,
    ) -> None:
        self._agency = agency
        self._place = carried / POSTERS
        self._dialogue = dialogue
        self._today = today
        self._left_out: tuple[str, ...] = ()

    def done(self) -> bool:
        """Say whether none are wanted, or those there say what the agency's folder says."""
        if not self._dialogue.known(_KEY):
            return self._dialogue.unattended
        if not self._wanted():
            return True
        try:
            return are_current(self._agency().path, self._place)
        except AgencyError:
            return False  # making them says what is wrong

    def do(self) -> None:
        """Ask, and make them. Raises NotRight, Stopped, OSError."""
        if not self._wanted():
            return
        try:
            made = write_posters(self._agency().path, self._place, today=self._today)
        except AgencyError as error:
            # Nothing that is to be carried today waits for a poster.
            self._dialogue.reopen(_KEY)
            raise NotRight(f"{error} Answer no to go on without posters.") from None
        self._left_out = tuple(made.chosen.left_out)

    def found(self) -> str:
        """Say where they are."""
        if not self._dialogue.known(_KEY) or not self._wanted():
            return "No cards and posters. `quietline agency posters` makes them."
        left_out = (
            f"\n    Left out, because nobody reviewed their words: {', '.join(self._left_out)}."
            if self._left_out
            else ""
        )
        return (
            f"Cards, posters and screens: {self._place}. Read {SHEET} there before any is printed."
            f"{left_out}"
        )

    def _wanted(self) -> bool:
        known, problem = self._dialogue.known(_KEY), drawing_problem()
        if not known and problem is not None:
            self._dialogue.say(problem)
        words = "Make cards and posters with the hotline's address, in the page's languages?"
        suggestion = "yes" if problem is None else "no"
        return self._dialogue.ask(Question(_KEY, words, yes_or_no, suggestion))
