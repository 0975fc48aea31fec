"""Whether several servers of a line are one line: what they must share, and how many there are."""

from __future__ import annotations

from app.server.operations.doctor.findings import Finding, Notes
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings


def check(settings: Settings, machine: Machine) -> Notes:
    """Look at the settings, and at how many servers run here."""
    here = len(machine.servers())
    if here > settings.servers:
        yield Finding(
            "servers",
            f"{here} servers run here, and the setting servers is {settings.servers}: set it to "
            "the number of all of the line's servers, or each lets in more than its share.",
        )
    if max(here, settings.servers) < 2:
        return
    if settings.database.startswith("sqlite"):
        yield Finding(
            "servers",
            "Several servers cannot share SQLite: set database_url to one PostgreSQL database for "
            "all of them.",
        )
    if settings.blob_url is None:
        yield Finding(
            "servers",
            "Attachments are in a folder, to which one server alone can write: set blob_url to a "
            "bucket that all servers use.",
        )
