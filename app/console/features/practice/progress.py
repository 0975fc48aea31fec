"""Who has done which exercise, and when a refresher is due: a small file beside the practice.

It names people, exercises and days, and nothing that was written. Nobody but this machine has it.
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.console.errors import ConsoleError
from app.console.features.practice.exercises import Exercise
from app.files.writing import PRIVATE, write_whole
from app.sentences.translatable import say

FILE_NAME = "progress.json"
NAME_MAX = 64
AGAIN_AFTER_MISSES = 14
"""Days until an exercise is due again in which something was missed."""


@dataclass(frozen=True, slots=True)
class Done:
    """The last time that a person finished an exercise, how often in all, and what was missed."""

    on: dt.date
    times: int
    missed: tuple[str, ...]

    def due(self, exercise: Exercise) -> dt.date:
        """Return the day of the refresher."""
        days = exercise.again_days
        return self.on + dt.timedelta(min(days, AGAIN_AFTER_MISSES) if self.missed else days)


class Progress:
    """The file of one folder. Damaged, it says so and is left alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    def people(self) -> list[str]:
        """Return the names of all who have practised here."""
        return sorted(self._read())

    def of(self, person: str) -> dict[str, Done]:
        """Return what a person has done, by exercise."""
        return {name: _done(one) for name, one in self._read().get(person, {}).items()}

    def begin(self, person: str) -> str:
        """Return a person's name as it is kept; they are known from now on. Raises ConsoleError."""
        name = " ".join(person.split())
        if not 0 < len(name) <= NAME_MAX or not name.isprintable():
            raise ConsoleError(say("A name has 1 to {name_max} characters.", name_max=NAME_MAX))
        said = self._read()
        if name not in said:
            self._write({**said, name: {}})
        return name

    def finished(self, person: str, exercise: str, missed: list[str], today: dt.date) -> None:
        """Keep that a person finished an exercise, and which of its checks were missed."""
        said = self._read()
        before = said.get(person, {}).get(exercise, {})
        times = int(before.get("times", 0)) + 1
        done = {"on": today.isoformat(), "times": times, "missed": missed}
        self._write({**said, person: {**said.get(person, {}), exercise: done}})

    def _read(self) -> dict[str, dict[str, Any]]:
        if not self._file.exists():
            return {}
        try:
            people = json.loads(self._file.read_text(encoding="utf-8"))["people"]
            for one in people.values():
                for done in one.values():
                    _done(done)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConsoleError(
                say(
                    "{file} is not what practice keeps there. Move it away, or restore it.",
                    file=self._file,
                )
            ) from None
        else:
            found: dict[str, dict[str, Any]] = people
            return found

    def _write(self, people: dict[str, dict[str, Any]]) -> None:
        text = json.dumps({"v": 1, "people": people}, ensure_ascii=False, indent=1) + "\n"
        write_whole(self._file, text.encode(), mode=PRIVATE)


def _done(one: dict[str, Any]) -> Done:
    return Done(dt.date.fromisoformat(one["on"]), int(one["times"]), tuple(one["missed"]))
