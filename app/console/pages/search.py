"""Searching everything that was decrypted: one field, the latest finds first, a line a case."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.line import trusted_line
from app.console.previews import text_extraction
from app.console.rules import vocabulary, wording
from app.console.search import query
from app.console.vault import Vault, cases, filewords, finding
from app.console.vault.case_lists import Listed
from app.console.vault.finding import SearchHit
from app.console.web import view_models
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


@dataclass(frozen=True, slots=True)
class FindView:
    """A case in which something was found: the place shows what stands before, in and after it."""

    id: str
    name: str
    status: str
    where: str
    when: str
    when_long: str
    before: str
    hit: str
    after: str
    more: int


@router.get("/search")
def field(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the field alone."""
    return _answer(request, console, vault, "")


@router.post("/search")
def search(console: TheConsole, form: OurForm) -> Response:
    """Hold a question, and leads to its page.

    Asked by a form, so that no question is in an address; shown at one of its own, so that none is
    in what a browser would restore (`elsewhere`).
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
    values = {
        "question": q,
        "searched": expression is not None,
        "finds": [_view(q, some, listed[id_], names, now) for id_, some in by_case.items()],
        "at_most": len(found) == FINDS,
        "left": left,
        "files": standing,
        "line_name": trusted_line.load(vault).owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "search.html", values)


def _view(
    question: str, some: list[SearchHit], listed: Listed | None, names: dict[int, str], now: int
) -> FindView:
    one = some[0]
    hit = query.matches(question, one.text)
    start, end = (hit.start, hit.end) if hit else (0, 0)
    first, last = _word_edge(one.text, start - AROUND, start), end + AROUND
    return FindView(
        id=one.case,
        name=view_models.case_name(one.case),
        status=vocabulary.status_words(f"{listed.status}/{listed.disposition}") if listed else "",
        where=names[one.row] if one.source == finding.FILE else _WHERE[one.source],
        when=wording.short_time(one.at, now),
        when_long=wording.long_time(one.at),
        before=("…" if first else "") + one.text[first:start],
        hit=one.text[start:end],
        after=one.text[end:last] + ("…" if last < len(one.text) else ""),
        more=len(some) - 1,
    )


def _word_edge(text: str, at: int, most: int) -> int:
    """Return where a word begins, not before ``at`` and not after ``most``."""
    if at <= 0:
        return 0
    space = text.find(" ", at, most)
    return space + 1 if space >= 0 else at
