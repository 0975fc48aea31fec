"""The machine's clock, against what was signed and against its own service."""

from __future__ import annotations

import datetime as dt

from app.protocol.directory import Directory
from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.operations.doctor.machine import Machine


def check(directory: Directory | None, first_start: int | None, machine: Machine) -> Notes:
    """Compare the clock with a directory and with ``first_start``.

    ``first_start`` is when the first bundle that is kept begins (Unix seconds).
    """
    today = dt.datetime.fromtimestamp(machine.now, dt.UTC).date()
    if directory is not None and today < directory.issued:
        yield Finding(
            "clock",
            f"The clock says {today}, but the directory was signed on {directory.issued}: set the "
            "clock.",
        )
    elif first_start is not None and machine.now < first_start:
        yield Finding(
            "clock",
            "Every bundle that is kept begins later than the clock says it is: set the clock.",
        )
    shown = machine.call(("timedatectl", "show", "--property=NTPSynchronized", "--value"))
    if shown is None:
        yield Unchecked("clock", "Whether the clock is set by the network is not known.")
    elif shown.strip() == "no":
        yield Finding(
            "clock",
            "The clock is not set by the network: turn that on (timedatectl set-ntp true), or "
            "windows and epochs drift away from everyone else's.",
        )
