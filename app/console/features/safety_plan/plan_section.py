"""The section of a case's page: its safety plan; and what its history says of it."""

from dataclasses import dataclass
from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import safety_plan, vocabulary
from app.console.rules.safety_plan import KNOWS, LOOK, SIGNAL, WAYS
from app.console.vault.custody.audit_log import AuditEvent
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
    """Return what the plan's form shows, and whether there is a plan."""
    fields = [
        PlanField(
            name, title, _HINTS.get(name, ""), case.state.get(name), safety_plan.MOST.get(name, 10)
        )
        for name, title in NAMES.items()
    ]
    return {
        "fields": fields,
        "written": any(one.value for one in fields),
        "day_name": LOOK,
        "closed": case.listed.status == vocabulary.CLOSED,
    }


def words(one: AuditEvent) -> str | None:
    """Return what a case's history says of the plan."""
    name, value = str(one.detail.get("name", "")), str(one.detail.get("value", ""))
    if one.what != "set" or name not in NAMES:
        return None
    if value:
        return say("wrote in the safety plan ({what}): {text}", what=NAMES[name], text=value)
    return say("took out of the safety plan: {what}", what=NAMES[name])
