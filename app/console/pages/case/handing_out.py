"""What of a case can be handed out.

An export, a copy without parts of it, single texts for an interpreter.
"""

from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import wording
from app.console.web.file_views import file_view


def export(case: Case) -> dict[str, Any]:
    """Return what a copy can be made without, numbered as in the export."""
    said = [
        (number, one.body.text[:60].strip() or one.body.kind)
        for number, one in enumerate(case.messages, start=1)
    ]
    kept = [(number, one.name) for number, one in enumerate(case.files, start=1)]
    answer_ids = {id_ for one in case.messages for id_ in one.body.answers} | set(
        case.listed.answers
    )
    return {
        "messages": said,
        "files": kept,
        "answers": [(id_, case.known.intake.question(id_)) for id_ in sorted(answer_ids)],
        "not_here": sum(not file_view(one).here for one in case.files),
    }


def interpreter(case: Case) -> dict[str, Any]:
    """Return the texts that can go to an interpreter, numbered as in the export, by their mid."""
    return {
        "texts": [
            (number, one.body.mid, one.body.text[:80].strip(), wording.language(one.body.lang))
            for number, one in enumerate(case.messages, start=1)
            if one.body.text.strip()
        ]
    }
