"""When a case may be destroyed: how long a desk keeps what is closed, holds, the days in between.

Pure. A desk's rule proposes; a member decides; every console of the desk does it on the day set
then, unless a member has thought better of it, holds the case, or the reporter has written since.
"""

import datetime as dt
from collections.abc import Sequence

from app.console.rules.changes import STATUS
from app.console.rules.merge import CaseState
from app.console.rules.vocabulary import CLOSED, split_status

DESTROY_ON, LEGAL_HOLD = "destroy-on", "hold"
"""Fields of a case: the day (YYYY-MM-DD, UTC) on which it is destroyed; why it must be kept."""

DECIDING = (STATUS, DESTROY_ON, LEGAL_HOLD)
"""Whoever changes one of these gives every colleague a week to object, by their own clock."""

KEEP_RULE = "keep-months"
"""The desk's rule: for how many months closed cases are kept before they are proposed."""

UNDO_DAYS = 7
MONTHS_MAX = 240
_MONTH_SECONDS = 30 * 86_400


def read_months(text: str) -> int | None:
    """Return a number of months from 1 to 240, None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        return None
    return int(text) if 0 < int(text) <= MONTHS_MAX else None


def destruction_day(now: int) -> str:
    """Return the day for a case that is scheduled for destruction now."""
    day = dt.datetime.fromtimestamp(now, dt.UTC).date() + dt.timedelta(days=UNDO_DAYS)
    return day.isoformat()


def is_closed(state: CaseState) -> bool:
    """Say whether the desk has closed the case."""
    return split_status(state.get(STATUS))[0] == CLOSED


def is_proposed(state: CaseState, last_at: int, months: int | None, now: int) -> bool:
    """Say whether the desk's rule speaks for destroying a case that last moved at ``last_at``."""
    if months is None or not is_closed(state) or state.get(LEGAL_HOLD) or state.get(DESTROY_ON):
        return False
    moved = max(last_at, state.fields[STATUS][0][0])
    return now - moved > months * _MONTH_SECONDS


def day_here(state: CaseState, heard: int) -> str:
    """Return the day on which this console destroys a case that was scheduled for it.

    ``heard`` is when it last heard something that decides (DECIDING), or missed a change that may.
    The day in ``state`` is another's word, which their console may have put into the past; the week
    is this one's.
    """
    return max(state.get(DESTROY_ON), destruction_day(heard))


def is_due(states: Sequence[CaseState], last_in: int, unread: int, heard: int, now: int) -> bool:
    """Say whether a case is to be destroyed now, as every own desk that has it says.

    ``last_in`` is when its reporter's last message came; who has written since is heard first.
    ``heard`` as for ``day_here``.
    """
    return bool(states) and not unread and all(_due(one, last_in, heard, now) for one in states)


def _due(state: CaseState, last_in: int, heard: int, now: int) -> bool:
    if not is_closed(state) or state.get(LEGAL_HOLD) or not state.get(DESTROY_ON):
        return False
    today = dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()
    return day_here(state, heard) <= today and last_in <= state.fields[DESTROY_ON][0][0]


def stripped(state: CaseState) -> CaseState:
    """Return what stays of a destroyed case's state: that, and by whom, it was."""
    kept = {DESTROY_ON: state.fields[DESTROY_ON]} if DESTROY_ON in state.fields else {}
    return CaseState(fields=kept)
