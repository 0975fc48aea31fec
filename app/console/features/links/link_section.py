"""The section of a case's page: what it has in common with others; and what its history says."""

from typing import Any

from app.console.cases.case_model import Case
from app.console.features.links import link_views
from app.console.rules import linked
from app.console.rules.merge import CaseState
from app.console.vault.custody.audit_log import AuditEvent
from app.console.web import case_views
from app.sentences.translatable import say

_HERE_ALONE = {
    "unlinked": say("said, for this case store alone, that a link is not a match"),
    "linked": say("undid, for this case store alone, that a link is not a match"),
}


def links(case: Case) -> dict[str, Any]:
    """Values with the cases that have them, each with the words around it."""
    with case.vault.read() as tx:
        found = link_views.of_case(tx, case.known, case.id)
    others = {other.id for one in found.linked for other in one.others}
    return {"links": found, "count": len(others)}


def words(one: AuditEvent) -> str | None:
    """Return what a case's history says of links."""
    if one.what in ("add", "drop") and one.detail.get("name") == linked.UNLINKED:
        return _judged(one.what, str(one.detail.get("value", "")))
    return _HERE_ALONE.get(one.what)


def _judged(what: str, value: str) -> str:
    said = linked.unlinked(CaseState(sets={linked.UNLINKED: {value: {"."}}}))
    name = case_views.case_name(said[0].other) if said else say("another case")
    why = said[0].why if said else ""
    if what == "drop":
        return say("linked it with {name} again", name=name)
    return say("said that a link with {name} is not a match: {reason}", name=name, reason=why)
