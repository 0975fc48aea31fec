"""The words of triage: statuses, dispositions, priorities, and how urgent each is. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.sentences.translatable import say

NEW, ACKNOWLEDGED, IN_PROGRESS, WAITING, CLOSED = (
    "new",
    "acknowledged",
    "in-progress",
    "waiting",
    "closed",
)
STATUSES = {
    NEW: say("New"),
    ACKNOWLEDGED: say("Acknowledged"),
    IN_PROGRESS: say("In progress"),
    WAITING: say("Waiting for the reporter"),
    CLOSED: say("Closed"),
}
DUPLICATE = "duplicate"
DISPOSITIONS = {
    "referred": say("Referred"),
    "under-investigation": say("Under investigation"),
    "victim-contacted": say("Victim contacted"),
    "no-action": say("No action"),
    "unfounded": say("Unfounded"),
    "spam": say("Spam"),
    DUPLICATE: say("Duplicate"),
}
LIFE_SAFETY, URGENT = "life-safety", "urgent"
PRIORITIES = {
    LIFE_SAFETY: say("Immediate danger"),
    URGENT: say("Urgent"),
    "routine": say("Routine"),
    "information": say("For information"),
}
_RANKS = {LIFE_SAFETY: 10, URGENT: 20, "routine": 40, "information": 50}
UNATTENDED, UNTRIAGED_IN_DANGER, UNTRIAGED = 5, 15, 30


def raised(priority: str, others: Iterable[str]) -> str:
    """Return the most urgent of some priorities where it is looked at sooner than ``priority``.

    Else ``priority`` itself: what is not assessed comes before routine, and stays so.
    """
    most = min((one for one in others if one in _RANKS), key=lambda one: _RANKS[one], default="")
    sooner = most and _RANKS[most] < _RANKS.get(priority, UNTRIAGED)
    return most if sooner else priority


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
    """Return a status in words, such as "Closed: Referred"."""
    status, disposition = split_status(value)
    if disposition:
        how = DISPOSITIONS.get(disposition, disposition)
        return say("{status}: {disposition}", status=STATUSES[status], disposition=how)
    return STATUSES[status]


def rank(priority: str, *, danger: bool, unassessed: bool = False, unattended: bool = False) -> int:
    """Return how soon a case is to be looked at, the smallest first.

    First comes danger that nobody has taken yet (``unattended``): where somebody has, help is on
    its way. What was not looked at yet comes before routine, and before urgent where the reporter
    said that a person is in danger now. So does danger that is not assessed (``unassessed``),
    whatever was said of the case before.
    """
    if unattended:
        return UNATTENDED
    usual = _RANKS.get(priority, UNTRIAGED_IN_DANGER if danger else UNTRIAGED)
    return min(usual, UNTRIAGED_IN_DANGER) if unassessed else usual
