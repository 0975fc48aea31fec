"""What a verification found: one sentence each, and who saw it where."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that differs from what was signed; ``where`` is a path, ``visitors`` who saw it."""

    where: str
    sentence: str
    visitors: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """Findings as they come in; what several visitors saw alike is one finding."""

    _seen: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, where: str, sentence: str, visitor: str = "") -> None:
        """Note a finding; the same one by another visitor only adds the visitor."""
        visitors = self._seen.setdefault((where, sentence), [])
        if visitor and visitor not in visitors:
            visitors.append(visitor)

    def all(self) -> list[Finding]:
        """Return everything found, in the order in which it was first seen."""
        return [
            Finding(where, sentence, tuple(visitors))
            for (where, sentence), visitors in self._seen.items()
        ]
