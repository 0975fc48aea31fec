"""Notes on a case: the one that is being typed, new ones, another text for one's own."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import drafts, notes
from app.console.vault.records.drafts import NoteDraft
from app.console.web.addresses import back_to_case
from app.console.web.requests import OurForm, TheConsole, TheVault, the_case
from app.console.web.running_console import Console
from app.sentences.translatable import say

router = APIRouter()


@router.post("/cases/{id_}/notes")
def note(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Keep a note, for the team or for oneself; or another text for an own note."""
    text = form.get("text", "").replace("\r\n", "\n").strip()
    known, now = trusted_line.load(vault), console.now()
    pressed = ("note", id_, form.get("page", ""), text)
    with vault.write() as tx:
        found = the_case(tx, id_)
        if not {"remove", "edit"} & form.keys() and (
            _shows_the_note(console, id_, form) or drafts.note(tx, id_).text.strip() == text
        ):
            drafts.store_note(tx, id_, NoteDraft(), now)
        if "remove" in form and form["remove"].isdecimal():
            notes.remove(tx, id_, int(form["remove"][:18]))
            return back_to_case(id_, "#notes")
        if "edit" in form:
            # What does not fit into the note's place goes on in notes of its own.
            first, *more = changes.split_note("" if "withdraw" in form else text) or [""]
            edits = [changes.edit(id_, form["edit"], first)]
            edits += [changes.note(id_, piece) for piece in more]
            casework.act(tx, known, found.home, edits, now)
        elif not text:
            raise ConsoleError(say("Write something before saving the note."))
        elif form.get("page") and not console.open_pages.first(*pressed):
            # Its button was pressed twice.
            return back_to_case(id_, "#notes")
        elif form.get("private") == "yes":
            notes.add(tx, id_, text, now)
            audit_log.record(tx, AuditEvent(id_, now, HERE, "private-note"))
        else:
            said = [changes.note(id_, piece) for piece in changes.split_note(text)]
            try:
                casework.act(tx, known, found.home, said, now)
            except ConsoleError:
                console.open_pages.take_back(*pressed)
                raise
    return back_to_case(id_, "#notes")


@router.post("/cases/{id_}/notes/draft")
def note_draft(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Keep what has been typed of a note so far."""
    text = form.get("text", "").replace("\r\n", "\n")
    with vault.write() as tx:
        the_case(tx, id_)
        before = drafts.note(tx, id_)
        if before.text not in ("", text) and not _shows_the_note(console, id_, form):
            raise ConsoleError(
                say(
                    "Not saved: another window of this case has saved another note since this one "
                    "was opened. Copy what you wrote here, then load the page again: it shows "
                    "that note."
                )
            )
        begun = NoteDraft(text, form.get("private") == "yes")
        drafts.store_note(tx, id_, begun, console.now())
        console.open_pages.wrote(note_of(id_), form.get("page", ""))
    return JSONResponse({"kept": True})


def note_of(id_: str) -> str:
    """Return what a case's note that is being typed is called among the open pages."""
    return f"{id_} note"


def _shows_the_note(console: Console, id_: str, form: dict[str, str]) -> bool:
    page, by = form.get("page", ""), form.get("noted-by", "")
    return console.open_pages.shows_the_draft(note_of(id_), page, by)
