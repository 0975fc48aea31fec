"""Where a case came from, if another line passed it on: what its custody log begins with."""

from dataclasses import dataclass

from app.console.vault import Transaction
from app.console.vault.custody import audit_log

RECEIVED = "received-from"


@dataclass(frozen=True, slots=True)
class Origin:
    """The line that a case came from, by the name that it gives itself.

    Its id (hex); who sent it; why; which message there says that the reporter agreed (its number);
    where the sender's custody log stood (entries and hash, hex); when it came.
    """

    line: str
    line_id: str
    sender: str
    reason: str
    consent: int
    entries: int
    head: str
    at: int


def origin(tx: Transaction, case: str) -> Origin | None:
    """Return where a case came from; None for a case of this line."""
    first = audit_log.first(tx, case)
    if first is None or first.what != RECEIVED:
        return None
    said = first.detail
    return Origin(
        str(said.get("line", "")),
        str(said.get("line_id", "")),
        str(said.get("sender", "")),
        str(said.get("reason", "")),
        int(said.get("consent", 0)),
        int(said.get("entries", 0)),
        str(said.get("head", "")),
        first.at,
    )
