"""A copy for an interpreter: some of a case's texts, and nothing that says whose or what they are.

It is a page to be printed, not a file to be sent (decision 0025). It holds no name of the case, the
line, the desk or its members, no time, no answers to the form, no files; words are taken out of
it as out of any copy. What comes back is kept as a note at its message (``changes.translation``).
"""

from dataclasses import dataclass, field

from app.console.errors import ConsoleError
from app.console.evidence import case_document, redaction, rendering
from app.console.evidence.redaction import Redaction
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Vault
from app.console.vault.custody import audit_log, export_marks
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import messages
from app.sentences.language import Language, english
from app.sentences.translatable import say

COPY = "interpreter-copy"
FILE_NAME = "texts.html"
WHO_MAX = 80


@dataclass(frozen=True, slots=True)
class InterpreterRequest:
    """What goes to an interpreter.

    Which messages, by their number in an export; the words to take out; for whom it is, which the
    custody log keeps and the copy does not say; in which language the page speaks to them.
    """

    numbers: frozenset[int]
    phrases: tuple[str, ...]
    who: str
    language: Language = field(default_factory=english)


def copy(
    vault: Vault, known: TrustedLine, case: str, request: InterpreterRequest, now: int
) -> bytes:
    """Return the page in UTF-8; the custody log tells of it. Raises ConsoleError, before that."""
    who = " ".join(request.who.split())[:WHO_MAX]
    if not who:
        raise ConsoleError(say("Say for whom the copy is; it is saved with the case."))
    if not request.numbers:
        raise ConsoleError(
            say("Select at least one message. An interpreter needs a text, not the case.")
        )
    with vault.read() as tx:
        if messages.find(tx, case) is None:
            raise ConsoleError(say("There is no such case here."))
        export_marks.check_case(tx, case)
        whole = case_document.read_texts(tx, known, case, now)
    there = frozenset(one["n"] for one in whole.document["messages"])
    if not request.numbers <= there:
        raise ConsoleError(say("This case has no such message. No copy was made."))
    taking_out = Redaction(f"For {who}", messages=there - request.numbers, phrases=request.phrases)
    clean = redaction.taken_out(whole, taking_out).document
    texts = [one for one in clean["messages"] if one.get("text", "").strip()]
    if not texts:
        raise ConsoleError(say("There is no text in what was selected. No copy was made."))
    page = rendering.for_interpreter(
        [(one["language"], one["text"]) for one in texts], request.language
    )
    detail = {
        "for": who,
        "messages": sorted(one["n"] for one in texts),
        "phrases": len(request.phrases),
    }
    with vault.write() as tx:
        audit_log.record(tx, AuditEvent(case, now, HERE, COPY, detail))
    return page
