"""What of a case can be handed out.

An export, a copy without parts of it, a sealed copy for another agency's line, single texts for an
interpreter, a cooperation letter.
"""

from typing import Any

from app.console.letters import held_letters
from app.console.pages.case.case_model import Case
from app.console.rules import wording
from app.console.transfer.handing_over import SENT
from app.console.web import view_models
from app.protocol.bodies import LETTER_REQUEST


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
        "not_here": sum(not view_models.file_view(one).here for one in case.files),
    }


def transfer(case: Case) -> dict[str, Any]:
    """Return the lines that the case was sealed to, why and when; and whether it came from one."""
    return {
        "came": case.origin is not None,
        "sent": [
            (
                str(one.detail.get("to", "")),
                str(one.detail.get("reason", "")),
                wording.long_time(one.at),
            )
            for one in case.history
            if one.what == SENT
        ],
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


def letter(case: Case) -> dict[str, Any] | None:
    """Return what the letter's form shows, if the reporter has asked for a letter."""
    requests = sum(one.body.kind == LETTER_REQUEST for one in case.messages)
    made = sum(one.what == "letter-made" for one in case.history)
    if not requests:
        return None
    return {
        "made": made,
        "open": requests > made,
        "statements": list(held_letters.statements().items()),
    }
