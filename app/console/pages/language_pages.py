"""In which language the console is read: chosen by the person whose vault it is."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.vault.installation import settings
from app.console.web.reader_languages import Languages, OwnLanguage
from app.console.web.requests import OurForm, TheConsole, TheVault

router = APIRouter()


@router.post("/language")
def choose(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Keep a language that is offered; empty follows the browser. Any other changes nothing."""
    languages: Languages = request.app.state.languages
    tag = form.get("language", "")
    if not tag or languages.find(tag) is not None:
        with vault.write() as tx:
            settings.store(tx, OwnLanguage(tag))
        console.language = tag
    return RedirectResponse("/machine#language", status_code=303)
