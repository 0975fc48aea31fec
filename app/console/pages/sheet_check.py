"""Asking some words of a new recovery sheet back: it is worth something only if they are on paper.

What is asked is in memory until it was answered, or the console locks. Nothing depends on it: the
code holds from when it was made.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.line import trusted_line
from app.console.vault import Rng
from app.console.vault.recovery import Piece
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

PAGE = "/machine/recovery/check"
_WORDS_MIN = 2
router = APIRouter(prefix=PAGE)


@dataclass(frozen=True, slots=True)
class SheetWord:
    """A word of a sheet: the number of its piece, its place on it from 1, and the word."""

    piece: int
    place: int
    word: str

    @property
    def name(self) -> str:
        """What the form calls it."""
        return f"word-{self.piece}-{self.place}"


class SheetCheck:
    """What is asked of the sheets that were shown last."""

    def __init__(self) -> None:
        self.questions: tuple[SheetWord, ...] = ()
        self.several = False

    def begin(self, pieces: list[Piece], rng: Rng) -> None:
        """Choose what is asked: two words of a sheet, one of each where there are several."""
        each = -(-_WORDS_MIN // len(pieces))
        self.several = len(pieces) > 1
        self.questions = tuple(
            SheetWord(piece.number, place + 1, words[place])
            for piece in pieces
            for words in [piece.words.split()]
            for place in sorted(_some(len(words), each, rng))
        )

    def clear(self) -> None:
        """Forget them."""
        self.questions = ()


@router.get("")
def ask(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Ask for them."""
    if not console.held(SheetCheck).questions:
        return RedirectResponse("/machine", status_code=303)
    return page(request, "sheet-check.html", _values(console, vault))


@router.post("")
def check(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Compare what was typed off the paper with what was shown."""
    held = console.held(SheetCheck)
    typed = {one.name: form.get(one.name, "").strip().casefold() for one in held.questions}
    wrong = {one.name for one in held.questions if typed[one.name] != one.word}
    if wrong:
        values = _values(console, vault) | {"wrong": wrong}
        return page(request, "sheet-check.html", values, status=400)
    if held.questions:
        console.undo.add(say("The words are on paper. The recovery code holds."), [])
    held.clear()
    return RedirectResponse("/machine", status_code=303)


def _some(count: int, wanted: int, rng: Rng) -> set[int]:
    chosen: set[int] = set()
    while len(chosen) < wanted:
        chosen.add(int.from_bytes(rng(4)) % count)
    return chosen


def _values(console: TheConsole, vault: TheVault) -> dict[str, object]:
    held = console.held(SheetCheck)
    with vault.read() as tx:
        changed = revision(tx)
    return {
        "questions": held.questions,
        "several": held.several,
        "wrong": set(),
        "line_name": trusted_line.load(vault).owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
