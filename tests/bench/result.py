"""What a bench hands back, and how it is written: JSON, a Markdown page, a plot."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import plot


@dataclass(frozen=True)
class Row:
    """One measured thing. ``ratio`` is ours to base."""

    name: str
    unit: str
    ours: float
    base: float
    wanted: str = ""
    """What the ratio (or ours) should be, in words; nothing where nothing was promised."""
    reached: bool | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.base

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": rounded(self.ours),
            "base": rounded(self.base),
            "ratio": rounded(self.ratio),
        }


@dataclass
class Page:
    """A bench's results. ``notes`` are sentences below the table, in Markdown."""

    title: str
    ours: str
    base: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    growth: str = ""
    """A plot of its own (``growing``), in place of bars."""

    def add(self, name: str, unit: str, ours: float, base: float) -> Row:
        """Add a row for which nothing was promised."""
        return self._add(Row(name, unit, ours, base))

    def at_least(self, least: float, name: str, unit: str, ours: float, base: float) -> Row:
        """Add a row whose ratio should be at least ``least``."""
        return self._add(Row(name, unit, ours, base, f"≥ {least:,g}", ours / base >= least))

    def at_most(self, most: float, name: str, unit: str, ours: float, base: float) -> Row:
        """Add a row whose ratio should be at most ``most``."""
        return self._add(Row(name, unit, ours, base, f"≤ {most:,g}", ours / base <= most))

    def within(self, most: float, name: str, unit: str, ours: float, base: float) -> Row:
        """Add a row whose own value, not the ratio, should be at most ``most``."""
        return self._add(Row(name, unit, ours, base, f"ours ≤ {most:,g}", ours <= most))

    def promise(self, least: float, name: str, unit: str, ours: float, base: float) -> Row:
        """Add a row whose own value, not the ratio, should be at least ``least``."""
        return self._add(Row(name, unit, ours, base, f"ours ≥ {least:,g}", ours >= least))

    def _add(self, row: Row) -> Row:
        self.rows.append(row)
        return row

    def write(self, folder: Path, name: str, machine: str) -> None:
        """Write NAME.json, NAME.md and NAME.svg."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(
            json.dumps([row.as_json() for row in self.rows], indent=2, ensure_ascii=False) + "\n"
        )
        bars = plot.bars(self.title, self.ours, self.base, self.rows)
        (folder / f"{name}.svg").write_text(self.growth or bars)
        (folder / f"{name}.md").write_text(self._markdown(name, machine))

    def _markdown(self, name: str, machine: str) -> str:
        lines = [
            f"# {self.title}",
            "",
            f"Written by `make bench ONLY={name}`. {machine}",
            "",
            f"![{self.title}]({name}.svg)",
            "",
            f"| what | unit | {self.ours} | {self.base} | ratio | wanted | |",
            "|---|---|---:|---:|---:|---|---|",
        ]
        marks = {True: "reached", False: "**missed**", None: ""}
        lines += [
            f"| {row.name} | {row.unit} | {shown(row.ours)} | {shown(row.base)} "
            f"| {shown(row.ratio)} | {row.wanted} | {marks[row.reached]} |"
            for row in self.rows
        ]
        return "\n".join([*lines, "", *(f"{note}\n" for note in self.notes)])


def rounded(value: float) -> float:
    """Return a value with four significant digits."""
    return float(f"{value:.4g}")


def shown(value: float) -> str:
    """Return a value as people read it."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
