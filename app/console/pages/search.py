"""Searching everything that was decrypted: one field, the latest finds first, a line a case."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.line import trusted_line
from app.console.previews import text_extraction
from app.console.rules import vocabulary, wording
from app.console.rules.intake_labels import Intake
from app.console.search import query
from app.console.search.terms import Term
from app.console.vault import Vault
from app.console.vault.attachments import filewords
from app.console.vault.records import cases
from app.console.vault.records.case_lists import Listed
from app.console.vault.search import finding
from app.console.vault.search.finding import SearchHit
from app.console.web import case_views
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter()

FINDS = 200
"""Texts that are looked at for one page; of one case only the latest is shown."""
AROUND = 90
"""Characters shown before and after what was found."""

_WHERE = {
    finding.MESSAGE: say("message"),
    finding.NOTE: say("the team's note"),
    finding.PRIVATE: say("your note"),
    finding.FILE: say("a file"),
    finding.TRANSLATION: say("this computer’s translation"),
}


PARTS = 3
"""Of one text at most so many are shown: its words, or answers to questions."""


@dataclass(frozen=True, slots=True)
class FoundPart:
    """What is shown of a text, or of one answer, whose question is ``label``.

    ``pieces`` are its words one after the other; of each it is said whether it was looked for.
    """

    label: str
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class FindView:
    """A case in which something was found; ``place`` is where in its page."""

    id: str
    place: str
    name: str
    status: str
    where: str
    when: str
    when_long: str
    parts: list[FoundPart]
    more: int


@router.get("/search")
def field(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the field alone."""
    return _answer(request, console, vault, "")


@router.post("/search")
def search(console: TheConsole, form: OurForm) -> Response:
    """Hold a question, and leads to its page.

    Asked by a form, so that no question is in an address; shown at one of its own, so that none is
    in what a browser would restore (``elsewhere``).
    """
    name = console.questions.hold(form.get("q", "")[: query.QUESTION_MAX])
    return RedirectResponse(f"/search/{name}", status_code=303)


@router.get("/search/{name}")
def finds(
    request: Request, console: TheConsole, vault: TheVault, _: SignedIn, name: str
) -> Response:
    """Return the page of finds: the question is asked anew each time, for who goes back too."""
    question = console.questions.find(name)
    if question is None:
        return RedirectResponse("/search", status_code=303)
    return _answer(request, console, vault, question)


def _answer(request: Request, console: Console, vault: Vault, q: str) -> Response:
    expression = query.expression(q)
    left = finding.read_on(vault, rounds=1) if expression else 0
    now = console.now()
    with vault.read() as tx:
        found = finding.find(tx, expression, FINDS) if expression else []
        by_case: dict[str, list[SearchHit]] = {}
        for one in found:
            by_case.setdefault(one.case, []).append(one)
        listed = {id_: cases.find(tx, id_) for id_ in by_case}
        names = {
            one.row: filewords.file_of(tx, one.row) for one in found if one.source == finding.FILE
        }
        standing = text_extraction.standing(console, tx)
        changed = revision(tx)
        known = trusted_line.load_in(tx)
    values = {
        "question": q,
        "searched": expression is not None,
        "finds": [
            _view(q, some, listed[id_], names, known.intake, now) for id_, some in by_case.items()
        ],
        "at_most": len(found) == FINDS,
        "left": left,
        "files": standing,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "search.html", values)


def _view(
    question: str,
    some: list[SearchHit],
    listed: Listed | None,
    names: dict[int, str],
    intake: Intake,
    now: int,
) -> FindView:
    one = some[0]
    return FindView(
        id=one.case,
        place=f"#message-{one.message}" if one.message is not None else "#notes",
        name=case_views.case_name(one.case),
        status=vocabulary.status_words(listed.whole_status) if listed else "",
        where=names[one.row] if one.source == finding.FILE else _WHERE[one.source],
        when=wording.short_time(one.at, now),
        when_long=wording.long_time(one.at),
        parts=_parts(question, one, intake)[:PARTS],
        more=len(some) - 1,
    )


def _parts(question: str, hit: SearchHit, intake: Intake) -> list[FoundPart]:
    """Return where the question is met, an answer with its question; else how the text begins."""
    found = []
    if met := query.matches(question, hit.text):
        found.append(FoundPart("", _pieces(hit.text, met)))
    for name, answer in intake.in_order(hit.answers).items():
        if met := query.matches(question, answer):
            said = intake.answer(name, answer)
            # What was chosen is found by its id, and shown in the words that it was offered in.
            pieces = _pieces(answer, met) if said == answer else [(said, True)]
            found.append(FoundPart(intake.question(name), pieces))
    return found or [FoundPart("", _pieces(hit.text, []))]


def _pieces(text: str, met: list[Term]) -> list[tuple[str, bool]]:
    """Return what stands around the first place, with every place in it that was met."""
    start, end = (met[0].start, met[0].end) if met else (0, 0)
    first, last = _word_edge(text, start - AROUND, start), end + AROUND
    pieces, at = [("…", False)] if first else [], first
    for one in sorted(met, key=lambda each: each.start):
        if one.start >= at and one.end <= last:
            pieces += [(text[at : one.start], False), (text[one.start : one.end], True)]
            at = one.end
    pieces.append((text[at:last] + ("…" if last < len(text) else ""), False))
    return pieces


def _word_edge(text: str, at: int, most: int) -> int:
    """Return where a word begins, not before ``at`` and not after ``most``."""
    if at <= 0:
        return 0
    space = text.find(" ", at, most)
    return space + 1 if space >= 0 else at
