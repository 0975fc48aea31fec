"""The section of a case's page: to which other lines it went, and the way to send it."""

from typing import Any

from app.console.cases.case_model import Case
from app.console.features.transfer.handing_over import SENT
from app.console.rules import wording
from app.console.vault.custody.audit_log import AuditEvent
from app.sentences.translatable import say


def transfer(case: Case) -> dict[str, Any]:
    """Return the lines that the case was sealed to, why and when; and whether it came from one."""
    return {
        "came": case.origin is not None,
        "sent": [
            (
                str(one.detail.get("to", "")),
                str(one.detail.get("reason", "")),
                wording.long_time(one.at),
            )
            for one in case.history
            if one.what == SENT
        ],
    }


def words(one: AuditEvent) -> str | None:
    """Return what a case's history says of transfers to others.

    Whence it came is the case's own.
    """
    if one.what != SENT:
        return None
    to, reason = one.detail.get("to", ""), one.detail.get("reason", "")
    return say("wrote the case for another hotline, {to}: {reason}", to=to, reason=reason)
