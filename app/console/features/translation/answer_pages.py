"""An answer translated and back again, compared by its writer before it may become the draft.

What goes to the reporter is a draft like any other afterwards; nothing is sent from here. What
differs must be ticked, each by itself.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.errors import ConsoleError
from app.console.features.translation import differences, model_files
from app.console.features.translation.differences import Difference
from app.console.features.translation.model_routes import route
from app.console.features.translation.storage import kept_models
from app.console.features.translation.storage.kept_models import Reading, StoredModel
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.records import drafts
from app.console.vault.records.drafts import Draft
from app.console.viewer.language_engine import CHARACTERS_MOST
from app.console.web.addresses import back_to_case
from app.console.web.render import page
from app.console.web.requests import OurFields, OurForm, TheConsole, TheVault, the_case
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter(prefix="/cases/{id_}/look-back")

_ANOTHER = say(
    "Not translated: another window of this case has saved another draft. Copy what you wrote, "
    "then load the page again."
)


@router.post("")
async def look_back(
    request: Request, console: TheConsole, vault: TheVault, form: OurForm, id_: str
) -> Response:
    """Translate what was typed into the answer's language, and back; show both."""
    text, lang = form.get("text", "").replace("\r\n", "\n").strip(), form.get("lang", "")
    if not text:
        raise ConsoleError(
            say("Write the answer first, in your own language. Nothing was translated.")
        )
    if len(text) > CHARACTERS_MOST // 4:
        raise ConsoleError(say("This answer is too long to be translated at once. Divide it."))
    shows = console.open_pages.shows_the_draft(
        id_, form.get("page", ""), form.get("drafted-by", "")
    )
    draft = Draft(text, form.get("desk", ""), lang)
    keep = partial(_keep, console, vault, id_, draft, shows=shows)
    own = await anyio.to_thread.run_sync(keep)
    there, back = await anyio.to_thread.run_sync(partial(_routes, vault, own, lang))
    if not there or not back:
        raise ConsoleError(
            say(
                "No models lead from {language} to {other} and back. What you wrote is "
                "saved as a draft. The page Translation says what is here.",
                language=wording.language(own),
                other=wording.language(wording.primary(lang)),
            )
        )
    said = await _through(console, vault, there, text)
    came_back = await _through(console, vault, back, said)
    values = {
        "written": text,
        "said": said,
        "came_back": came_back,
        "lang": lang,
        "desk": form.get("desk", ""),
    }
    return await anyio.to_thread.run_sync(
        partial(_shown, request, console, vault, id_, own, values)
    )


@router.post("/use")
def use(
    request: Request, console: TheConsole, vault: TheVault, fields: OurFields, id_: str
) -> Response:
    """Make the translation the answer's draft, once every difference was ticked."""
    values = {
        name: fields.get(name, [""])[-1].replace("\r\n", "\n")
        for name in ("written", "said", "came_back", "lang", "desk")
    }
    with vault.read() as tx:
        the_case(tx, id_)
        own = settings.load(tx, Reading).target or "en"
    found = differences.find(values["written"], values["came_back"], own)
    if {one.name for one in found} - set(fields.get("seen", [])):
        problem = say("Confirm each difference first: that you have looked at it.")
        return _shown(request, console, vault, id_, own, values, problem)
    with vault.write() as tx:
        before = drafts.find(tx, id_)
        if before is not None and before.text not in (values["written"], values["said"]):
            raise ConsoleError(_ANOTHER)
        kept = Draft(values["said"], values["desk"], values["lang"])
        drafts.store(tx, id_, kept, console.now())
    return back_to_case(id_, "#reply")


def _keep(console: Console, vault: Vault, id_: str, draft: Draft, *, shows: bool) -> str:
    """Keep what was typed, and return the language that the desk writes in."""
    with vault.write() as tx:
        the_case(tx, id_)
        before = drafts.find(tx, id_)
        if before is not None and before.text != draft.text and not shows:
            raise ConsoleError(_ANOTHER)
        drafts.store(tx, id_, draft, console.now())
        return settings.load(tx, Reading).target or "en"


def _routes(vault: Vault, own: str, lang: str) -> tuple[list[StoredModel], list[StoredModel]]:
    with vault.read() as tx:
        models = kept_models.all_models(tx)
    return route(models, own, lang), route(models, lang, own)


async def _through(console: Console, vault: Vault, models: Sequence[StoredModel], text: str) -> str:
    loads = [partial(model_files.load, vault.folder, one) for one in models]
    (said,) = await console.viewing.translated(loads, [text], hide=vault.folder)
    return said.strip()


def _shown(
    request: Request,
    console: Console,
    vault: Vault,
    id_: str,
    own: str,
    values: dict[str, str],
    problem: str = "",
) -> Response:
    with vault.read() as tx:
        changed = revision(tx)
    shown: dict[str, Any] = {
        **values,
        "case": id_,
        "own": own,
        "language": wording.language(values["lang"]),
        "differences": [_view(one) for one in _differences(values, own)],
        "has_list": own in differences.languages(),
        "problem": problem,
        "here": "/",
        "line_name": trusted_line.load(vault).owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "translation/look-back.html", shown)


def _differences(values: dict[str, str], own: str) -> list[Difference]:
    return differences.find(values["written"], values["came_back"], own)


def _view(one: Difference) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "written": one.written,
        "came_back": one.came_back,
        "lost": ", ".join(filter(None, one.lost)),
        "added": ", ".join(filter(None, one.added)),
    }
