"""The section of a case's page: its safety plan; and what its history says of it."""

from dataclasses import dataclass
from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import safety_plan, vocabulary
from app.console.rules.merge import CaseState
from app.console.rules.safety_plan import KNOWS, LOOK, SIGNAL, WAYS
from app.console.vault.custody.audit_log import AuditEvent
from app.console.vault.records import cases
from app.console.web import case_views
from app.sentences.translatable import say

NAMES = {
    SIGNAL: say("Agreed signal"),
    WAYS: say("Safe times and ways"),
    KNOWS: say("Who may know"),
    LOOK: say("Look at the plan again on"),
}
_HINTS = {
    SIGNAL: say("What they write when it is not safe, or when somebody else is writing"),
    WAYS: say("When they can read and answer, and from where"),
    KNOWS: say("Whom they agreed to tell, and who must not know"),
}


@dataclass(frozen=True, slots=True)
class PlanField:
    """A field of the plan: what it is called, what belongs there, what stands there now."""

    name: str
    title: str
    hint: str
    value: str
    most: int


def plan(case: Case) -> dict[str, Any]:
    """Return what the plan's form shows, whether there is a plan, and those of duplicates.

    A duplicate's plan stays its own: it was agreed with whoever wrote that one, and nobody else
    knows its signal.
    """
    fields = _fields(case.state)
    return {
        "fields": fields,
        "written": any(one.value for one in fields),
        "merged": _merged(case),
        "main": _reminding(case),
        "day_name": LOOK,
        "closed": case.listed.status == vocabulary.CLOSED,
    }


def agreed(case: Case) -> dict[str, Any] | None:
    """Return what was agreed, to be read before an answer is written; None where nothing was.

    Each is with whom (a case's name, empty for this one's reporter), and in what words.
    """
    every = [("", _fields(case.state)), *((name, said) for _, name, said in _merged(case))]
    found = [
        (name, [one for one in said if one.value and one.name != LOOK]) for name, said in every
    ]
    shown = [(name, said) for name, said in found if said]
    return {"agreed": shown} if shown else None


def _reminding(case: Case) -> str:
    """Return the name of the open case that reminds of a duplicate's day, "" for none."""
    if not case.listed.merged:
        return ""
    with case.vault.read() as tx:
        main = cases.find(tx, cases.main_of(tx, case.id))
    if main is None or main.id == case.id or main.status == vocabulary.CLOSED:
        return ""
    return case_views.case_name(main.id)


def _merged(case: Case) -> list[tuple[str, str, list[PlanField]]]:
    """Return the plans of cases merged into this one: each one's id, name, and what it says."""
    if not case.merged:
        return []
    with case.vault.read() as tx:
        states = cases.states_merged(tx, case.id)
    plans = [
        (id_, case_views.case_name(id_), [one for one in _fields(state) if one.value])
        for id_, state in states.items()
    ]
    return [one for one in plans if one[2]]


def _fields(state: CaseState) -> list[PlanField]:
    return [
        PlanField(
            name, title, _HINTS.get(name, ""), state.get(name), safety_plan.MOST.get(name, 10)
        )
        for name, title in NAMES.items()
    ]


def words(one: AuditEvent) -> str | None:
    """Return what a case's history says of the plan."""
    name, value = str(one.detail.get("name", "")), str(one.detail.get("value", ""))
    if one.what != "set" or name not in NAMES:
        return None
    if value:
        return say("wrote in the safety plan ({what}): {text}", what=NAMES[name], text=value)
    return say("took out of the safety plan: {what}", what=NAMES[name])
