"""What a handler may ask of a request: the console, a signed-in session, a form that is ours."""

import hmac
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from app.console.errors import ConsoleError
from app.console.vault import Transaction, Vault
from app.console.vault.records import case_lists, cases
from app.console.web.running_console import Console
from app.console.web.sessions import Session
from app.sentences.translatable import say

FORM_MAX = 256 * 1024
CSRF_HEADER = "x-quietline-csrf"
OPENED_HEADER = "x-quietline-opened"


class NotSignedIn(ConsoleError):
    """The request has no session: its answer is the page that asks for the passphrase."""


class NotOurForm(ConsoleError):
    """A change came without the token that this session's pages carry."""


def the_console(request: Request) -> Console:
    """Return the console that this request is for."""
    console: Console = request.app.state.console
    return console


def signed_in(request: Request) -> Session:
    """Return the session that asks. Raises NotSignedIn."""
    console = the_console(request)
    session = console.access.session(request.cookies.get(console.access.cookie))
    if session is None or console.locked or request.app.state.idle.over:
        raise NotSignedIn(say("Sign in first."))
    if by_hand(request):
        request.app.state.idle.touch()
    return session


def is_signed_in(request: Request) -> bool:
    """Say whether a session asks; it does not count as somebody at work."""
    console = the_console(request)
    session = console.access.session(request.cookies.get(console.access.cookie))
    return session is not None and not console.locked and not request.app.state.idle.over


def the_vault(request: Request) -> Vault:
    """Return the open vault, for a signed-in session only. Raises NotSignedIn."""
    signed_in(request)
    return the_console(request).vault


async def raw_fields(request: Request) -> dict[str, list[str]]:
    """Return a URL-encoded form of at most 256 kB, all values of each name. Raises ConsoleError."""
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > FORM_MAX:
            raise ConsoleError(say("This is more text than one answer holds."))
    return parse_qs(data.decode("utf-8", "replace"), keep_blank_values=True)


def raw_form(fields: Annotated[dict[str, list[str]], Depends(raw_fields)]) -> dict[str, str]:
    """Return the last value of each name."""
    return {name: values[-1] for name, values in fields.items()}


async def our_form(
    request: Request, form: Annotated[dict[str, str], Depends(raw_form)]
) -> dict[str, str]:
    """Return a form of a signed-in session that carries its token.

    Raises NotSignedIn, NotOurForm.
    """
    check_csrf(request, form.get("csrf", ""))
    return form


def our_fields(
    request: Request, fields: Annotated[dict[str, list[str]], Depends(raw_fields)]
) -> dict[str, list[str]]:
    """Return the same with all values of each name. Raises NotSignedIn, NotOurForm."""
    check_csrf(request, fields.get("csrf", [""])[-1])
    return fields


def our_call(request: Request) -> None:
    """Check a call by our script, its token in a header. Raises NotSignedIn, NotOurForm."""
    check_csrf(request, "")


def the_case(tx: Transaction, id_: str) -> case_lists.Listed:
    """Return a case by its id, or raise what becomes the page that says that there is none."""
    listed = cases.find(tx, id_)
    if listed is None:
        raise HTTPException(404)
    return listed


def by_script(request: Request) -> bool:
    """Say whether our script asks, by itself or for a person; not a person who opened a page."""
    return CSRF_HEADER in request.headers


def by_hand(request: Request) -> bool:
    """Say whether a person asks: with a page, or with a key or a click that our script took up."""
    return not by_script(request) or OPENED_HEADER in request.headers


def check_csrf(request: Request, in_form: str) -> None:
    """Check the session's token. Raises NotSignedIn, NotOurForm."""
    session = signed_in(request)
    token = request.headers.get(CSRF_HEADER) or in_form
    if not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise NotOurForm(say("This page is too old. Go back, load it again, and repeat."))


TheConsole = Annotated[Console, Depends(the_console)]
TheVault = Annotated[Vault, Depends(the_vault)]
SignedIn = Annotated[Session, Depends(signed_in)]
OurFields = Annotated[dict[str, list[str]], Depends(our_fields)]
OurForm = Annotated[dict[str, str], Depends(our_form)]
