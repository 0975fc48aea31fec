"""The section of a case's page: the letter that its reporter asked for."""

from typing import Any

from app.console.cases.case_model import Case
from app.console.features.letters import held_letters
from app.console.vault.custody.audit_log import AuditEvent
from app.protocol.bodies import LETTER_REQUEST
from app.sentences.translatable import say


def letter(case: Case) -> dict[str, Any] | None:
    """Return what the letter's form shows, if the reporter has asked for a letter."""
    requests, made = _counted(case)
    if not requests:
        return None
    return {
        "made": made,
        "open": requests > made,
        "statements": list(held_letters.statements().items()),
    }


def requested(case: Case) -> dict[str, Any] | None:
    """Return something while the reporter waits for a letter: what is to be done stands above."""
    requests, made = _counted(case)
    return {} if requests > made else None


def _counted(case: Case) -> tuple[int, int]:
    """How many letters were asked for, and how many were made."""
    return (
        sum(one.body.kind == LETTER_REQUEST for one in case.messages),
        sum(one.what == "letter-made" for one in case.history),
    )


def words(one: AuditEvent) -> str | None:
    """Return what a case's history says of letters."""
    if one.what == "letter-made":
        return say("made a cooperation letter, which is saved here")
    if one.what == "letter-released":
        return say("released the cooperation letter to {name}", name=one.detail.get("to", ""))
    return None
