"""When the last backup was made, and whether it is time for another."""

from app.console.vault import Transaction
from app.console.vault.installation import machine_log

DUE_DAYS = 30
"""A backup opens what comes for about as long: the keys that it holds end then."""


def made(tx: Transaction) -> int | None:
    """Return when the last one was made, in Unix seconds; None if there was none."""
    found = machine_log.last(tx, machine_log.BACKED_UP)
    return found.at if found else None


def is_due(tx: Transaction, now: int) -> bool:
    """Say whether there never was one, or none for a month."""
    last = made(tx)
    return last is None or now - last >= DUE_DAYS * 86_400
