"""Answers of a set-up from a TOML file, with nobody at the keyboard (docs/set-up.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from app.files.bounded_reading import read_at_most
from app.setup.dialogue import Misused, Question, Value, WrongAnswer

_FILE_MAX = 1024**2
_SECRET_MAX = 4_096


class FromFile:
    """One table of a file of answers. Nothing is asked: what is missing is the suggestion.

    Keys are flat: ``desks.1.name.en``. A list of texts is read as one text with commas.
    """

    unattended = True

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers

    @classmethod
    def of(cls, file: Path, table: str, keys: str) -> FromFile:
        """Read a table; ``keys`` is the form of every key that may be there. Raises Misused."""
        try:
            content = tomllib.loads(read_at_most(file, _FILE_MAX).decode())
        except OSError as error:
            raise Misused(f"{file}: {error.strerror or 'cannot be read'}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Misused(f"{file} cannot be read: {error}.") from None
        found = content.get(table)
        if not isinstance(found, dict):
            raise Misused(f"{file} has no table [{table}].")
        answers = dict(_flat(found))
        for key in answers:
            if not re.fullmatch(keys, key):
                raise Misused(f"{file}, [{table}]: nothing asks for '{key}' (docs/set-up.md).")
        return cls(answers)

    def say(self, text: str) -> None:
        """Print it."""
        typer.echo(text)

    def ask(self, question: Question[Value]) -> Value:
        """Return the file's answer, or the suggestion. Raises Misused."""
        text = self._answers.get(question.key, question.suggestion)
        if text is None:
            raise Misused(f"The file of answers has no '{question.key}': {question.words}")
        try:
            return question.read(text)
        except WrongAnswer as wrong:
            raise Misused(f"The file of answers, '{question.key}': {wrong}") from None

    def hidden(self, key: str, words: str) -> str:
        """Return the first line of the file that ``KEY_file`` names. Raises Misused."""
        name = self._answers.get(f"{key}_file")
        if name is None:
            raise Misused(f"The file of answers has no '{key}_file': {words}")
        try:
            lines = read_at_most(Path(name), _SECRET_MAX).decode().splitlines()
        except (OSError, UnicodeDecodeError):
            raise Misused(f"{name}, which '{key}_file' names, cannot be read.") from None
        if not lines or not lines[0]:
            raise Misused(f"{name}, which '{key}_file' names, has an empty first line.")
        return lines[0]

    def another(self, key: str, number: int, _words: str) -> bool:
        """Say whether the file has so many."""
        return any(one.startswith(f"{key}.{number}.") for one in self._answers)

    def known(self, key: str) -> bool:
        """Say whether the file answers it."""
        return key in self._answers

    def settled(self, _key: str) -> bool:
        """Nothing is: what the file says is compared each time."""
        return False

    def settle(self, _key: str) -> None:
        """Keep nothing."""

    def reopen(self, *_keys: str) -> None:
        """Forget nothing: the file stays what it is."""

    def try_again(self) -> bool:
        """Nobody is there to look."""
        return False


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        yield from _flat_value(f"{before}{name}", value)


def _flat_value(key: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from _flat(value, f"{key}.")
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for number, one in enumerate(value, start=1):
            yield from _flat(one, f"{key}.{number}.")
    elif isinstance(value, list):
        yield key, ", ".join(str(one) for one in value)
    elif isinstance(value, bool):
        yield key, "yes" if value else "no"
    else:
        yield key, str(value)
