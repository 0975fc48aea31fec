"""The words of triage: statuses, dispositions, priorities, and how urgent each is. Pure."""

from __future__ import annotations

NEW, ACKNOWLEDGED, IN_PROGRESS, WAITING, CLOSED = (
    "new",
    "acknowledged",
    "in-progress",
    "waiting",
    "closed",
)
STATUSES = {
    NEW: "New",
    ACKNOWLEDGED: "Acknowledged",
    IN_PROGRESS: "In progress",
    WAITING: "Waiting for the reporter",
    CLOSED: "Closed",
}
DISPOSITIONS = {
    "referred": "Referred",
    "under-investigation": "Under investigation",
    "victim-contacted": "Victim contacted",
    "no-action": "No action",
    "unfounded": "Unfounded",
    "spam": "Spam",
    "duplicate": "Duplicate",
}
LIFE_SAFETY, URGENT = "life-safety", "urgent"
PRIORITIES = {
    LIFE_SAFETY: "Immediate danger",
    URGENT: "Urgent",
    "routine": "Routine",
    "information": "Information only",
}
_RANKS = {LIFE_SAFETY: 10, URGENT: 20, "routine": 40, "information": 50}
UNTRIAGED_IN_DANGER, UNTRIAGED = 15, 30


def split_status(value: str) -> tuple[str, str]:
    """Return a status and its disposition, from the one text of both: ``closed/referred``.

    They are one value so that two people can never close a case with one's status and the other's
    disposition.
    """
    status, _, disposition = value.partition("/")
    if status not in STATUSES:
        return NEW, ""
    return status, disposition if status == CLOSED else ""


def status_words(value: str) -> str:
    """Return a status in words, such as "Closed: referred"."""
    status, disposition = split_status(value)
    words = STATUSES[status]
    if disposition:
        words += f": {DISPOSITIONS.get(disposition, disposition).lower()}"
    return words


def rank(priority: str, *, danger: bool, unassessed: bool = False) -> int:
    """Return how soon a case is to be looked at, the smallest first.

    What was not looked at yet comes before routine, and before urgent where the reporter said that
    a person is in danger now. So does danger that is not assessed (``unassessed``), whatever was
    said of the case before.
    """
    usual = _RANKS.get(priority, UNTRIAGED_IN_DANGER if danger else UNTRIAGED)
    return min(usual, UNTRIAGED_IN_DANGER) if unassessed else usual
