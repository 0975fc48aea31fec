"""A person at a terminal answers; what they said is kept, so that nothing is asked twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typer

from app.files.writing import PRIVATE, write_whole
from app.setup.dialogue import Question, Stopped, Value, WrongAnswer, yes_or_no


class Terminal:
    """A wrong answer is asked again, with the reason. Answers are kept in ``file``, never a secret.

    A file that cannot be read counts as none: then everything is asked.
    """

    unattended = False

    def __init__(self, file: Path) -> None:
        self._file = file
        self._answers = _read(file)

    def say(self, text: str) -> None:
        """Print it."""
        typer.echo(text)

    def ask(self, question: Question[Value]) -> Value:
        """Return what was answered before, or ask until it can be read. Raises Stopped, OSError."""
        before = self._answers.get(question.key) if question.kept else None
        if before is not None:
            try:
                return question.read(before)
            except WrongAnswer:
                pass  # no longer one that can be taken: less room on the disk, another release
        text, value = _ask(question.words, question.read, question.suggestion)
        if question.kept:
            self._keep(question.key, text)
        return value

    def hidden(self, _key: str, words: str) -> str:
        """Ask without showing what is typed; it is kept nowhere. Raises Stopped."""
        return _line(words, None, hidden=True)

    def another(self, key: str, number: int, words: str) -> bool:
        """Ask; there is always a first one. Raises Stopped, OSError."""
        question = Question(f"{key}.{number}.more", words, yes_or_no, "no")
        return number == 1 or self.ask(question)

    def known(self, key: str) -> bool:
        """Say whether it was answered before."""
        return key in self._answers

    def settled(self, key: str) -> bool:
        """Say whether what was answered under a key is done."""
        return f"{key}.done" in self._answers

    def settle(self, key: str) -> None:
        """Keep in mind that it is. Raises OSError."""
        self._keep(f"{key}.done", "yes")

    def reopen(self, *keys: str) -> None:
        """Forget what was answered under these keys, or under any. Raises OSError."""
        self._answers = {
            name: text
            for name, text in self._answers.items()
            if keys and name.split(".")[0] not in keys
        }
        self._write()

    def try_again(self) -> bool:
        """Ask; Enter is yes."""
        return self.ask(Question("again", "Look again?", yes_or_no, "yes", kept=False))

    def _keep(self, key: str, answer: str) -> None:
        self._answers[key] = answer
        self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        text = json.dumps(self._answers, ensure_ascii=False, indent=1) + "\n"
        write_whole(self._file, text.encode(), mode=PRIVATE)


def ask_until_read(words: str, read: Callable[[str], Value]) -> Value:
    """Ask, and keep nothing. Raises Stopped."""
    return _ask(words, read, None)[1]


def _ask(words: str, read: Callable[[str], Value], suggestion: str | None) -> tuple[str, Value]:
    while True:
        text = _line(words, suggestion).strip()
        try:
            return text, read(text)
        except WrongAnswer as wrong:
            typer.echo(str(wrong))


def _read(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(key): value for key, value in content.items() if isinstance(value, str)}


def _line(words: str, suggestion: str | None, *, hidden: bool = False) -> str:
    try:
        return str(
            typer.prompt(
                words,
                default=suggestion,
                show_default=bool(suggestion),
                hide_input=hidden,
                prompt_suffix=" " if words.endswith("?") else ": ",
            )
        )
    except typer.Abort:
        raise Stopped from None
