"""A case by its days: messages and acts in their order, what is due after them.

Each leads to its place on the page. Days that a reporter's text names stand among them, each marked
as that, without a time: nobody sent or did anything then that the console knows of.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.console.cases.case_model import Case
from app.console.pages.case.desk import actor_words, said_at
from app.console.pages.case.event_words import event_words
from app.console.rules import keeping, named_days, wording
from app.console.rules.changes import DUE, FEEDBACK, LABELS, OWNER, PRIORITY, SNOOZE, STATUS
from app.console.rules.named_days import NamedDay
from app.console.vault.custody.audit_log import AuditEvent
from app.console.web import case_views
from app.sentences.translatable import say

SHOWN = 60
"""The latest of them: what is older is found in the history."""
NAMED_MOST = 30
"""Days of a case that texts name: the first of them that are said."""
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
    """Something of a case: when, what kind (message, answer, act, named), its words, its place."""

    at: int
    kind: str
    words: str
    place: str
    when: str
    when_long: str


def timeline(case: Case) -> dict[str, Any]:
    """Return the latest moments by day, the oldest first, each day with its words."""
    every = sorted((*_messages(case), *_steps(case)), key=lambda one: one.at)
    named, unsure = _named(case)
    shown = sorted((*every[-SHOWN:], *named), key=lambda one: one.at)
    days = [
        (day, list(some)) for day, some in groupby(shown, key=lambda one: wording.day_of(one.at))
    ]
    left = max(0, len(every) - SHOWN)
    return {"days": days, "left": left, "due": _due(case), "unsure": unsure}


def _messages(case: Case) -> list[Moment]:
    return [
        _moment(
            one.at,
            "message" if one.direction == "in" else "answer",
            wording.message_title(one.body.kind) if one.direction == "in" else say("Answer"),
            f"message-{one.id}",
        )
        for one in case.messages
    ]


def _named(case: Case) -> tuple[list[Moment], list[Moment]]:
    """Return the days that the reporter's texts name, and what names no one day for sure."""
    sure: list[Moment] = []
    unsure: list[Moment] = []
    for one in case.messages:
        if one.direction != "in":
            continue
        seen: set[NamedDay] = set()
        for text in (one.body.text, *map(str, one.body.answers.values())):
            for day in named_days.find(text, one.body.lang):
                if day not in seen and len(sure) + len(unsure) < NAMED_MOST:
                    seen.add(day)
                    place = f"message-{one.id}"
                    (unsure if day.day is None else sure).append(_named_moment(day, place))
    return sure, unsure


def _named_moment(day: NamedDay, place: str) -> Moment:
    # In the middle of the day, wherever this computer is: it has no time of its own.
    noon = dt.datetime.combine(day.day, dt.time(12)) if day.day else None
    at = int(noon.astimezone().timestamp()) if noon else 0
    return Moment(at, "named", day.words, place, "", "")


def _steps(case: Case) -> list[Moment]:
    return [
        _moment(said_at(one), "act", _act(case, one), _place(one))
        for one in reversed(case.history)
        if one.what not in _SAID_ELSEWHERE
        and not (one.what == "add" and one.detail.get("name") == "answered")
    ]


def _act(case: Case, one: AuditEvent) -> str:
    what = event_words(case.known, case.words, one)
    return say("{who}: {what}", who=actor_words(case, one), what=what)


def _place(one: AuditEvent) -> str:
    name = str(one.detail.get("name", ""))
    if one.what in ("set", "add", "drop"):
        return "referrals" if name.startswith("referral") else _OF_FIELD.get(name, "history")
    return _OF_ACT.get(one.what, "history")


def _due(case: Case) -> case_views.DueWords | None:
    return case_views.due(case.listed, case.now)


def _moment(at: int, kind: str, words: str, place: str) -> Moment:
    return Moment(at, kind, words, place, wording.clock(at), wording.long_time(at))
