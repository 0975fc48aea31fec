"""Whether the next case opens by itself once one is closed, handed over or given away."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.console.web.addresses import is_path
from app.console.web.requests import OurForm, TheVault

router = APIRouter()


@dataclass(frozen=True, slots=True)
class AutoAdvance(Setting):
    """On until somebody switches it off; of this vault, not of a browser."""

    NAME = "auto_advance"
    on: bool = True


@router.post("/advance")
def switch(vault: TheVault, form: OurForm) -> Response:
    """Switch it on ("yes") or off, and go back to where that was done."""
    with vault.write() as tx:
        settings.store(tx, AutoAdvance(form.get("on") == "yes"))
    back = form.get("back", "/")
    return RedirectResponse(back if is_path(back) else "/", status_code=303)
