"""How ``quietline server doctor`` says what was found: for a person, or as JSON."""

from __future__ import annotations

import json

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from app.server.operations.doctor.examination import Report


def as_json(report: Report) -> str:
    """Return a report as JSON: ``findings`` and ``unchecked`` by ``about``, and ``versions``."""
    notes = {
        name: [{"about": one.about, "sentence": one.sentence} for one in found]
        for name, found in (("findings", report.findings), ("unchecked", report.unchecked))
    }
    return json.dumps(notes | {"versions": report.versions})


def show(report: Report, screen: Console) -> None:
    """Print a report: what is wrong first, then what could not be seen."""
    for finding in report.findings:
        screen.print(Text.assemble(("✗ ", "bold red"), (finding.about, "bold")))
        screen.print(Padding(Text(finding.sentence), (0, 0, 0, 2)))
    count = len(report.findings)
    if count:
        words = "1 thing is" if count == 1 else f"{count} things are"
        screen.print(Text(f"\n{words} not as it should be.", "bold"))
    else:
        screen.print(Text("✓ Nothing wrong was found.", "bold green"))
    if report.unchecked:
        screen.print(Text("\nCould not be checked:", "dim"))
        for note in report.unchecked:
            screen.print(Padding(Text(f"{note.about}: {note.sentence}", "dim"), (0, 0, 0, 2)))
    used = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    screen.print(Text(f"\n{used}", "dim"))
