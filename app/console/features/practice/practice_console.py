"""A console for practising: what it sends goes nowhere, what comes to it comes from a script."""

from pathlib import Path
from typing import NoReturn

import anyio.to_thread

from app.client.line_errors import LineError
from app.console.errors import ConsoleError
from app.console.features.practice import script
from app.console.features.practice.exercises import Exercise
from app.console.features.practice.progress import Progress
from app.console.features.practice.script import Sitting
from app.console.sync.outcome import SyncReport
from app.console.vault import Vault
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from app.sentences.translatable import say

SIGN_IN_WORDS = "made-up cases only"
"""The passphrase of every practice vault, shown on its login page: the lock guards nothing here."""


class PracticeConsole(Console):
    """A console for practice.

    ``folder`` is the sitting's vault, ``kept`` the folder in which progress stays. ``person`` is
    who practises, ``sitting`` the exercise they are at.
    """

    practice = True
    landing = "/practice"

    def __init__(self, folder: Path, kept: Path, settings: ConsoleSettings) -> None:
        super().__init__(folder, settings)
        self.progress = Progress(kept)
        self.person = ""
        self.sitting: Sitting | None = None

    def practice_band(self) -> dict[str, str]:
        """Return the exercise at hand, empty strings between two, and the passphrase."""
        exercise = self.sitting.exercise if self.sitting else None
        said = {"id": exercise.id, "title": exercise.title} if exercise else {"id": "", "title": ""}
        return said | {"passphrase": SIGN_IN_WORDS}

    def begin(self, exercise: Exercise) -> Sitting:
        """Begin an exercise, from its beginning; the cases of others stay in the list."""
        self.sitting = script.begin(self.vault, exercise, self.now())
        return self.sitting

    def the_sitting(self) -> Sitting:
        """Return the exercise at hand. Raises ConsoleError between two."""
        if self.sitting is None:
            raise ConsoleError(say("Begin an exercise first."))
        return self.sitting

    def line_client(self) -> NoReturn:
        """Refuse: there is no line. Raises ConsoleError."""
        raise LineError(say("Practice has no server."))

    async def _sync(self, vault: Vault) -> SyncReport:
        """Let the script answer: there is no server to call."""
        came = await anyio.to_thread.run_sync(
            script.answer_all, vault, self.sitting, self.now()
        )  # fmt: skip
        self.sync.at = self.now()
        return SyncReport(new_messages=came)
