"""Referrals of a case: offered, accepted, declined, done."""

import datetime as dt
from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import deadlines, wording
from app.console.rules import referrals as vocabulary

NEXT = {
    vocabulary.OFFERED: (vocabulary.ACCEPTED, vocabulary.DECLINED),
    vocabulary.ACCEPTED: (vocabulary.DONE, vocabulary.DECLINED),
    vocabulary.DECLINED: (vocabulary.ACCEPTED,),
    vocabulary.DONE: (),
}


def referrals(case: Case) -> dict[str, Any]:
    """Return the case's referrals, and what a form for another one offers."""
    rows = []
    for one in vocabulary.of_case(case.state):
        day = deadlines.read_day(one.on)
        rows.append(
            {
                "id": one.id,
                "kind": vocabulary.KINDS[one.kind],
                "partner": one.partner,
                "state": one.state,
                "words": vocabulary.STATES[one.state],
                "on": wording.date(day) if day else "",
                "note": one.note,
                "consent": one.consent,
                "next": [(name, vocabulary.STATES[name]) for name in NEXT[one.state]],
            }
        )
    needs = case.listed.answers.get("needs", "")
    return {
        "rows": rows,
        "kinds": list(vocabulary.KINDS.items()),
        "needs": case.known.intake.answer("needs", needs) if needs else "",
        "today": dt.datetime.fromtimestamp(case.now, dt.UTC).date().isoformat(),
    }
