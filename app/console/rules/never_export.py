"""What must not leave the console: a case, or one of its files. Pure.

A set of a case (spec: team): ``case``, or the tree of SHA-256 of a file as its reporter's message
names it, 64 hex digits. It is put on and taken off like a label, so colleagues share it.
"""

import re
from collections.abc import Iterable

from app.console.rules.merge import CaseState

NEVER_EXPORT, WHOLE_CASE = "never-export", "case"
_TREE = re.compile(r"[0-9a-f]{64}\Z")


def marks(states: Iterable[CaseState]) -> frozenset[str]:
    """Return what is marked at any of some desks; what is in no known form marks nothing."""
    found = (value for state in states for value in state.values(NEVER_EXPORT))
    return frozenset(one for one in found if is_mark(one))


def is_mark(value: str) -> bool:
    """Say whether a value is one that can be put on a case."""
    return value == WHOLE_CASE or _TREE.match(value) is not None
