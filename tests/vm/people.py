"""Who types what: each command of a person's is counted, with the minutes it takes to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.vm.machine import Machine

OPERATOR, AGENCY, INVESTIGATOR, REPORTER = "root", "agency", "ana", "reporter"
"""Users of one machine that stands for four; each has a home, and no rights but the operator."""


@dataclass(frozen=True)
class Typed:
    """One command line of a person's, and the seconds by the machine's clock until it had ended."""

    who: str
    command: str
    seconds: float


@dataclass
class Book:
    """What people have typed, in its order."""

    typed: list[Typed] = field(default_factory=list)

    def type(self, machine: Machine, who: str, command: str, ends_with: int = 0) -> str:
        """Type a person's command; return what it says. Raises AssertionError at another end."""
        with self.typing(machine, who, command):
            said = machine.try_to(command, who)
        assert said.code == ends_with, f"{who}: {command}\nexit code {said.code}\n{said.text}"
        return said.text

    @contextmanager
    def typing(self, machine: Machine, who: str, command: str) -> Iterator[None]:
        """Count a command, and what is waited for until the block ends."""
        before = machine.seconds()
        yield
        self.typed.append(Typed(who, command, machine.seconds() - before))

    def write(self, file: Path, **more: object) -> None:
        """Keep the count, for whoever compares it with the documents."""
        lines = [
            {"who": one.who, "command": one.command, "seconds": round(one.seconds)}
            for one in self.typed
        ]
        kept = {
            "commands": len(lines),
            "minutes": round(sum(one.seconds for one in self.typed) / 60, 1),
        }
        file.write_text(json.dumps({**kept, **more, "typed": lines}, indent=1) + "\n")
