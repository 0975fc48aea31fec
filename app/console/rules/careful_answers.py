"""What a case's questions are answered with, after one more message. Pure.

The newest word counts. Of whether it is safe to write back the careful word does, where nobody
knows which of two was written last. (That somebody is in danger is never hidden by a later word:
``danger`` has its own marks.)
"""

from collections.abc import Iterable, Mapping

from app.console.rules.body import Body
from app.protocol.bodies import REPORT

SAFE = "safe_to_reply"


def after(
    before: Mapping[str, str], body: Body, perhaps_later: Iterable[Mapping[str, str]]
) -> dict[str, str]:
    """Return a case's answers after ``body``; ``before`` are those until now.

    ``perhaps_later`` are the answers of messages that may have been written after it: of what came
    since the last sync in which it was not there yet, or, where a colleague passed it on, all that
    came here from the reporter. A report is the first message of all: what was answered since
    stands, whichever came first.
    """
    answers = {**body.answers, **before} if body.kind == REPORT else {**before, **body.answers}
    if before.get(SAFE) == "no" and any(one.get(SAFE) == "no" for one in perhaps_later):
        answers[SAFE] = "no"
    return answers
