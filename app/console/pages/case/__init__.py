"""A case's page, made of sections: each a function here and a template in templates/case/.

    case_model    one case with all that its page needs, read in one view of the vault
    reporter      what came from the reporter: choices, messages, answers, files
    answer_form   the answer being written
    desk          what the desk says of it: triage, notes, duplicates, handing over, history
    referring     referrals offered, accepted, declined, done
    linked_cases  what it has in common with others
    handing_out   exports, copies, a letter, what goes to another line or an interpreter

A section is added by one line in SECTIONS, one function ``values(case) -> dict | None`` (None hides
it) and one template, which finds what the function gave as ``its``, and the case as ``case``. Those
at ``details`` stand beside the messages in this order; those at ``thread`` are placed by
_case.html, which finds their values under the section's name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.console.pages.case import answer_form, desk, handing_out, linked_cases, referring, reporter
from app.console.pages.case.case_model import Case

__all__ = ["SECTIONS", "Case", "Section"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its name, its title in words, its template is case/NAME.html."""

    name: str
    title: str
    values: Callable[[Case], dict[str, Any] | None]
    place: str = "details"
    folded: bool = False

    @property
    def template(self) -> str:
        """The path of the section's template."""
        return f"case/{self.name}.html"


SECTIONS: tuple[Section, ...] = (
    Section("choices", "What the reporter chose", reporter.choices, place="thread"),
    Section("messages", "Messages", reporter.messages, place="thread"),
    Section("reply", "Your answer", answer_form.reply, place="thread"),
    Section("triage", "Triage", desk.triage),
    Section("notes", "Notes", desk.notes),
    Section("referrals", "Referrals", referring.referrals),
    Section("answers", "Answers to the form", reporter.answers),
    Section("files", "Files", reporter.files),
    Section("links", "Links", linked_cases.links),
    Section("merged", "Duplicates", desk.merged),
    Section("handing", "Hand to another desk", desk.handing, folded=True),
    Section("transfer", "To another agency", handing_out.transfer, folded=True),
    Section("interpreter", "For an interpreter", handing_out.interpreter, folded=True),
    Section("letter", "Cooperation letter", handing_out.letter),
    Section("evidence", "Export", handing_out.export, folded=True),
    Section("keeping", "Keep or destroy", desk.keeping_choice, folded=True),
    Section("history", "History", desk.history, folded=True),
)
