"""Who may use the pages that make a case store: the browser that opened the printed link, once.

There is no passphrase yet that proves anybody, so the session of that link is all there is, and a
form carries its token as ever. The rest is the console's own: its user, its path, its own pages.
Once there is a case store, nothing of this is open any more.
"""

import hmac
from typing import Annotated

from fastapi import Depends, Request

from app.console.web.multipart_form import SentFile, sent_file
from app.console.web.requests import NotOurForm, NotSignedIn, raw_form, the_console
from app.console.web.sessions import Session
from app.sentences.translatable import say


def beginning(request: Request) -> Session:
    """Return the session that may make a case store. Raises NotSignedIn."""
    console = the_console(request)
    session = console.access.session(request.cookies.get(console.access.cookie))
    if session is None or not console.begins:
        raise NotSignedIn(say("Sign in first."))
    return session


def check_token(request: Request, in_form: str) -> None:
    """Check the token of a form of these pages. Raises NotSignedIn, NotOurForm."""
    console = the_console(request)
    session = console.access.session(request.cookies.get(console.access.cookie))
    if session is None:
        raise NotSignedIn(say("Sign in first."))
    known = session.csrf if console.begins else ""
    if not known or not hmac.compare_digest(in_form.encode(), known.encode()):
        raise NotOurForm(say("This page is too old. Go back, load it again, and repeat."))


def beginning_form(
    request: Request, form: Annotated[dict[str, str], Depends(raw_form)]
) -> dict[str, str]:
    """Return a form of these pages. Raises NotSignedIn, NotOurForm."""
    check_token(request, form.get("csrf", ""))
    return form


async def beginning_file(request: Request) -> SentFile:
    """Return the file of a form of these pages. Raises NotSignedIn, NotOurForm, NoFile."""
    return await sent_file(request, check_token)


Beginning = Annotated[Session, Depends(beginning)]
BeginningForm = Annotated[dict[str, str], Depends(beginning_form)]
BeginningFile = Annotated[SentFile, Depends(beginning_file)]
