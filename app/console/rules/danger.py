"""Danger that a reporter speaks of: whether somebody has taken it, or assessed it, since. Pure.

A message that says so is marked. Who then sets the priority, closes the case or says that it stays
as it is puts the mark into the case's set ``assessed`` (spec: team): so it hangs neither on clocks
nor on the order in which messages and changes come to a console. Who takes the case puts it into
the set ``taken``: that ends the alarm at every console of the desk, until danger is said again.
"""

import hashlib
from collections.abc import Mapping

ASSESSED = "assessed"
"""The set of a case; and the act of a person who leaves everything else as it is."""

TAKEN = "taken"
"""The set of a case: somebody goes to look at what these messages say."""

QUESTION = "danger_now"


def speaks_of(answers: Mapping[str, str]) -> bool:
    """Return whether answers say that somebody is in danger now; the same in every language."""
    return answers.get(QUESTION) == "yes"


def mark(case: str, raw: bytes, answers: Mapping[str, str]) -> str:
    """Return a reporter's message's mark: 32 hex digits by its case (hex) and its body's bytes.

    Empty where it says nothing of danger.
    """
    if not speaks_of(answers):
        return ""
    return hashlib.sha256(bytes.fromhex(case) + raw).hexdigest()[:32]
