"""Coming in and going out: the one-time link, the passphrase, the lock; light and dark."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError, TooManyGuesses
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.console.web.addresses import is_path
from app.console.web.render import THEME_COOKIE, THEMES, page
from app.console.web.requests import OurForm, TheConsole, TheVault, our_call, raw_form, signed_in
from app.console.web.running_console import Console
from app.protocol.secrets import Secret
from app.sentences.translatable import said_by

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Theme(Setting):
    """Light, dark, or the system's choice; empty where nobody has chosen."""

    NAME = "theme"
    chosen: Literal["", "system", "light", "dark"] = ""


@router.get("/login")
def login(request: Request, console: TheConsole, token: str = "") -> Response:
    """Sign this browser in, once, by the printed link."""
    cookie = console.access.redeem(token)
    if cookie is None and console.begins:
        return RedirectResponse(console.beginning, status_code=303)
    if cookie is None:
        return _unlock_page(request, console, "/", used_link=True, status=403)
    return _signed_in(console, cookie, "/")


@router.get("/unlock")
def ask(request: Request, console: TheConsole, back: str = "/") -> Response:
    """Ask the passphrase; a browser that is signed in goes on to where it was, or to the list.

    Where there is no case store yet, the page that leads to one is shown.
    """
    if console.begins:
        return RedirectResponse(console.beginning, status_code=303)
    try:
        signed_in(request)
    except ConsoleError:
        return _unlock_page(request, console, back)
    return RedirectResponse(back if is_path(back) else "/", status_code=303)


@router.post("/unlock")
async def unlock(
    request: Request, console: TheConsole, form: Annotated[dict[str, str], Depends(raw_form)]
) -> Response:
    """Open the vault, or sign a second browser in; the passphrase is what proves it.

    There is no session yet, so no token: the Origin check stands for it.
    """
    passphrase = Secret(form.get("passphrase", "").encode())
    back = form.get("back", "/")
    was_locked = console.locked
    try:
        await anyio.to_thread.run_sync(console.unlock, passphrase)
    except TooManyGuesses as error:
        return _unlock_page(request, console, back, wrong=said_by(error), status=429)
    except ConsoleError as error:
        return _unlock_page(request, console, back, wrong=said_by(error), status=403)
    finally:
        passphrase.wipe()
    if was_locked:
        console.ask_for_sync()
    request.app.state.idle.begin()
    console.end_duty()
    return _signed_in(console, console.access.begin(), back)


@router.post("/awake", dependencies=[Depends(our_call)])
def awake(request: Request) -> Response:
    """Note that keys or pointer were used, as the page's script tells."""
    request.app.state.idle.touch()
    return Response(status_code=204)


@router.post("/lock")
async def lock(console: TheConsole, form: OurForm) -> Response:
    """Close the vault; every browser must give the passphrase again, and goes on where it was."""
    await console.lock(by_hand=True)
    back = form.get("back", "")
    where = "?" + urlencode({"back": back}) if is_path(back) and back != "/" else ""
    answer = RedirectResponse(f"/unlock{where}", status_code=303)
    # The next call is for whoever listens then.
    answer.headers["connection"] = "close"
    answer.delete_cookie(
        console.access.cookie, path=console.access.root, httponly=True, samesite="strict"
    )
    return answer


@router.post("/theme")
def theme(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Remember light, dark or the system's choice: in the vault, and in a cookie for the login."""
    chosen = next((one for one in THEMES if one == form.get("theme", "system")), None)
    answer = RedirectResponse(_where_it_was(request), status_code=303)
    if chosen is not None:
        with vault.write() as tx:
            settings.store(tx, Theme(chosen))
        _show_theme(answer, console, chosen)
    return answer


def _unlock_page(
    request: Request,
    console: Console,
    back: str,
    *,
    wrong: str | None = None,
    used_link: bool = False,
    status: int = 200,
) -> Response:
    """Return the page that asks for the passphrase; ``back`` is where it leads to."""
    values: dict[str, Any] = {"wrong": wrong, "used_link": used_link, "locked": console.locked}
    values |= {"duty": console.duty, "left": console.left}
    values["back"] = back if is_path(back) else "/"
    return page(request, "unlock.html", values, status=status)


def _signed_in(console: Console, cookie: str, back: str) -> Response:
    to = back if is_path(back) and back != "/" else console.landing
    answer = RedirectResponse(to, status_code=303)
    if not console.locked:
        with console.vault.read() as tx:
            chosen = settings.load(tx, Theme).chosen
        if chosen:
            _show_theme(answer, console, chosen)
    answer.set_cookie(
        console.access.cookie, cookie, path=console.access.root, httponly=True, samesite="strict"
    )
    return answer


def _show_theme(answer: Response, console: Console, chosen: str) -> None:
    answer.set_cookie(THEME_COOKIE, chosen, path=console.access.root, samesite="strict")


def _where_it_was(request: Request) -> str:
    """Return where the form was, if that is a page of ours; the list otherwise."""
    referrer, base = request.headers.get("referer", ""), str(request.base_url)
    return "/" + referrer.removeprefix(base) if referrer.startswith(base) else "/"
