"""A case by its days: messages and acts in their order, what is due after them.

Each leads to its place on the page.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.console.cases.case_model import Case
from app.console.pages.case.desk import act_words, actor_words, said_at
from app.console.rules import keeping, wording
from app.console.rules.changes import DUE, FEEDBACK, LABELS, OWNER, PRIORITY, SNOOZE, STATUS
from app.console.vault.audit_log import AuditEvent
from app.console.web import view_models

SHOWN = 60
"""The latest of them: what is older is found in the history."""
_OF_FIELD = {
    **dict.fromkeys((STATUS, PRIORITY, OWNER, DUE, FEEDBACK, SNOOZE, LABELS), "triage"),
    **dict.fromkeys((keeping.LEGAL_HOLD, keeping.DESTROY_ON), "keeping"),
    "duplicate-of": "merged",
}
_OF_ACT = {
    **dict.fromkeys(("note", "edit", "private-note"), "notes"),
    **dict.fromkeys(("saved", "flattened"), "files"),
    **dict.fromkeys(("exported", "copied"), "evidence"),
    "interpreter-copy": "interpreter",
    "hand": "handing",
}
_SAID_ELSEWHERE = frozenset(("message", "answer", "seen", "opened"))
"""Messages stand there themselves; who has read them, under the triage."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something of a case: when, what kind (message, answer, act, due), its words, its place."""

    at: int
    kind: str
    words: str
    place: str
    when: str
    when_long: str


def timeline(case: Case) -> dict[str, Any]:
    """Return the latest moments by day, the oldest first, each day with its words."""
    every = sorted((*_messages(case), *_steps(case)), key=lambda one: one.at)
    days = [
        (day, list(some))
        for day, some in groupby(every[-SHOWN:], key=lambda one: wording.day_of(one.at))
    ]
    return {"days": days, "left": max(0, len(every) - SHOWN), "due": _due(case)}


def _messages(case: Case) -> list[Moment]:
    return [
        _moment(
            one.at,
            "message" if one.direction == "in" else "answer",
            view_models.message_title(one.body.kind) if one.direction == "in" else "Answer",
            f"message-{one.id}",
        )
        for one in case.messages
    ]


def _steps(case: Case) -> list[Moment]:
    return [
        _moment(
            said_at(one), "act", f"{actor_words(case, one)} {act_words(case, one)}", _place(one)
        )
        for one in reversed(case.history)
        if one.what not in _SAID_ELSEWHERE
        and not (one.what == "add" and one.detail.get("name") == "answered")
    ]


def _place(one: AuditEvent) -> str:
    name = str(one.detail.get("name", ""))
    if one.what in ("set", "add", "drop"):
        return "referrals" if name.startswith("referral") else _OF_FIELD.get(name, "history")
    return _OF_ACT.get(one.what, "history")


def _due(case: Case) -> view_models.Due | None:
    return view_models.due(case.listed, case.now)


def _moment(at: int, kind: str, words: str, place: str) -> Moment:
    return Moment(at, kind, words, place, wording.clock(at), wording.long_time(at))
