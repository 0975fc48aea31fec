"""The section of a case's page: what of it is never exported; and what its history says."""

from typing import Any

from app.console.cases.case_model import Case
from app.console.features.abuse_material.hash_matching import LISTED
from app.console.rules.never_export import NEVER_EXPORT, WHOLE_CASE
from app.console.vault.custody import export_marks
from app.console.vault.custody.audit_log import AuditEvent
from app.sentences.translatable import say


def values(case: Case) -> dict[str, Any]:
    """Return whether the case is marked, and its files that can be, each with its mark."""
    with case.vault.read() as tx:
        marks = export_marks.of_case(tx, case.id)
    return {
        "whole": WHOLE_CASE in marks,
        "whole_value": WHOLE_CASE,
        "files": [
            (one.name, one.tree, one.tree in marks, one.listed)
            for one in case.files
            if one.tree and one.message
        ],
    }


def words(one: AuditEvent) -> str | None:
    """Return what a case's history says of a mark."""
    if one.what == LISTED:
        return say(
            "found a file in the list “{name}”: it is not opened here",
            name=one.detail.get("list", ""),
        )
    if one.detail.get("name") != NEVER_EXPORT or one.what not in ("add", "drop"):
        return None
    if one.detail.get("value") == WHOLE_CASE:
        marked = say("marked the case “never export”")
        return marked if one.what == "add" else say("took the mark “never export” off the case")
    marked = say("marked a file “never export”")
    return marked if one.what == "add" else say("took the mark “never export” off a file")
