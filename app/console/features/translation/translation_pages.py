"""The page of translation: which models are here, into which language is translated."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.features.translation import known_models, model_files
from app.console.features.translation.storage import kept_models
from app.console.features.translation.storage.kept_models import Reading
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.search import translated_texts
from app.console.viewer import language_engine
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter(prefix="/translation")


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the models, and how others are brought."""
    return page(request, "translation/translation.html", _values(console, vault))


@router.post("")
def choose(vault: TheVault, form: OurForm) -> Response:
    """Choose the language that what comes is translated into; empty for none."""
    target = form.get("target", "")
    if target and not wording.is_language(target):
        raise ConsoleError(say("That language is not known here. Nothing was changed."))
    with vault.write() as tx:
        settings.store(tx, Reading(target))
        translated_texts.try_again(tx)
    return RedirectResponse("/translation", status_code=303)


def _values(console: Console, vault: Vault) -> dict[str, Any]:
    with vault.read() as tx:
        changed, models = revision(tx), kept_models.all_models(tx)
        target = settings.load(tx, Reading).target
    return {
        "models": [
            {
                "source": wording.language(one.source),
                "target": wording.language(one.target),
                "licence": one.licence,
                "known": known_models.find(one.files[model_files.MODEL]),
                "whole": model_files.is_whole(vault.folder, one),
            }
            for one in models
        ],
        "target": target,
        "languages": [(tag, wording.language(tag)) for tag in wording.spoken_tags()],
        "installed": language_engine.is_installed(),
        "how_to_install": language_engine.how_to_install(),
        "sandbox": console.viewing.machine.bwrap is not None,
        "here": "/machine",
        "line_name": trusted_line.load(vault).owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
