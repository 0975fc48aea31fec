"""What a case's questions are answered with, after one more message. Pure.

The newest word counts. Of whether it is safe to write back the careful word does, where nobody
knows which of two was written last. (That somebody is in danger is never hidden by a later word:
``danger`` has its own marks.)
"""

from collections.abc import Mapping

from app.console.rules.body import Body
from app.protocol.bodies import REPORT

SAFE = "safe_to_reply"
UNDER_18 = "under_18"


def says_minor(answers: Mapping[str, str]) -> bool:
    """Say whether answers say that somebody is under 18; the same in every language."""
    return answers.get(UNDER_18) == "yes"


def is_doubtful(before: Mapping[str, str], body: Body) -> bool:
    """Say whether ``body`` would take back that it is not safe to write back."""
    return before.get(SAFE) == "no" and body.answers.get(SAFE, "no") != "no"


def after(before: Mapping[str, str], body: Body, *, later_no: bool) -> dict[str, str]:
    """Return a case's answers after ``body``; ``before`` are those until now.

    ``later_no`` says that a message which may have been written after it says that it is not safe:
    one of what came since the last sync in which it was not there yet, or, where a colleague passed
    it on, of all that is here. A report is the first message of all: what was answered since
    stands, whichever came first.
    """
    answers = {**body.answers, **before} if body.kind == REPORT else {**before, **body.answers}
    if before.get(SAFE) == "no" and later_no:
        answers[SAFE] = "no"
    return answers
